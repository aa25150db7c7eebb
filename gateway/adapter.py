"""
THE PLUG: all that an adapter author may import.

An adapter is built with checked settings and lent tools. It has one method, and answers with one
of four outcomes. It keeps no state, opens nothing, never sleeps and never repeats: patience is the
outbox's, and seconds of connect retry are in the lent HTTP client. What it may have besides is
`find`, `replies` and `settle`: see Finds, Polls and Settles.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, runtime_checkable

from pydantic import BaseModel, SecretStr

from gateway.adapter_settings import (
    AdapterSettings,
    HsaIdText,
    HttpsSettings,
    SigningSecret,
    WebAddress,
    WholePath,
)
from gateway.domain.case import Attachment, Case, CaseEvent, Supplement
from gateway.domain.content import Content
from gateway.domain.errors import Refusal, Unavailable
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
from gateway.domain.outcome import (
    Delivered,
    Outcome,
    Refused,
    TryLater,
    Unclear,
    nothing_sent,
    outcome_of_status,
)
from gateway.shapes.case_message import read_case_message

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
    "Content",
    "Delivered",
    "Finds",
    "HsaIdText",
    "HttpsSettings",
    "Json",
    "Message",
    "Outcome",
    "Polls",
    "Refusal",
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
    "WholePath",
    "case_message_from_json",
    "case_to_json",
    "message_to_json",
    "nothing_sent",
    "outcome_of_status",
    "read_case_message",
    "supplement_to_json",
]


@dataclass(frozen=True, slots=True)
class Can:
    """
    What a kind of system can: `recognises_repeats` tells a message by its id.

    One that is `fetched` is never called: what is for it waits until it comes.
    """

    recognises_repeats: bool
    attachments: bool = True
    fetched: bool = False


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
    `hsa_id` is the gateway's own. `rejected` tells operators that what lay under a name there is
    no reply, and why: once for each, without anything of what it says.
    """

    http: "httpx.Client"
    inbox: UnitInbox
    contracts: Path
    steps: Steps
    hsa_id: str
    rejected: Callable[[str, str], None] = lambda name, reason: None


class Adapter(Protocol):
    """How one kind of system is talked to."""

    can: ClassVar[Can]
    Settings: ClassVar[type[BaseModel]]

    def __init__(self, settings: Any, tools: Tools) -> None:  # each adapter has its own Settings
        """Keep the settings and the tools; talk to nobody yet."""
        ...

    def deliver(self, message: Message) -> Outcome:
        """
        Call the system once and tell what came of it.

        Read the files that go along, with `Attachment.read` or a part at a time from their
        `content`, before anything is sent: what cannot be read then is left to be raised.
        """
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
