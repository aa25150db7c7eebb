"""Ask clamd whether a file is clean, while it passes: its own INSTREAM protocol (DOMAIN D4)."""

import socket
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import structlog

from gateway.domain.errors import FilesAway
from gateway.scanner.silence import REST_S, Silence

log = structlog.get_logger()

# Until somebody answers, and until the next part of a file is taken, in seconds.
CONNECT_S = 3.0
SEND_S = 10.0
# An archive full of archives takes a while, once all of it has been sent.
ANSWER_S = 30.0
# Who asks after a silence knows before the next one would ask.
_PROBE_S = REST_S / 2
# Of what is said about one file, in bytes.
LONGEST_ANSWER = 4096
_PART = 256 * 1024


@dataclass(frozen=True, slots=True)
class Clamd:
    """
    A clamd at `address`: the path of its socket, or its host and port.

    Once it did not answer in time, nobody waits for it before it has answered a PING again.
    """

    address: str
    _silence: Silence = field(default_factory=Silence, repr=False, compare=False)

    @contextmanager
    def begin(self) -> Iterator["_Stream"]:
        """Begin with a file; raises FilesAway when nobody answers, or breaks off."""
        if not self._silence.is_over(self._answers):
            raise _away("it did not answer a moment ago")
        try:
            with self._connected() as connection:
                connection.sendall(b"zINSTREAM\0")
                yield _Stream(connection)
        except OSError as error:
            if isinstance(error, TimeoutError):
                self._silence.begin()
            raise _away(_reason(error)) from None

    def trouble(self) -> str | None:
        """Tell why no file could be looked at now; None when all is well."""
        return self._trouble(SEND_S)

    def _answers(self) -> bool:
        return self._trouble(_PROBE_S) is None

    def _trouble(self, within_s: float) -> str | None:
        try:
            with self._connected() as connection:
                connection.sendall(b"zPING\0")
                said = _answer(connection, within_s)
        except OSError as error:
            return _reason(error)
        return None if said == "PONG" else "what is there is no clamd"

    def _connected(self) -> socket.socket:
        if not self.address.startswith("/"):
            host, _, port = self.address.rpartition(":")
            connection = socket.create_connection((host.strip("[]"), int(port)), CONNECT_S)
        else:
            connection = socket.socket(socket.AF_UNIX)
            connection.settimeout(CONNECT_S)
            with _closed_on_failure(connection):
                connection.connect(self.address)
        connection.settimeout(SEND_S)
        return connection


@dataclass(slots=True)
class _Stream:
    connection: socket.socket
    hung_up: bool = False

    def see(self, part: bytes) -> None:
        """Let the next part be looked at."""
        for start in range(0, len(part), _PART):
            piece = part[start : start + _PART]
            self._send(struct.pack("!L", len(piece)) + piece)

    def found(self) -> str | None:
        """Tell the name of what was found; None when the file is clean."""
        self._send(struct.pack("!L", 0))
        said = _answer(self.connection, ANSWER_S).removeprefix("stream: ")
        if said == "OK":
            return None
        name, ends, _ = said.rpartition(" FOUND")
        if not ends:
            # Most likely a limit of its own: all that it says is about the stream.
            raise _away(said or "it hung up")
        log.warning("malware.found", signature=name)
        return name

    def _send(self, piece: bytes) -> None:
        # Who has seen enough says so and hangs up: what it said is read at the end.
        if not self.hung_up:
            try:
                self.connection.sendall(piece)
            except (BrokenPipeError, ConnectionResetError):
                self.hung_up = True


@contextmanager
def _closed_on_failure(connection: socket.socket) -> Iterator[None]:
    try:
        yield
    except OSError:
        connection.close()
        raise


def _answer(connection: socket.socket, within_s: float) -> str:
    """Read what is said until it ends; empty when nothing is."""
    until, said = time.monotonic() + within_s, b""
    while b"\0" not in said and len(said) < LONGEST_ANSWER:
        connection.settimeout(max(until - time.monotonic(), 0.001))
        part = b""
        with suppress(ConnectionResetError):
            part = connection.recv(LONGEST_ANSWER)
        if not part:
            break
        said += part
    return said.partition(b"\0")[0].decode("ascii", "replace").strip()


def _reason(error: OSError) -> str:
    return "it does not answer in time" if isinstance(error, TimeoutError) else str(error)


def _away(reason: str) -> FilesAway:
    log.warning("malware.not_looked_for", reason=reason)
    return FilesAway("files cannot be checked for malware now; send the message again later", 60)
