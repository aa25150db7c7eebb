"""Somewhere for alerts to go: a webhook receiver and a mail server on this machine."""

import socketserver
import threading
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from typing import Any

import pytest
import structlog

from gateway.alerts import bringer, channels


class Hook:
    """A webhook receiver: keeps what comes, and answers with these statuses, then with 204."""

    def __init__(self):
        self.got: Queue[tuple[dict[str, str], bytes]] = Queue()
        self.statuses: list[int] = []
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                hook.got.put((dict(self.headers), body))
                self.send_response(hook.statuses.pop(0) if hook.statuses else 204)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/alerts"


class Post:
    """
    A mail server: keeps what comes, and says `bye` at the end; has no TLS.

    An address gets what it `refuses` it, one answer after another, and then is taken.
    """

    def __init__(self):
        self.got: Queue[EmailMessage] = Queue()
        self.refuses: dict[bytes, list[bytes]] = {}
        self.bye = b"221 bye"
        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _smtp(self))
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]


def _smtp(post):
    answers = {b"EHLO": b"250 here", b"DATA": b"354 go on"}

    class Handler(socketserver.StreamRequestHandler):
        def handle(self):
            self.wfile.write(b"220 here\r\n")
            while line := self.rfile.readline():
                verb = line[:4].upper()
                said = post.bye if verb == b"QUIT" else answers.get(verb, b"250 fine")
                if verb == b"RCPT" and (refused := post.refuses.get(_address(line))):
                    said = refused.pop(0)
                self.wfile.write(said + b"\r\n")
                if verb == b"DATA":
                    post.got.put(message_from_bytes(b"".join(self._lines()), policy=default))
                    self.wfile.write(b"250 taken\r\n")

        def _lines(self):
            return iter(self.rfile.readline, b".\r\n")

    return Handler


def _address(line):
    return line.partition(b"<")[2].partition(b">")[0]


@contextmanager
def _serving(place):
    thread = threading.Thread(target=place.server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield place
    finally:
        place.server.shutdown()
        thread.join()
        place.server.server_close()


@pytest.fixture
def hook():
    """A webhook receiver."""
    with _serving(Hook()) as hook:
        yield hook


@pytest.fixture
def post():
    """A mail server."""
    with _serving(Post()) as post:
        yield post


@pytest.fixture
def lines(monkeypatch):
    """The lines of the log, as they come."""
    lines: Queue[dict[str, Any]] = Queue()

    def tell(_, level, event):
        lines.put({"level": level} | event)
        raise structlog.DropEvent

    log = structlog.wrap_logger(
        None, [tell], wrapper_class=structlog.make_filtering_bound_logger(0)
    )
    for module in (bringer, channels):
        monkeypatch.setattr(module, "log", log)
    return lines
