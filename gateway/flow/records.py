"""What a store is given and gives back, as values in our words."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from gateway.domain.blame import Blame
from gateway.domain.case import Case, CaseEvent, Kind, Supplement
from gateway.domain.hsa import HsaId
from gateway.domain.lifecycle import CaseState, DeliveryState
from gateway.domain.message import CaseMessage, InboxMessage, Message
from gateway.domain.notation import Json
from gateway.flow.parked import Blocker
from gateway.flow.standings import Held
from gateway.flow.timeline import Entry

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
    attempt, and the delivery has it as its own id.
    """

    message_id: str
    event: CaseEvent
    destination: str
    created_at: datetime
    supplement: Supplement | None = None


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
    """Where a case stands."""

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


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of a case: all of it is written, or nothing."""

    state: CaseState
    entry: Entry
    inbox: InboxMessage | None = None
    delivery: NewDelivery | None = None
    external_case_id: str | None = None


@dataclass(frozen=True, slots=True)
class Received:
    """What was received about a case, so that a repeat is recognised by (sender, message_id)."""

    sender: HsaId
    message_id: str
    fingerprint: str
    at: datetime


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
    """A message for a case that nobody knows: kept, and seen by operators."""

    sender: HsaId
    message: CaseMessage = field(repr=False)
    received_at: datetime
    reason: str

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


@dataclass(frozen=True, slots=True)
class DeliveryRecord:
    """
    Where a delivery stands, for those who watch.

    `fault` and `blame` are those of what is parked; `blocker` is what it waits for, if anything,
    and `held` tells why its destination is not called, if so.
    """

    id: UUID
    case_number: str
    event: CaseEvent
    destination: str
    state: DeliveryState
    created_at: datetime
    due_at: datetime
    attempts: int
    reason: str | None
    remote_id: str | None
    fault: str | None = None
    blame: Blame | None = None
    blocker: Blocker | None = None
    held: Held | None = None

    @property
    def why(self) -> str | None:
        """Tell in plain words why it stands where it does (DOMAIN G1)."""
        if self.blocker:
            return self.blocker.words
        if self.held is None:
            return self.reason
        last = f"; at the last attempt: {self.reason}" if self.reason else ""
        return f"the destination {self.held.words}{last}"

    @property
    def is_next(self) -> bool:
        """Tell whether it is tried when it is due, since nothing holds it back."""
        waits = self.state is DeliveryState.WAITING
        return waits and self.blocker is None and self.held is None

    @property
    def next_at(self) -> datetime | None:
        """Tell when it is tried at the earliest; None when something must happen first."""
        if self.is_next:
            return self.due_at
        if self.blocker or self.held is None or self.held.until is None:
            return None
        return max(self.due_at, self.held.until)


# --- reading ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CitizenCase:
    """A case as its citizen sees it, with its messages in the order they came."""

    record: CaseRecord
    messages: tuple[InboxMessage, ...]


@dataclass(frozen=True, slots=True)
class UnitInboxItem:
    """A case in a unit's inbox, without its content."""

    record: CaseRecord
    arrived_at: datetime


Decide = Callable[[CaseRecord], Change]
