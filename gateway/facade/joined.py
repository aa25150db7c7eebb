"""What is written to a connection within one round of the event loop, sent in one go."""

import asyncio
from collections.abc import Iterable
from typing import Any

# More than this is not gathered: the transport must know of it, to slow down who writes (bytes).
MOST_GATHERED = 64 * 1024


class Joined(asyncio.Transport):
    """
    A transport that gathers what is written, and hands it on in the next round of the loop.

    The head of an answer and its body are written one after the other. Sent apart they are two
    calls of the system, each of which wakes whoever waits for the answer.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        """Stand before another transport."""
        super().__init__()
        self._transport = transport
        self._loop = loop
        self._parts: list[bytes] = []
        self._size = 0

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Gather; what is large goes at once."""
        if not self._parts:
            self._loop.call_soon(self.hand_on)
        self._parts.append(bytes(data))
        self._size += len(data)
        if self._size > MOST_GATHERED:
            self.hand_on()

    def writelines(self, list_of_data: Iterable[bytes | bytearray | memoryview]) -> None:
        """Gather all of them."""
        self.write(b"".join(list_of_data))

    def hand_on(self) -> None:
        """Give what was gathered to the transport, unless it closes."""
        parts, self._parts, self._size = self._parts, [], 0
        if parts and not self._transport.is_closing():
            self._transport.write(b"".join(parts))

    def get_write_buffer_size(self) -> int:
        """Count what has not been sent yet, here and there."""
        return self._size + self._transport.get_write_buffer_size()

    def close(self) -> None:
        """Close when all that was written has been sent."""
        self.hand_on()
        self._transport.close()

    def abort(self) -> None:
        """Close now, and send nothing more."""
        self._parts, self._size = [], 0
        self._transport.abort()

    def is_closing(self) -> bool:
        """Tell whether it closes."""
        return self._transport.is_closing()

    def get_extra_info(self, name: str, default: Any = None) -> Any:  # as asyncio has it
        """Tell what is known of the connection."""
        return self._transport.get_extra_info(name, default)

    def pause_reading(self) -> None:
        """Take nothing from the socket."""
        self._transport.pause_reading()

    def resume_reading(self) -> None:
        """Take again."""
        self._transport.resume_reading()
