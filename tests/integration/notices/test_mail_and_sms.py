"""Notices by e-mail and by text message, on real sockets."""

import json
import socket
import socketserver
import threading
from dataclasses import replace
from email import message_from_bytes
from email.message import Message
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from uuid import UUID

import pytest
from standardwebhooks import Webhook

from gateway.domain.outcome import Delivered, Refused, TryLater
from gateway.flow.notices import Citizen
from gateway.notifier.outcome import NotNow, NotReached
from gateway.notifier.ways import ways_of
from gateway.settings.notices import NoticeSettings
from gateway.testing.builders import TOLVAN

NOTICE = UUID("0198f0a4-7c1e-7d3a-9b52-3f6f0c0a1b2c")
LINK = "https://inkorg.example/"
SECRET = "whsec_" + "c2hhcmVkIHNlY3JldCBvZiB0aGUgdGVzdA=="
# Read as RFC 2047, it ends its line and begins one of its own.
WORDS = "=?utf-8?q?a=0ABcc=3Ax?=@b.example"
REACHED = Citizen(TOLVAN, "tolvan@example.com", "070-1740605")


class MailServer:
    """Keeps what comes; answers RCPT as it is told to."""

    def __init__(self):
        self.got: list[Message] = []
        self.rcpt, self.data = b"250 fine", b"354 go on"
        post = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                self.wfile.write(b"220 here\r\n")
                while line := self.rfile.readline():
                    verb = line[:4].upper()
                    known = {b"RCPT": post.rcpt, b"DATA": post.data, b"QUIT": b"221 bye"}
                    self.wfile.write(known.get(verb, b"250 fine") + b"\r\n")
                    if verb == b"DATA" and post.data.startswith(b"354"):
                        lines = iter(self.rfile.readline, b".\r\n")
                        post.got.append(message_from_bytes(b"".join(lines), policy=default))
                        self.wfile.write(b"250 taken\r\n")

        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True


class Hook:
    """Keeps what comes; answers with its status."""

    def __init__(self):
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.status = 202
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                hook.got.append((dict(self.headers), body))
                self.send_response(hook.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                """Say nothing on the terminal."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)


@pytest.fixture
def post():
    yield from _serving(MailServer())


@pytest.fixture
def hook():
    yield from _serving(Hook())


def _serving(place):
    thread = threading.Thread(target=place.server.serve_forever, args=(0.01,))
    thread.start()
    yield place
    place.server.shutdown()
    thread.join()
    place.server.server_close()


@pytest.fixture
def mail(post):
    server = {"host": "127.0.0.1", "port": post.server.server_address[1], "starttls": False}
    told = {"link": LINK, "mail": server | {"sender": "vaxel@region.example"}}
    [way] = ways_of(NoticeSettings.model_validate(told), "SE5560000000-VAXEL")
    return way


@pytest.fixture
def sms(hook):
    url = f"http://127.0.0.1:{hook.server.server_port}/sms"
    told = {"link": LINK, "sms": {"url": url, "secret": SECRET}}
    [way] = ways_of(NoticeSettings.model_validate(told), "SE5560000000-VAXEL")
    yield way
    way.close()


def test_a_notice_by_mail_says_where_to_read_and_no_more(mail, post):
    """DOMAIN D5: with an id that is the same on a repeat, and nothing for robots to answer."""
    assert mail.send(NOTICE, REACHED) == Delivered()
    [got] = post.got
    assert (got["To"], got["From"]) == ("tolvan@example.com", "vaxel@region.example")
    assert (got["Subject"], got["Auto-Submitted"]) == (
        "Du har ett nytt meddelande",
        "auto-generated",
    )
    assert got["Message-ID"] == f"<{NOTICE}@region.example>"
    assert LINK in got.get_content()


@pytest.mark.parametrize(
    "address", [None, "", "no address", "a@b.example\r\nBcc: x@y.example", "@", "a@b, c@d", WORDS]
)
def test_what_is_no_address_reaches_nobody(mail, post, address):
    """DOMAIN D5: what a citizen wrote is never put in a head as it is."""
    assert isinstance(mail.send(NOTICE, Citizen(TOLVAN, address)), NotReached)
    assert post.got == []


def test_an_address_that_the_server_does_not_know_reaches_nobody(mail, post):
    """DOMAIN D5: the next way is tried."""
    post.rcpt = b"550 no such user"
    assert isinstance(mail.send(NOTICE, REACHED), NotReached)


def test_an_address_that_the_server_does_not_take_now_says_nothing_of_others(mail, post):
    """DOMAIN D5: one full box is no trouble with the server."""
    post.rcpt = b"451 try later"
    assert isinstance(mail.send(NOTICE, REACHED), NotNow)


def test_a_message_that_the_server_does_not_take_says_nothing_of_others(mail, post):
    """DOMAIN D5: nor is one who is put on a grey list."""
    post.data = b"450 try later"
    assert isinstance(mail.send(NOTICE, REACHED), NotNow)


def test_a_mail_server_that_is_away_is_tried_later(mail):
    """DOMAIN D5: with everything that goes this way."""
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    away = replace(mail, server=replace(mail.server, port=port))
    assert isinstance(away.send(NOTICE, REACHED), TryLater)


def test_a_notice_by_text_message_is_signed_and_has_its_id(sms, hook):
    """DOMAIN D5: so that a repeat is known."""
    assert sms.send(NOTICE, REACHED) == Delivered()
    [(headers, body)] = hook.got
    sent = Webhook(SECRET).verify(body, {name.lower(): text for name, text in headers.items()})
    assert headers["webhook-id"] == str(NOTICE)
    assert sent["data"]["to"] == "070-1740605"
    assert json.loads(body)["data"]["text"].endswith(LINK)


@pytest.mark.parametrize(("status", "outcome"), [(503, TryLater), (422, Refused)])
def test_an_answer_that_is_no_success_is_told_apart(sms, hook, status, outcome):
    """DOMAIN D5."""
    hook.status = status
    assert isinstance(sms.send(NOTICE, REACHED), outcome)


def test_who_gave_no_number_is_not_reached(sms):
    """DOMAIN D5."""
    assert isinstance(sms.send(NOTICE, Citizen(TOLVAN)), NotReached)
