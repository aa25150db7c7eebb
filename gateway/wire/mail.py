"""Hand e-mail to a server, once, over TLS or not at all where that is asked for."""

import re
import smtplib
import socket
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import BinaryIO

# For each step, and for all of them together: bytes that drip keep every step alive for ever.
TIMEOUT_S = 10.0
LONGEST_S = 30.0
# All that a server may say, in bytes: a few lines to each step are usual.
LONGEST_WORDS = 64 * 1024


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where e-mail is handed in; with `starttls` over TLS, or not at all."""

    host: str
    port: int
    starttls: bool = True
    username: str | None = None
    password: str | None = field(default=None, repr=False)

    def send(self, mail: EmailMessage, to: str) -> None:
        """
        Send once, within LONGEST_S, to one address; raises smtplib's errors.

        Of many addresses it would take some and refuse others, and that is no error of smtplib.
        """
        server = _Server(self.host, self.port)
        try:
            if self.starttls:
                server.starttls(context=ssl.create_default_context())
            if self.username is not None:
                server.login(self.username, self.password or "")
            server.send_message(mail, to_addrs=to)
            # It has the mail, whatever it says to this.
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
        finally:
            server.close()


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a server answered to the one address of a mail, and whether it will never take it."""

    code: int
    is_of_the_address: bool


def refusal_of(error: smtplib.SMTPRecipientsRefused) -> Refusal:
    """Tell an address that will never be taken from one that is not taken now, or not from us."""
    [(code, words)] = error.recipients.values()
    return Refusal(code, code in _OF_THE_ADDRESS and not _OF_OTHERS.match(words))


# RFC 5321 §4.2.3: no such mailbox, somebody else's, no name of one. The same are said by servers
# that do not know us, or whose mailbox is full: then their words begin with another class than
# that of addresses (RFC 3463 §3).
_OF_THE_ADDRESS = frozenset({501, 550, 551, 553})
_OF_OTHERS = re.compile(rb"[245]\.(?!1\.)")


class _Server(smtplib.SMTP):
    """A connection that is cut off when the exchange takes too long, or too many words."""

    def __init__(self, host: str, port: int) -> None:
        """Connect, and read the greeting."""
        self._connection: socket.socket | None = None
        self._is_late = False
        self._left = LONGEST_WORDS
        self._end = threading.Timer(LONGEST_S, self._cut_off)
        self._end.daemon = True
        self._end.start()
        try:
            super().__init__(host, port, timeout=TIMEOUT_S)
        except BaseException:
            self.close()
            raise

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        # smtplib's own hook. It shows nobody the socket before the greeting is read, nor while TLS
        # begins; so one that is the same connection is kept.
        made = socket.create_connection((host, port), timeout)
        self._connection = made.dup()
        # A name with many addresses may have taken all the time there is.
        if self._is_late:
            self._cut_off()
        return made

    def getreply(self) -> tuple[int, bytes]:
        """Read an answer; raises SMTPServerDisconnected when there is no end to it."""
        if self.file is None and self.sock is not None:
            self.file = _Counted(self.sock.makefile("rb"), self)
        return super().getreply()

    def has_said(self, size: int) -> None:
        """Count what it says; raises OSError when that is too much."""
        self._left -= size
        if self._left < 0:
            raise OSError("the mail server says too much")

    def _cut_off(self) -> None:
        self._is_late = True
        if self._connection is not None:
            with suppress(OSError):  # it ended at the same moment
                self._connection.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Let go of it."""
        self._end.cancel()
        super().close()
        if self._connection is not None:
            self._connection.close()


@dataclass(frozen=True, slots=True)
class _Counted:
    """What smtplib reads answers from, line by line; each is counted."""

    file: BinaryIO
    server: _Server

    def readline(self, most: int) -> bytes:
        line = self.file.readline(most)
        self.server.has_said(len(line))
        return line

    def close(self) -> None:
        self.file.close()
