"""The ways by which alerts reach humans: the log always, a webhook and e-mail where set (G2)."""

import json
import smtplib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Protocol

import httpx
import structlog
from standardwebhooks import Webhook

from gateway.domain.policy import Policy
from gateway.flow.alarms import Alert
from gateway.settings.alerts import AlertSettings, MailSettings
from gateway.wire import lent_client
from gateway.wire.mail import MailServer, refusal_of

log = structlog.get_logger()


class Channel(Protocol):
    """A way to a human."""

    @property
    def name(self) -> str:
        """How the outbox and the log call it."""
        ...

    def send(self, alert: Alert) -> None:
        """
        Send once, under the alert's id at every try.

        Raises RefusedForGood when no try will ever help, or whatever else went wrong.
        """
        ...


class RefusedForGood(Exception):
    """Nothing that is sent this way is ever taken; the words say why, and name nobody."""


def channels_of(settings: AlertSettings) -> list[Channel]:
    """Make the log, and the channels that are set."""
    channels: list[Channel] = [LogChannel()]
    if settings.webhook_url is not None:
        secret = settings.webhook_secret
        http = lent_client(_WEBHOOK_POLICY)
        url = str(settings.webhook_url)
        channels.append(WebhookChannel(url, http, secret.get_secret_value() if secret else None))
    if settings.mail is not None:
        channels += _mail_channels(settings.mail)
    return channels


@dataclass(frozen=True, slots=True)
class LogChannel:
    """Writes alerts in the log of the node that brings them."""

    name: str = "log"

    def send(self, alert: Alert) -> None:
        """Write a line, as a warning when something begins."""
        write = log.warning if alert.began else log.info
        write(
            "alert.raised" if alert.began else "alert.ended",
            alert=alert.event,
            destination=alert.alarm.destination,
            words=alert.words,
        )


@dataclass(frozen=True, slots=True)
class WebhookChannel:
    """
    Posts an alert as JSON; signed as Standard Webhooks describes it when there is a secret.

    `http` has its time-outs, and follows no redirects.
    """

    url: str
    http: httpx.Client
    secret: str | None = field(default=None, repr=False)
    name: str = "webhook"

    def send(self, alert: Alert) -> None:
        """Post once; raises httpx's errors, also for an answer that is no success."""
        body = json.dumps(_as_json(alert))
        headers = {"Content-Type": "application/json", **self._signed(str(alert.id), body)}
        self.http.post(self.url, content=body, headers=headers).raise_for_status()

    def _signed(self, alert_id: str, body: str) -> dict[str, str]:
        now = datetime.now(UTC)
        headers = {"webhook-id": alert_id, "webhook-timestamp": str(int(now.timestamp()))}
        if self.secret is not None:
            headers["webhook-signature"] = Webhook(self.secret).sign(alert_id, now, body)
        return headers


@dataclass(frozen=True, slots=True)
class MailChannel:
    """Sends an alert as a plain e-mail to one address."""

    server: MailServer
    sender: str
    to: str = field(repr=False)
    name: str

    def send(self, alert: Alert) -> None:
        """Send once; raises smtplib's errors, and RefusedForGood when the address is none."""
        try:
            self.server.send(self._mail(alert), self.to)
        except smtplib.SMTPRecipientsRefused as error:
            refusal = refusal_of(error)
            words = f"the mail server answers {refusal.code} to the address"
            if refusal.is_of_the_address:
                raise RefusedForGood(words) from None
            raise

    def _mail(self, alert: Alert) -> EmailMessage:
        mail = EmailMessage()
        mail["From"], mail["To"] = self.sender, self.to
        mail["Subject"] = f"[vaxel] {alert.event}: {alert.alarm.destination}"
        mail["Date"] = alert.at
        mail["Message-ID"] = f"<{alert.id}@{self.sender.rpartition('@')[2]}>"
        mail.set_content(f"{alert.words}\n\n{alert.at.isoformat(timespec='seconds')}\n")
        return mail


_WEBHOOK_POLICY = Policy(concurrency=1, connect_timeout_s=2.0, read_timeout_s=10.0)


def _mail_channels(settings: MailSettings) -> list[MailChannel]:
    """
    Make a channel to each address: what one is refused, the others still get, and get once.

    Their names tell the addresses apart by their places, since these are personal data.
    """
    server = settings.server()
    return [
        MailChannel(server, settings.sender, to, f"e-mail {place}")
        for place, to in enumerate(dict.fromkeys(settings.to), start=1)
    ]


def _as_json(alert: Alert) -> dict[str, object]:
    return {
        "type": alert.event,
        "timestamp": alert.at.isoformat(),
        "data": {
            "destination": alert.alarm.destination,
            "began": alert.began,
            "message": alert.words,
        },
    }
