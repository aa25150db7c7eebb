"""The ways to a citizen, in the order that they are tried."""

from dataclasses import dataclass
from functools import partial
from typing import Protocol
from uuid import UUID

from gateway.domain.outcome import Outcome
from gateway.domain.policy import Policy
from gateway.flow.notices import Citizen
from gateway.notifier.mail import Mail
from gateway.notifier.national_inbox import NationalInbox, Sender
from gateway.notifier.outcome import NotNow, NotReached
from gateway.notifier.sms import Sms
from gateway.settings.alerts import MailServerSettings
from gateway.settings.notices import NationalInboxSettings, NoticeSettings, SmsSettings
from gateway.wire import Network, lent_client


class Way(Protocol):
    """One way; `name` is how metrics and the log call it."""

    @property
    def name(self) -> str:
        """How metrics and the log call it."""
        ...

    def send(self, notice: UUID, citizen: Citizen) -> Outcome | NotReached | NotNow:
        """Send once; `notice` is the same on every attempt."""
        ...

    def close(self) -> None:
        """Close what is held open."""
        ...


@dataclass(frozen=True, slots=True)
class _Made:
    """What every way is made with: where the inbox is read, and who we are."""

    link: str
    own: str

    def national_inbox(self, settings: NationalInboxSettings) -> NationalInbox:
        http = lent_client(_POLICY, partial(Network, tls=settings.tls))
        active_user_url = settings.active_user_url or settings.url
        sender = Sender(
            unit_id=settings.unit_id or self.own,
            unit_name=settings.unit_name,
            logical_address=settings.logical_address,
            source_system=settings.source_system,
            link_system=settings.link_system,
            original_consumer=settings.original_consumer,
            sender_id=settings.sender_id,
        )
        return NationalInbox(http, str(settings.url), str(active_user_url), sender, self.link)

    def mail(self, settings: MailServerSettings) -> Mail:
        return Mail(settings.server(), settings.sender, self.link)

    def sms(self, settings: SmsSettings) -> Sms:
        http = lent_client(_POLICY, partial(Network, tls=settings.tls))
        secret = settings.secret.get_secret_value() if settings.secret else None
        return Sms(http, str(settings.url), self.link, secret)


def ways_of(settings: NoticeSettings, own: str) -> tuple[Way, ...]:
    """Make the ways that are set; `own` is the gateway's HSA-id. Raises StartRefused."""
    made = _Made(str(settings.link), own)
    ways: list[Way] = []
    if settings.national_inbox is not None:
        ways.append(made.national_inbox(settings.national_inbox))
    if settings.mail is not None:
        ways.append(made.mail(settings.mail))
    if settings.sms is not None:
        ways.append(made.sms(settings.sms))
    return tuple(ways)


# INTEROP §5.1: the national inbox answers within two seconds, nearly always.
_POLICY = Policy(concurrency=1, connect_timeout_s=2.0, read_timeout_s=10.0)
