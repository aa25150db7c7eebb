"""Hand e-mail to a server, once, over TLS or not at all where that is asked for."""

import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage

TIMEOUT_S = 10.0


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where e-mail is handed in; with `starttls` over TLS, or not at all."""

    host: str
    port: int
    starttls: bool = True
    username: str | None = None
    password: str | None = field(default=None, repr=False)

    def send(self, mail: EmailMessage) -> None:
        """Send once; raises smtplib's errors."""
        with smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_S) as server:
            if self.starttls:
                server.starttls(context=ssl.create_default_context())
            if self.username is not None:
                server.login(self.username, self.password or "")
            server.send_message(mail)
