"""A clamd for tests: speaks its protocol over TCP, and finds the EICAR test file."""

import socketserver
import struct
import threading

# Put together here, so that no scanner takes this very file for it.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}" + b"$EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$H+H*"
SIGNATURE = "Eicar-Test-Signature"


class FakeClamd:
    """Listens on a free port until it is closed; `largest` is what a stream may hold, in bytes."""

    def __init__(self, largest: int = 1024 * 1024) -> None:
        """Begin to listen."""
        self.streams: list[bytes] = []
        self._server = _Server(("127.0.0.1", 0), _Conversation)
        self._server.fake, self._server.largest = self, largest
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    @property
    def address(self) -> str:
        """Where it listens."""
        host, port = self._server.server_address[:2]
        return f"{host!s}:{port}"

    def close(self) -> None:
        """Listen no more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    fake: FakeClamd
    largest: int


class _Conversation(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        command = self._command()
        if command == b"zPING":
            self.wfile.write(b"PONG\0")
        elif command == b"zINSTREAM":
            self.wfile.write(self._looked_at() + b"\0")
        else:
            self.wfile.write(b"UNKNOWN COMMAND\0")

    def _command(self) -> bytes:
        said = b""
        while len(said) < 64 and not said.endswith(b"\0"):
            part = self.rfile.read(1)
            if not part:
                break
            said += part
        return said.rstrip(b"\0")

    def _looked_at(self) -> bytes:
        stream = b""
        while size := self._size():
            stream += self.rfile.read(size)
            if len(stream) > self.server.largest:
                return b"INSTREAM size limit exceeded. ERROR"
        self.server.fake.streams.append(stream)
        found = EICAR in stream
        return f"stream: {SIGNATURE} FOUND".encode() if found else b"stream: OK"

    def _size(self) -> int:
        head = self.rfile.read(4)
        return int(struct.unpack("!L", head)[0]) if len(head) == 4 else 0
