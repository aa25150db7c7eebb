"""
An external case system with moods, as a process: `python system.py PORT LEDGER SEED`.

It recognises repeats by the header webhook-id, also after it was killed: what it has taken stands
in LEDGER before it answers, one line for each new message. Now and then it answers late, not at
all, with nonsense, with 500 though it took the case, or with 503 before it took anything.
"""

import json
import random
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

# How often each happens, of a hundred calls.
MOODS = (("busy", 5), ("error", 3), ("nonsense", 2), ("late", 2), ("mute", 1), ("well", 87))
# Longer than the gateway waits.
FOR_EVER_S = 10.0
LATE_S = 0.7


class Ledger:
    """What it has taken, on disk."""

    def __init__(self, path: Path) -> None:
        lines = path.read_text().splitlines() if path.exists() else []
        self._known = {line.split()[0] for line in lines}
        self._file = path.open("a")
        self._lock = threading.Lock()

    def take(self, message_id: str, event: str, case_number: str) -> None:
        """Write a message down, unless it is there."""
        with self._lock:
            if message_id not in self._known:
                self._known.add(message_id)
                self._file.write(f"{message_id} {event} {case_number}\n")
                self._file.flush()


def handler(ledger: Ledger, luck: random.Random) -> type[BaseHTTPRequestHandler]:
    """Make what answers each request."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Head and body in one packet: two of them would wait for each other.
        wbufsize = -1

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            names, shares = zip(*MOODS, strict=True)
            mood = luck.choices(names, shares)[0]
            if mood == "busy":
                self._answer(503, b"")
                return
            told = json.loads(body)
            ledger.take(self.headers["webhook-id"], told["caseEvent"], told["caseNumber"])
            if mood == "mute":
                time.sleep(FOR_EVER_S)
                self.close_connection = True
                return
            if mood == "late":
                time.sleep(LATE_S)
            status = 500 if mood == "error" else 200
            self._answer(status, b"<html>" if mood == "nonsense" else b"{}")

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            self.wfile.flush()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler


if __name__ == "__main__":
    port, place, seed = sys.argv[1:]
    answering = handler(Ledger(Path(place)), random.Random(int(seed)))
    ThreadingHTTPServer.daemon_threads = True
    ThreadingHTTPServer(("127.0.0.1", int(port)), answering).serve_forever()
