"""What faces outwards in a stand-in case system: its HTTP server and its command line."""

import argparse
import json
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from email.message import Message as Headers
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from gateway.demo.desk import Desk, Posted, Reply, keep_answering
from gateway.demo.phone import Register, calls, register_all
from gateway.demo.record import Record, lines

# Växel's own HSA-id where nobody has set another.
_GATEWAY = "SE5560000000-VAXEL"
_LARGEST = 50 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer."""

    status: int
    body: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Given:
    """What the command line says."""

    port: int
    gateway_url: str
    hsa_id: str
    gateway_hsa_id: str = _GATEWAY
    log: Path | None = None
    fail_first_seconds: float = 0.0
    repeat_replies: bool = False
    calls_to: str | None = None
    day: date | None = None

    def desk(self) -> Desk:
        """Open the desk, where it was when there is a notebook."""
        if self.log is None:
            return Desk(self.hsa_id)
        return Desk(self.hsa_id, Record(self.log), lines(self.log))


def given(program: str, description: str) -> Given:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog=f"python -m {program}", description=description)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--gateway-url", required=True)
    parser.add_argument("--gateway-hsa-id", default=_GATEWAY)
    parser.add_argument("--hsa-id", required=True, help="the system's own")
    parser.add_argument("--log", type=Path, help="notebook to go on from after a restart")
    parser.add_argument("--fail-first-seconds", type=float, default=0.0, metavar="N")
    parser.add_argument("--repeat-replies", action="store_true")
    parser.add_argument("--calls-to", metavar="UNIT", help="register what it was told by phone")
    parser.add_argument("--day", type=date.fromisoformat, help="the day of the calls")
    return Given(**vars(parser.parse_args()))


@dataclass(frozen=True, slots=True)
class Dialect:
    """
    How a system speaks: `take` answers a call, `busy` says not now.

    `post` sends a reply and `register` a case, both from one thread.
    """

    take: Callable[[Headers, bytes], Answer]
    busy: Callable[[], Answer]
    post: Callable[[Reply], Posted]
    register: Register


def run(given: Given, desk: Desk, dialect: Dialect) -> None:
    """Take cases and answer them until the process is stopped."""
    threading.Thread(target=_speak, args=(given, desk, dialect), daemon=True).start()
    server(given, desk, dialect).serve_forever()


def server(given: Given, desk: Desk, dialect: Dialect) -> ThreadingHTTPServer:
    """Open the server; it can be told to be busy for some seconds from the first message."""
    first: list[float] = []

    class Handler(_Handler):
        def answer(self, body: bytes) -> Answer:
            first.append(time.monotonic())
            if first[-1] < first[0] + given.fail_first_seconds:
                return dialect.busy()
            return dialect.take(self.headers, body)

        def account(self) -> dict[str, object]:
            return desk.account()

    return ThreadingHTTPServer(("127.0.0.1", given.port), Handler)


def as_json(status: int, told: dict[str, object]) -> Answer:
    """Make an answer of JSON."""
    return Answer(status, json.dumps(told).encode(), "application/json")


def _speak(given: Given, desk: Desk, dialect: Dialect) -> None:
    if given.calls_to and given.day:
        register_all(desk, calls(given.calls_to, given.day), dialect.register)
    keep_answering(desk, dialect.post, repeat=given.repeat_replies)


class _Handler(BaseHTTPRequestHandler, ABC):
    protocol_version = "HTTP/1.1"
    timeout = 60
    wbufsize = 65536  # one packet for an answer; two wait for each other

    @abstractmethod
    def answer(self, body: bytes) -> Answer:
        """Answer what was posted."""

    @abstractmethod
    def account(self) -> dict[str, object]:
        """Tell what was received and said."""

    def do_GET(self) -> None:
        self._send(as_json(200, self.account()))

    def do_POST(self) -> None:
        length = self.headers["Content-Length"] or ""
        if not length.isdigit() or int(length) > _LARGEST:
            self.close_connection = True
            self._send(as_json(413, {"detail": "say how long it is, and be shorter"}))
            return
        self._send(self.answer(self.rfile.read(int(length))))

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: what comes here is personal."""

    def _send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.media_type)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)
