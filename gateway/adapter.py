"""
THE PLUG: all that an adapter author may import.

An adapter is built with checked settings and lent tools. It has one method, and answers with one
of four outcomes. It keeps no state, opens nothing, never sleeps and never repeats: patience is the
outbox's, and seconds of connect retry are in the lent HTTP client. What it may have besides is
`find`, `replies` and `settle`: see Finds, Polls and Settles.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Protocol, runtime_checkable

from pydantic import AfterValidator, BaseModel, ConfigDict, HttpUrl, SecretStr

from gateway.domain.case import Attachment, Case, CaseEvent, Supplement
from gateway.domain.errors import Unavailable
from gateway.domain.hsa import is_loose
from gateway.domain.message import CaseMessage, Message
from gateway.domain.notation import (
    INSTANT,
    SPEAKABLE,
    Json,
    case_message_from_json,
    case_to_json,
    message_to_json,
    supplement_to_json,
)
from gateway.domain.signing import secret_fault

if TYPE_CHECKING:
    import httpx

__all__ = [
    "INSTANT",
    "SPEAKABLE",
    "Adapter",
    "AdapterSettings",
    "Attachment",
    "Can",
    "Case",
    "CaseEvent",
    "CaseMessage",
    "Delivered",
    "Finds",
    "HsaIdText",
    "Json",
    "Message",
    "Outcome",
    "Polls",
    "Refused",
    "SecretStr",
    "Settles",
    "SigningSecret",
    "Steps",
    "Supplement",
    "Tools",
    "TryLater",
    "Unavailable",
    "Unclear",
    "UnitInbox",
    "WebAddress",
    "case_message_from_json",
    "case_to_json",
    "message_to_json",
    "outcome_of_status",
    "supplement_to_json",
]


@dataclass(frozen=True, slots=True)
class Delivered:
    """They have it; `remote_id` is what they call the case, when they said."""

    remote_id: str | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """They never will take this; a human looks. `reason` carries no personal data."""

    reason: str


@dataclass(frozen=True, slots=True)
class TryLater:
    """Nothing was taken; `after` is the seconds that they asked us to wait, when they said."""

    reason: str
    after: float | None = None


@dataclass(frozen=True, slots=True)
class Unclear:
    """It was sent and no answer came: repeated only where repeats are recognised (DOMAIN C6)."""

    reason: str


Outcome = Delivered | Refused | TryLater | Unclear

# What an HTTP status says about one message. Where our own settings are wrong, nothing was taken
# and nothing is wrong with the message: it waits, and goes out by itself when they are mended.
_TRY_LATER = {
    401: "our credentials are not accepted there; see the destination's secrets",
    403: "we are not permitted there",
    404: "nothing has this address there; see settings.url",
    405: "this address takes no POST; see settings.url",
    407: "a proxy there wants credentials",
    408: "it did not get the whole message in time",
    421: "the host at this address answers for others; see settings.url",
    425: "it asks us to come back",
    429: "we call too often",
    501: "this address takes no such calls; see settings.url",
    503: "it cannot take anything now",
}


def outcome_of_status(status: int, retry_after: str | None = None) -> Refused | TryLater | Unclear:
    """
    Tell what an HTTP status that is no success means for the message.

    `retry_after` is the header of that name. A server's fault in the 500s may have come after the
    message was taken, except where the status itself denies it.
    """
    if status in _TRY_LATER:
        return TryLater(f"HTTP {status}: {_TRY_LATER[status]}", _seconds_asked(retry_after))
    if 300 <= status < 400:
        return TryLater(f"HTTP {status}: it has moved; put its new address in settings.url")
    if 400 <= status < 500:
        return Refused(f"HTTP {status}: it will not take this message")
    return Unclear(f"HTTP {status}: whether it took the message is not known")


def _seconds_asked(retry_after: str | None) -> float | None:
    """Read Retry-After, seconds or a date (RFC 9110 §10.2.3); what cannot be read is no wish."""
    text = (retry_after or "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    at = date if date.tzinfo else date.replace(tzinfo=UTC)
    return max(0.0, (at - datetime.now(UTC)).total_seconds())


@dataclass(frozen=True, slots=True)
class Can:
    """
    What a kind of system can: `recognises_repeats` tells a message by its id.

    One that is `fetched` is never called: what is for it waits until it comes.
    """

    recognises_repeats: bool
    attachments: bool = True
    fetched: bool = False


class AdapterSettings(BaseModel):
    """What a destination's `settings` may say; unknown keys are an error, secrets never shown."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


def _hsa_id(text: str) -> str:
    if not is_loose(text):
        raise ValueError("an HSA-id has letters, digits, '-' and '_' only, and no blanks")
    return text


def _without_credentials(url: HttpUrl) -> HttpUrl:
    if url.username or url.password:
        raise ValueError("leave user name and password out of the address; name a secret instead")
    return url


def _signing(secret: SecretStr) -> SecretStr:
    fault = secret_fault(secret.get_secret_value())
    if fault:
        raise ValueError(fault)
    return secret


HsaIdText = Annotated[str, AfterValidator(_hsa_id)]
WebAddress = Annotated[HttpUrl, AfterValidator(_without_credentials)]
SigningSecret = Annotated[SecretStr, AfterValidator(_signing)]


class UnitInbox(Protocol):
    """The built-in inbox, as lent to an adapter."""

    def put(self, message: Message) -> str:
        """
        Put a case, or what was added, before the staff of its holder; a repeat does nothing.

        Gives the case number. Raises Unavailable when nothing can be kept now.
        """
        ...


class Steps(Protocol):
    """The memory of deliveries that need more than one call, as lent to an adapter."""

    def once(self, message: Message, name: str, do: Callable[[], Json]) -> Json:
        """
        Give what this step of the message came to: in an earlier attempt, or by `do` now.

        A result is a small JSON object, on disk before this returns; so a retry goes on after it.
        Whatever `do` raises leaves the step undone. A kill between the call and the disk lets it
        be done again: send the message's id with each step.
        """
        ...


@dataclass(frozen=True, slots=True)
class Tools:
    """
    What is lent to an adapter: the only ways out.

    `http` has the destination's time-outs and trust. `contracts` is the folder of WSDL files.
    """

    http: "httpx.Client"
    inbox: UnitInbox
    contracts: Path
    steps: Steps


class Adapter(Protocol):
    """How one kind of system is talked to."""

    can: ClassVar[Can]
    Settings: ClassVar[type[BaseModel]]

    def __init__(self, settings: Any, tools: Tools) -> None:  # each adapter has its own Settings
        """Keep the settings and the tools; talk to nobody yet."""
        ...

    def deliver(self, message: Message) -> Outcome:
        """Call the system once and tell what came of it."""
        ...


@runtime_checkable
class Finds(Protocol):
    """
    An adapter whose system can be asked what it has.

    It is asked before anything is sent a second time. So what was sent and never answered is
    repeated safely, also where the system itself does not recognise repeats (DOMAIN C6).
    """

    def find(self, message: Message) -> Delivered | None:
        """
        Tell whether they have this message; None only when they said that they have not.

        Raises Unavailable when they could not be asked: nothing is sent then.
        """
        ...


@runtime_checkable
class Polls(Protocol):
    """An adapter that fetches what the system says about its cases (DOMAIN D2)."""

    def replies(self, since: datetime) -> Iterable[CaseMessage]:
        """
        Give what was said at or after `since`, as it comes; what was given before does no harm.

        Each is kept before the next is asked for. Raises Unavailable when they cannot be asked.
        """
        ...


@runtime_checkable
class Settles(Protocol):
    """An adapter that polls and shall know what became of each reply."""

    def settle(self, message: CaseMessage, refusal: str | None) -> None:
        """
        Take note that this reply is on disk, or why it is refused; it never changes.

        What is not settled could not be kept now, and shall be given again.
        """
        ...


@dataclass(frozen=True, slots=True)
class Broken:
    """An adapter that is installed and cannot be used, and why."""

    reason: str


AdapterTypes = Mapping[str, type[Adapter] | Broken]
