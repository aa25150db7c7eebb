"""Bring alerts to humans: always to the log, and by webhook and e-mail where that is set (G2)."""

import json
import math
import queue
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from time import monotonic
from typing import Protocol

import httpx
import structlog
from standardwebhooks import Webhook
from tenacity import (
    Retrying,
    sleep_using_event,
    stop_after_attempt,
    stop_when_event_set,
    wait_exponential,
)
from uuid_utils import uuid7

from gateway.domain.policy import Policy
from gateway.flow.alarms import Alert
from gateway.settings.alerts import AlertSettings, MailSettings
from gateway.wire import lent_client
from gateway.wire.mail import MailServer

log = structlog.get_logger()

# So many alerts may wait for a channel that hangs; the log has those that do not fit.
MOST_WAITING = 200
TRIES = 3
LONGEST_PAUSE_S = 30.0
# After a stop; what is being sent then is waited for besides.
ENDING_S = 10.0


class Channel(Protocol):
    """A way to a human."""

    @property
    def name(self) -> str:
        """How the log calls it."""
        ...

    def send(self, alert: Alert, alert_id: str) -> None:
        """Send once; the id is the same at every try. Raises whatever went wrong."""
        ...


def channels_of(settings: AlertSettings) -> list[Channel]:
    """Make the channels that are set."""
    channels: list[Channel] = []
    if settings.webhook_url is not None:
        secret = settings.webhook_secret
        http = lent_client(_WEBHOOK_POLICY)
        url = str(settings.webhook_url)
        channels.append(WebhookChannel(url, http, secret.get_secret_value() if secret else None))
    if settings.mail is not None:
        channels.append(_mail_channel(settings.mail))
    return channels


class Alerts:
    """
    Writes each alert in the log at once, and sends it by every channel.

    However slow or broken a channel is, `tell` returns at once and the other channels go on:
    alerting never stops traffic (DOMAIN G3). What could not be sent is told once in the log.
    """

    def __init__(self, channels: Sequence[Channel], pause_s: float = 1.0) -> None:
        """Set up; `pause_s` is the first wait between tries."""
        self._senders = tuple(_Sender(channel, pause_s) for channel in channels)

    def tell(self, alert: Alert) -> None:
        """Log an alert, and let it be sent."""
        write = log.warning if alert.began else log.info
        write(
            "alert.raised" if alert.began else "alert.ended",
            alert=alert.event,
            destination=alert.alarm.destination,
            words=alert.words,
        )
        told = _Told(alert, str(uuid7()))
        for sender in self._senders:
            sender.take(told)

    def run(self) -> None:
        """Send until `stop`, then what still waits, each once, for some seconds."""
        threads = [threading.Thread(target=sender.run) for sender in self._senders]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def stop(self) -> None:
        """Take nothing more."""
        for sender in self._senders:
            sender.stop()


class _Sender:
    """Sends by one channel, from the thread that runs this."""

    def __init__(self, channel: Channel, pause_s: float) -> None:
        self._channel = channel
        # None says that it is time to stop.
        self._waiting: queue.SimpleQueue[_Told | None] = queue.SimpleQueue()
        self._stopping = threading.Event()
        self._sends_until = math.inf
        self._patiently = Retrying(
            stop=stop_after_attempt(TRIES) | stop_when_event_set(self._stopping),
            wait=wait_exponential(multiplier=pause_s, max=LONGEST_PAUSE_S),
            sleep=sleep_using_event(self._stopping),
            reraise=True,
        )

    def take(self, told: "_Told") -> None:
        if self._waiting.qsize() < MOST_WAITING:
            self._waiting.put(told)
        else:
            self._not_sent(told, "too many wait to be sent")

    def run(self) -> None:
        while (told := self._waiting.get()) is not None:
            if monotonic() < self._sends_until:
                self._send(told)
            else:
                self._not_sent(told, "the gateway stops")

    def stop(self) -> None:
        self._sends_until = monotonic() + ENDING_S
        self._stopping.set()
        self._waiting.put(None)

    def _send(self, told: "_Told") -> None:
        try:
            self._patiently(self._channel.send, told.alert, told.id)
        except Exception as error:  # noqa: BLE001 whatever a channel raises, the next alert goes out
            self._not_sent(told, _reason(error))

    def _not_sent(self, told: "_Told", reason: str) -> None:
        log.error(
            "alert.not_sent",
            alert=told.alert.event,
            destination=told.alert.alarm.destination,
            channel=self._channel.name,
            reason=reason,
        )


@dataclass(frozen=True, slots=True)
class _Told:
    """An alert under the id that it has on every channel and at every try."""

    alert: Alert
    id: str


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

    def send(self, alert: Alert, alert_id: str) -> None:
        """Post once; raises httpx's errors, also for an answer that is no success."""
        body = json.dumps(_as_json(alert))
        headers = {"Content-Type": "application/json", **self._signed(alert_id, body)}
        self.http.post(self.url, content=body, headers=headers).raise_for_status()

    def _signed(self, alert_id: str, body: str) -> dict[str, str]:
        now = datetime.now(UTC)
        headers = {"webhook-id": alert_id, "webhook-timestamp": str(int(now.timestamp()))}
        if self.secret is not None:
            headers["webhook-signature"] = Webhook(self.secret).sign(alert_id, now, body)
        return headers


@dataclass(frozen=True, slots=True)
class MailChannel:
    """Sends an alert as a plain e-mail; with `starttls` over TLS, or not at all."""

    host: str
    port: int
    sender: str
    to: Sequence[str]
    starttls: bool = True
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    name: str = "e-mail"

    def send(self, alert: Alert, alert_id: str) -> None:
        """Send once; raises smtplib's errors."""
        server = MailServer(self.host, self.port, self.starttls, self.username, self.password)
        server.send(self._mail(alert, alert_id))

    def _mail(self, alert: Alert, alert_id: str) -> EmailMessage:
        mail = EmailMessage()
        mail["From"], mail["To"] = self.sender, ", ".join(self.to)
        mail["Subject"] = f"[vaxel] {alert.event}: {alert.alarm.destination}"
        mail["Date"] = alert.at
        mail["Message-ID"] = f"<{alert_id}@{self.sender.rpartition('@')[2]}>"
        mail.set_content(f"{alert.words}\n\n{alert.at.isoformat(timespec='seconds')}\n")
        return mail


_WEBHOOK_POLICY = Policy(concurrency=1, connect_timeout_s=2.0, read_timeout_s=10.0)


def _mail_channel(settings: MailSettings) -> MailChannel:
    return MailChannel(
        host=settings.host,
        port=settings.port,
        sender=settings.sender,
        to=settings.to,
        starttls=settings.starttls,
        username=settings.username,
        password=settings.password.get_secret_value() if settings.password else None,
    )


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


def _reason(error: Exception) -> str:
    # The words of a foreign error may hold a password or an address.
    if isinstance(error, httpx.HTTPStatusError):
        return f"HTTP {error.response.status_code}"
    return type(error).__name__
