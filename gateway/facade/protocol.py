"""HTTP/1.1 as uvicorn speaks it, with limits on heads and silence, and telling what TLS knows."""

import asyncio
import re
import ssl
from enum import Enum, auto

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from gateway.facade.joined import Joined

# Far above what proxies and certificates need, in bytes.
LARGEST_HEAD = 64 * 1024
# Sizes of chunks, and what stands between them, for each byte of a body: one that comes in chunks
# of a single byte has six.
LARGEST_FRAMING = 8
# A refusal comes before the whole request; this is left to hear it, in seconds.
LINGER_S = 5.0
# How long a client may take to say good-bye over TLS when we stop, in seconds.
GOODBYE_S = 0.5
_UPGRADE = re.compile(rb"(?<=\n)upgrade(?=[ \t]*:)", re.IGNORECASE)


class _Part(Enum):
    """Where in a request the last byte stood."""

    BETWEEN = auto()
    HEAD = auto()
    REST = auto()


class BoundedHead(HttpToolsProtocol):
    """
    Hangs up on a head, or on trailers, that do not end; speaks no other protocol.

    The parser has no limit of its own, and keeps all that it got: anybody who can connect could
    fill the memory. A wish to go on in another protocol may be left unheard (RFC 9110 §7.8), and
    must be: the parser would drop the body that comes with it.

    Hangs up on silence too: the first byte, a whole head from its first byte on, and each next
    part of a body have `PATIENCE_S` seconds. Between requests the time-out of uvicorn rules. And
    on whoever takes nothing of an answer in that time: it would lie in memory for ever.
    """

    PATIENCE_S = 20.0
    _joined: Joined
    _part = _Part.BETWEEN
    _requests = 0
    _head = 0
    _body = 0
    _beside = 0
    _heard = 0.0
    _since = 0.0
    _unsent: int | None = None
    _watch: asyncio.TimerHandle | None = None
    _extensions: dict[str, dict[object, object]] | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        """Remember who is there, which TLS has verified and uvicorn does not tell."""
        self._joined = Joined(transport, self.loop)
        super().connection_made(self._joined)
        tls = transport.get_extra_info("ssl_object")
        if tls is not None:
            self._extensions = {"tls": _told_by(tls)}
        self._since = self.loop.time()
        self._watch_for(self.PATIENCE_S)

    def eof_received(self) -> None:
        """Send what is answered already to a client that says no more: the wire closes now."""
        self._joined.hand_on()
        super().eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        """Watch no more."""
        if self._watch is not None:
            self._watch.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what came, and hang up when too much of it is no body."""
        self._heard = self.loop.time()
        if self._part is not _Part.REST:
            data = _without_upgrade(data)
        requests = self._requests
        super().data_received(data)
        if self._part is _Part.HEAD:
            self._head += len(data)
        elif self._part is _Part.REST and self._requests == requests:
            # Not where it began: how much of that was its head is not known, and is not much.
            self._beside += len(data)
        allowed = LARGEST_HEAD + LARGEST_FRAMING * self._body
        if self._head > LARGEST_HEAD or self._beside > allowed:
            self.transport.abort()

    def on_response_complete(self) -> None:
        """Give whoever was answered before all was read some time to end, and then hang up."""
        super().on_response_complete()
        if self._part is _Part.REST:
            self.loop.call_later(LINGER_S, self._hang_up, self._requests)

    def _hang_up(self, request: int) -> None:
        if self._part is _Part.REST and self._requests == request:
            self.transport.abort()

    def pause_writing(self) -> None:
        """Look at once how much the client has left to take, and again after a while."""
        super().pause_writing()
        self._takes_nothing()
        self._watch_for(self.PATIENCE_S)

    def resume_writing(self) -> None:
        """Begin anew: what is written now is more than lay there before."""
        super().resume_writing()
        self._unsent = None

    def _takes_nothing(self) -> bool:
        """Tell whether as much of an answer lies here as when we looked before."""
        if not (self.flow.write_paused or self.transport.is_closing()):
            return False
        before, self._unsent = self._unsent, self.transport.get_write_buffer_size()
        return before is not None and 0 < before <= self._unsent

    def _watch_for(self, seconds: float) -> None:
        if self._watch is not None:
            self._watch.cancel()
        self._watch = self.loop.call_later(seconds, self._look)

    def _look(self) -> None:
        now = self.loop.time()
        if self._takes_nothing():
            self.transport.abort()
            return
        if self._waits_for_us():
            self._since = now
        # Of a head, and of empty lines before one, each byte may be followed by another for ever.
        last = max(self._since, self._heard) if self._part is _Part.REST else self._since
        left = last + self.PATIENCE_S - now
        if left <= 0:
            self.transport.abort()
        else:
            self._watch_for(left)

    def _waits_for_us(self) -> bool:
        """Tell whether the client has nothing to send now, or no more than uvicorn watches."""
        cycle = self.cycle
        if cycle is None or self.transport.is_closing():
            return cycle is not None
        if cycle.response_complete:
            return self.timeout_keep_alive_task is not None
        if self._part is not _Part.REST or cycle.response_started or self.pipeline:
            return True
        # It is not to send its body yet, or we do not take it from the socket.
        return cycle.waiting_for_100_continue or self.flow.read_paused

    def shutdown(self) -> None:
        """Stop, without waiting for the good-bye of those who have all that is theirs."""
        super().shutdown()
        if self._extensions is not None and self.transport.is_closing():
            self.loop.call_later(GOODBYE_S, self._leave)

    def _leave(self) -> None:
        if not self.transport.get_write_buffer_size():
            self.transport.abort()

    def on_message_begin(self) -> None:
        """Begin to count."""
        self._part = _Part.HEAD
        self._since = self._heard
        self._requests += 1
        self._head = self._body = self._beside = 0
        super().on_message_begin()
        if self._extensions is not None:
            self.scope["extensions"] = self._extensions

    def on_headers_complete(self) -> None:
        """Stop counting the head: the body has its own limit."""
        self._part = _Part.REST
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Leave the body out of what is counted."""
        self._body += len(body)
        self._beside -= len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Wait for the next request."""
        self._part = _Part.BETWEEN
        super().on_message_complete()


def _told_by(tls: ssl.SSLObject) -> dict[object, object]:
    """Say it as the TLS extension of ASGI does; None is what nobody here needs to know."""
    certificate = tls.getpeercert(binary_form=True)
    chain = (ssl.DER_cert_to_PEM_cert(certificate),) if certificate else ()
    names = ("server_cert", "client_cert_name", "client_cert_error", "tls_version", "cipher_suite")
    return {"client_cert_chain": chain, **dict.fromkeys(names)}


def _without_upgrade(data: bytes) -> bytes:
    # Only in the head: a body may have such a line in its text. Empty lines may stand before it
    # (RFC 9112 §2.2). Of requests that come together only the first is heard to have no wish.
    begins = len(data) - len(data.lstrip(b"\r\n"))
    head = data[: data.find(b"\r\n\r\n", begins) + 1] or data
    return _UPGRADE.sub(b"ignored", head) + data[len(head) :]
