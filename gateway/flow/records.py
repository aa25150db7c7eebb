"""What a store is given and gives back, as values in our words."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from gateway.domain.case import Case, CaseEvent, Kind, Supplement
from gateway.domain.forwarding import Hop, Place
from gateway.domain.handling import UNHANDLED, Handling
from gateway.domain.hsa import HsaId
from gateway.domain.lifecycle import CaseState, DeliveryState
from gateway.domain.message import CaseMessage, InboxMessage, Message
from gateway.domain.notation import Json
from gateway.domain.registration import Channel
from gateway.flow.handover import Handover
from gateway.flow.timeline import Entry
from gateway.flow.unit_list import Bookmark, Due, Order

# --- taking in -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a sender gets when something is on disk; the same again for a repeat."""

    case_number: str
    received_at: datetime
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """
    Something that a destination shall be told.

    `message_id` is a UUID as text, of version 7 so that ids sort by age. It is the same on every
    attempt, and the delivery has it as its own id. `reason` comes with FORWARDED.
    """

    message_id: str
    event: CaseEvent
    destination: str
    created_at: datetime
    supplement: Supplement | None = None
    reason: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class NewCase:
    """
    A case with all that is written in the same transaction.

    `content` is the case's notation without the bytes of its attachments.
    """

    id: UUID
    number: str
    case: Case
    content: Json = field(repr=False)
    sender: HsaId
    fingerprint: str
    region: str
    unit: HsaId
    unit_name: str
    holder: HsaId
    received_at: datetime
    due_at: datetime | None
    warnings: tuple[str, ...]
    delivery: NewDelivery
    confirmation: InboxMessage
    entry: Entry


@dataclass(frozen=True, slots=True)
class Kept:
    """It is on disk: now, or since a request before this one."""

    receipt: Receipt
    repeated: bool


@dataclass(frozen=True, slots=True)
class Conflicting:
    """The same sender used the same id for something else before."""


# --- changing --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """Where a case stands; `unit` is the selected one, also when it stands `at` another."""

    id: UUID
    number: str
    kind: Kind
    state: CaseState
    region: str
    unit: HsaId
    unit_name: str
    destination: str
    holder: HsaId
    sender: HsaId
    received_at: datetime
    due_at: datetime | None
    external_case_id: str | None
    forwards: tuple[Hop, ...] = ()
    channel: Channel | None = None

    def is_sent_by(self, e_service: HsaId) -> bool:
        """Tell whether an e-service may speak for its citizen; of a registered case any may."""
        return self.sender == e_service or self.channel is not None

    @property
    def at(self) -> Place:
        """The unit that has it now (DOMAIN D6)."""
        return self.forwards[-1].to if self.forwards else Place(self.unit, self.unit_name)


@dataclass(frozen=True, slots=True)
class Change:
    """
    What becomes of a case: all of it is written, or nothing.

    `handled` makes what becomes of its handling from what that was; what it raises leaves all as
    it was.
    """

    state: CaseState
    entry: Entry
    inbox: InboxMessage | None = None
    delivery: NewDelivery | None = None
    external_case_id: str | None = None
    handover: Handover | None = None
    handled: Callable[[Handling], Handling] | None = None


@dataclass(frozen=True, slots=True)
class Received:
    """
    What was received about a case, so that a repeat is recognised by (sender, message_id).

    `seen` is the number of the last entry on the timeline that its sender knew of, if it said so:
    a case that somebody has changed since is not changed.
    """

    sender: HsaId
    message_id: str
    fingerprint: str
    at: datetime
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class CaseName:
    """How a sender names a case: Växel's number, the holder's own id of it, or both."""

    number: str | None = None
    external: tuple[HsaId, str] | None = None


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """The name fits more than one open case, and a guess could show it to the wrong citizen."""


@dataclass(frozen=True, slots=True)
class UnmatchedMessage:
    """
    A message that is on no case: kept, and seen by operators.

    It is tried again by itself when its case is known later, or else waits for an operator.
    """

    sender: HsaId
    message: CaseMessage = field(repr=False)
    received_at: datetime
    reason: str
    is_tried_again: bool = field(default=True, compare=False)

    def says_the_same(self, message: CaseMessage) -> bool:
        """Tell whether a message is a repeat of this; one may be stamped with its own time."""
        return self.message == replace(message, sent_at=self.message.sent_at)


# --- delivering ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Claimed:
    """
    A delivery that this worker alone may try until its lease ends.

    `attempt` counts from 1 and is the fence: a result is recorded only while it is the latest.
    `waiting_since` is what patience is measured from: when the delivery was made, or when it was
    last replayed; `attempts_before` came before that.
    """

    id: UUID
    destination: str
    attempt: int
    claimed_at: datetime
    waiting_since: datetime
    message: Message = field(repr=False)
    attempts_before: int = 0


@dataclass(frozen=True, slots=True)
class Abandoned:
    """
    An attempt whose lease ended without a result: the worker stopped on the way.

    `case_number` is for those who watch, and known of one that nobody has taken up.
    """

    id: UUID
    destination: str
    attempt: int
    claimed_at: datetime
    waiting_since: datetime
    attempts_before: int = 0
    case_number: str | None = None


@dataclass(frozen=True, slots=True)
class Attempted:
    """What one attempt came to: where the delivery stands now, and why in plain words."""

    state: DeliveryState
    outcome: str
    reason: str | None = None
    due_at: datetime | None = None
    remote_id: str | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt as it stands in the history."""

    number: int
    started_at: datetime
    ended_at: datetime
    outcome: str
    reason: str | None


# --- reading ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CitizenCase:
    """A case as its citizen sees it, with its messages in the order they came."""

    record: CaseRecord
    messages: tuple[InboxMessage, ...]


@dataclass(frozen=True, slots=True)
class UnitInboxItem:
    """A case in a unit's inbox, without its content; `reminded` is of its due date, if it was."""

    record: CaseRecord
    arrived_at: datetime
    handling: Handling = UNHANDLED
    reminded: Due | None = None

    def bookmark(self, order: Order) -> Bookmark:
        """Tell where a page that ends with it ends."""
        due_at = self.record.due_at if order is Order.DUE else None
        return Bookmark(due_at or self.arrived_at, self.record.id)


Decide = Callable[[CaseRecord], Change]
# Raises Refusal when something is not to be done to the case; asked under the case's lock.
CheckCase = Callable[[CaseRecord], None]
