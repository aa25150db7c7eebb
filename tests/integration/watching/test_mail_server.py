"""A mail server that says what it has to say byte by byte, and never comes to an end."""

import smtplib
import socket
import threading
import time
from contextlib import contextmanager
from email.message import EmailMessage

import pytest

from gateway.wire import mail
from gateway.wire.mail import MailServer

# What a slow machine may need (seconds).
SOON = 30.0
MAIL = EmailMessage()
MAIL["From"] = MAIL["To"] = "vaxel@example.org"
# What it answers, one line after another; after the last it drips.
BEFORE = {
    "its greeting": [],
    "its name": [b"220 here\r\n"],
    "the beginning of TLS": [b"220 here\r\n", b"250 STARTTLS\r\n", b"220 go on\r\n"],
    "the sender": [b"220 here\r\n", b"250 here\r\n"],
    "the message": [b"220 here\r\n", *[b"250 here\r\n"] * 3, b"354 go on\r\n"],
    "the last word": [b"220 here\r\n", *[b"250 ok\r\n"] * 3, b"354 go on\r\n", b"250 taken\r\n"],
}


@contextmanager
def dripping(answers):
    """Listen, answer each thing that comes with the next line, then drip until it is cut off."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=_drip, args=(listening, answers))
        thread.start()
        yield listening.getsockname()[1]
        thread.join(SOON)
        assert not thread.is_alive()


def _drip(listening, answers):
    connection, _ = listening.accept()
    with connection:
        for place, line in enumerate(answers):
            if place:
                connection.recv(4096)
            connection.sendall(line)
        try:
            while True:
                connection.sendall(b"2")
                time.sleep(0.02)
        except OSError:
            return


def send(port, *, starttls):
    """Send, and tell how long it took."""
    began = time.monotonic()
    try:
        MailServer("127.0.0.1", port, starttls).send(MAIL, "vaxel@example.org")
    finally:
        assert time.monotonic() - began < SOON


@pytest.mark.parametrize("place", [place for place in BEFORE if place != "the last word"])
def test_one_that_drips_is_cut_off(place, monkeypatch):
    """DOMAIN G3, D5: it holds up neither alerts nor notices, nor the end of a process."""
    monkeypatch.setattr(mail, "LONGEST_S", 0.4)
    with (
        dripping(BEFORE[place]) as port,
        pytest.raises((smtplib.SMTPException, OSError)),
    ):
        send(port, starttls=place == "the beginning of TLS")


def test_one_that_never_ends_an_answer_is_left(monkeypatch):
    """DOMAIN C2: what it says would fill the memory of the process that delivers."""
    said = [b"220-still here\r\n" * 100_000]
    with dripping(said) as port, pytest.raises(smtplib.SMTPServerDisconnected, match="too much"):
        send(port, starttls=False)


def test_a_server_that_was_reached_too_late_is_left(monkeypatch):
    """DOMAIN G3, D5: the time for all of it counts from before it was looked for."""
    monkeypatch.setattr(mail, "LONGEST_S", 0.1)
    connect = socket.create_connection

    def connect_late(*place):
        time.sleep(0.5)
        return connect(*place)

    monkeypatch.setattr(socket, "create_connection", connect_late)
    with dripping([]) as port, pytest.raises((smtplib.SMTPException, OSError)):
        send(port, starttls=False)


def test_mail_that_was_taken_is_sent(monkeypatch):
    """DOMAIN D5: a citizen who was told is not told again."""
    monkeypatch.setattr(mail, "LONGEST_S", 0.4)
    with dripping(BEFORE["the last word"]) as port:
        send(port, starttls=False)
