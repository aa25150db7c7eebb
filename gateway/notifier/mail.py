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
from gateway.wire.mail import MailServer, refusal_of


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
    refusal = refusal_of(error)
    words = f"the mail server answers {refusal.code} to the e-mail address"
    return NotReached(words) if refusal.is_of_the_address else NotNow(words)


# Not `=?`: whoever writes or reads a head would decode what follows, line breaks too (RFC 2047).
_ADDRESS = re.compile(r"(?!.*=\?)[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
