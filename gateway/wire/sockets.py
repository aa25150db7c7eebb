"""Connections whose time-outs hold for a whole exchange, and not for each byte."""

import math
import ssl
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import httpcore

from gateway.wire.trust import is_turned_away

_PIECE = 64 * 1024


class Deadline(threading.local):
    """When the exchange of this thread must have ended, by the monotonic clock."""

    at: float = math.inf

    def left_s(self, timeout: float | None, late: type[Exception]) -> float:
        """Tell the seconds that the next step may take; raises `late` when there are none."""
        left = self.at - time.monotonic()
        if left <= 0:
            raise late("the exchange took too long")
        return left if timeout is None else min(left, timeout)


class TimedSockets(httpcore.NetworkBackend):
    """Connects, and gives connections whose every step ends by the deadline."""

    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,  # the tuples of socket.setsockopt
    ) -> httpcore.NetworkStream:
        left = self._deadline.left_s(timeout, httpcore.ConnectTimeout)
        stream = self._sockets.connect_tcp(host, port, left, local_address, socket_options)
        return _TimedStream(stream, self._deadline)


class _TimedStream(httpcore.NetworkStream):
    """
    A connection whose steps end in time.

    What is written goes out when there is much of it, or when the answer is asked for: a small
    request is one packet, and one wait for the interpreter, instead of two.
    """

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline
        self._unsent = b""

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        # A system that hangs up on the way may have said why; httpcore reads on too.
        with suppress(httpcore.WriteError):
            self._send_all(timeout)
        left = self._deadline.left_s(timeout, httpcore.ReadTimeout)
        try:
            return self._stream.read(max_bytes, left)
        except httpcore.ReadError as error:
            if is_turned_away(error.__cause__):
                raise httpcore.ConnectError(str(error)) from error.__cause__
            raise

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._unsent += buffer
        if len(self._unsent) >= _PIECE:
            self._send_all(timeout)

    def _send_all(self, timeout: float | None) -> None:
        unsent, self._unsent = self._unsent, b""
        # In pieces, since the clock is looked at between them.
        for start in range(0, len(unsent), _PIECE):
            left = self._deadline.left_s(timeout, httpcore.WriteTimeout)
            self._stream.write(unsent[start : start + _PIECE], left)

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        left = self._deadline.left_s(timeout, httpcore.ConnectTimeout)
        stream = self._stream.start_tls(ssl_context, server_hostname, left)
        return _TimedStream(stream, self._deadline)

    def get_extra_info(self, info: str) -> Any:  # whatever the socket tells
        return self._stream.get_extra_info(info)
