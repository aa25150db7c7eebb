"""Notices by e-mail, to the address that the citizen gave with the case."""

import re
import smtplib
from dataclasses import dataclass
from email.message import EmailMessage
from uuid import UUID

from gateway.domain.outcome import Delivered, Outcome, TryLater, Unclear
from gateway.flow.notices import Citizen
from gateway.notifier.outcome import NotNow, NotReached
from gateway.notifier.words import TITLE, long_text
from gateway.wire.mail import MailServer


@dataclass(frozen=True, slots=True)
class Mail:
    """Sends from `sender`; a repeat has the same Message-ID."""

    server: MailServer
    sender: str
    link: str
    name: str = "mail"

    def send(self, notice: UUID, citizen: Citizen) -> Outcome | NotReached | NotNow:
        """Send once; whom the server does not know by that address is not reached."""
        if citizen.email is None:
            return NotReached("no e-mail address was given")
        # What they wrote is put in a head: only what is one address and nothing else.
        if not _ADDRESS.fullmatch(citizen.email):
            return NotReached("what was given is no e-mail address")
        return self._sent(self._mail(notice, citizen.email), citizen.email)

    def close(self) -> None:
        """Nothing is held open."""

    def _sent(self, mail: EmailMessage, to: str) -> Outcome | NotReached | NotNow:
        try:
            self.server.send(mail, to)
        except smtplib.SMTPRecipientsRefused as error:
            return _refused(error)
        except smtplib.SMTPDataError as error:
            # It has taken the sender and the recipient: many refuse so what they take later.
            return NotNow(f"the mail server answers {error.smtp_code} to the message")
        except (smtplib.SMTPServerDisconnected, TimeoutError):
            return Unclear("the mail server hung up, or said nothing")
        except (smtplib.SMTPException, OSError) as error:
            # Their words may hold the address.
            return TryLater(f"the mail server does not take it: {type(error).__name__}")
        return Delivered()

    def _mail(self, notice: UUID, address: str) -> EmailMessage:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = self.sender, address, TITLE
        mail["Message-ID"] = f"<{notice}@{self.sender.rpartition('@')[2]}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(long_text(self.link))
        return mail


def _refused(error: smtplib.SMTPRecipientsRefused) -> NotReached | NotNow:
    """Tell an address that will never be taken from one that is not taken now, or not from us."""
    [(code, words)] = error.recipients.values()
    if code in _OF_THE_ADDRESS and not _OF_OTHERS.match(words):
        return NotReached(f"the mail server answers {code} to the e-mail address")
    return NotNow(f"the mail server answers {code} to the e-mail address")


# RFC 5321 §4.2.3: no such mailbox, somebody else's, no name of one. The same are said by servers
# that do not know us, or whose mailbox is full: then their words begin with another class than
# that of addresses (RFC 3463 §3).
_OF_THE_ADDRESS = frozenset({501, 550, 551, 553})
_OF_OTHERS = re.compile(rb"[245]\.(?!1\.)")

# Not `=?`: whoever writes or reads a head would decode what follows, line breaks too (RFC 2047).
_ADDRESS = re.compile(r"(?!.*=\?)[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
