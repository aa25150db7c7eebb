"""
THE PLUG: all that an adapter author may import.

An adapter is built with checked settings and lent tools. It has one method, and answers with one
of four outcomes. It keeps no state, opens nothing, never sleeps and never repeats: patience is the
outbox's, and seconds of connect retry are in the lent HTTP client.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Protocol

from pydantic import AfterValidator, BaseModel, ConfigDict, HttpUrl, SecretStr

from gateway.domain.case import Attachment, Case, CaseEvent, Supplement
from gateway.domain.errors import Unavailable
from gateway.domain.hsa import is_loose
from gateway.domain.message import Message
from gateway.domain.notation import case_to_json, message_to_json, supplement_to_json

if TYPE_CHECKING:
    import httpx

__all__ = [
    "Adapter",
    "AdapterSettings",
    "Attachment",
    "Can",
    "Case",
    "CaseEvent",
    "Delivered",
    "HsaIdText",
    "Message",
    "Outcome",
    "Refused",
    "SecretStr",
    "Supplement",
    "Tools",
    "TryLater",
    "Unavailable",
    "Unclear",
    "UnitInbox",
    "WebAddress",
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
    """What a kind of system can: `recognises_repeats` tells a message by its id."""

    recognises_repeats: bool
    attachments: bool = True


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


HsaIdText = Annotated[str, AfterValidator(_hsa_id)]
WebAddress = Annotated[HttpUrl, AfterValidator(_without_credentials)]


class UnitInbox(Protocol):
    """The built-in inbox, as lent to an adapter."""

    def put(self, message: Message, owner: str) -> str:
        """
        Put a case, or what was added, before the staff of `owner`; a repeat does nothing.

        Gives the case number. Raises Unavailable when nothing can be kept now.
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


@dataclass(frozen=True, slots=True)
class Broken:
    """An adapter that is installed and cannot be used, and why."""

    reason: str


AdapterTypes = Mapping[str, type[Adapter] | Broken]
