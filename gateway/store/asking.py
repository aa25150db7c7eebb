"""Questions over a socket that are answered in their order, from whichever event loop asks."""

import asyncio
import socket
from collections import deque
from collections.abc import Callable

# It may be the loop that stood still, and then the answer is there already.
_ONCE_MORE_S = 0.1


class Asking:
    """
    One side of a socket, whose other side answers every question with one line of text.

    The next question may be sent before the last one is answered, so that the other side never
    waits for us. All that are waited for at a time are of one loop.
    """

    def __init__(
        self, own: socket.socket, longest_s: float, on_silence: Callable[[], None]
    ) -> None:
        """
        Take a socket, which must not block when the first thing is asked.

        `on_silence` is called when an answer took longer than `longest_s` (seconds) since the one
        before it, and must make the other side hang up.
        """
        self.is_over = False
        self._socket = own
        self._longest_s = longest_s
        self._on_silence = on_silence
        self._unsent = b""
        self._heard = b""
        self._waiting: deque[asyncio.Future[str | None]] = deque()
        self._patience: asyncio.TimerHandle | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def ask(self, question: bytes) -> str | None:
        """Ask, and give the answer; None when the other side has hung up instead."""
        if self.is_over:
            return None
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[str | None] = loop.create_future()
        self._waiting.append(answer)
        if loop is not self._loop:
            self._loop = loop
            loop.add_reader(self._socket, self._hear, loop)
            self._be_patient(loop)
        sends_already = bool(self._unsent)
        self._unsent += question
        if not sends_already:
            self._send(loop)
        return await answer

    def _send(self, loop: asyncio.AbstractEventLoop) -> None:
        try:
            self._unsent = self._unsent[self._socket.send(self._unsent) :]
        except BlockingIOError:
            pass
        except OSError:  # what was answered before may lie there
            self._hear(loop)
            return
        if self._unsent:
            loop.add_writer(self._socket, self._send, loop)
        else:
            loop.remove_writer(self._socket)

    def _hear(self, loop: asyncio.AbstractEventLoop) -> None:
        # Until there is nothing more: libuv tells of a broken socket once, and never again.
        hung_up = False
        try:
            while came := self._socket.recv(1024):
                self._heard += came
            hung_up = True
        except BlockingIOError:
            pass
        except OSError:
            hung_up = True
        self._answer(loop)
        if hung_up:
            self._end(loop)

    def _answer(self, loop: asyncio.AbstractEventLoop) -> None:
        *lines, self._heard = self._heard.split(b"\n")
        for line in lines:
            _tell(self._waiting.popleft(), line.decode())
        if not self._waiting:
            self._rest(loop)
        elif lines:
            self._be_patient(loop)

    def _be_patient(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._patience is not None:
            self._patience.cancel()
        first = self._waiting[0]
        self._patience = loop.call_later(
            self._longest_s, loop.call_later, _ONCE_MORE_S, self._give_up, first
        )

    def _give_up(self, first: asyncio.Future[str | None]) -> None:
        if self._waiting and self._waiting[0] is first:
            self._on_silence()

    def _rest(self, loop: asyncio.AbstractEventLoop) -> None:
        """Leave the loop alone, until something is asked."""
        self._loop = None
        loop.remove_reader(self._socket)
        if self._patience is not None:
            self._patience.cancel()

    def _end(self, loop: asyncio.AbstractEventLoop) -> None:
        self.is_over = True
        loop.remove_writer(self._socket)
        self._rest(loop)
        while self._waiting:
            _tell(self._waiting.popleft(), None)


def _tell(waiting: asyncio.Future[str | None], answer: str | None) -> None:
    # What was given up is answered all the same; nobody else may take that for the own answer.
    if not waiting.done():
        waiting.set_result(answer)
