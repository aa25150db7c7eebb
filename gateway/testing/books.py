"""What the store in memory keeps, and how the parts belong together."""

import threading
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Self
from uuid import UUID

from gateway.domain.case import BRINGING_EVENTS
from gateway.domain.errors import Unavailable
from gateway.domain.hsa import HsaId
from gateway.domain.lifecycle import CaseState, DeliveryState
from gateway.domain.message import InboxMessage, Message
from gateway.domain.person import PersonId
from gateway.flow.ports import (
    Abandoned,
    Ambiguous,
    Attempt,
    Attempted,
    CaseName,
    CaseRecord,
    Change,
    Claimed,
    Conflicting,
    DeliveryRecord,
    Kept,
    NewCase,
    NewDelivery,
    Receipt,
    UnmatchedMessage,
)
from gateway.flow.timeline import GATEWAY, GENESIS, Entry, Link, Step, link


@dataclass(slots=True, eq=False)
class CaseRow:
    """One case with all that belongs to it."""

    new: NewCase
    record: CaseRecord
    timeline: list[Link] = field(default_factory=list)
    inbox: list[InboxMessage] = field(default_factory=list)
    deliveries: list["DeliveryRow"] = field(default_factory=list)

    @property
    def called(self) -> tuple[HsaId, str | None]:
        """Whose it is, and what that holder calls it."""
        return self.record.holder, self.record.external_case_id

    @property
    def first_undone(self) -> "DeliveryRow | None":
        """The delivery that all later ones of the case wait for."""
        undone = (d for d in self.deliveries if d.state is not DeliveryState.DELIVERED)
        return next(undone, None)

    def note(self, entry: Entry) -> None:
        """Put an entry at the head of the timeline."""
        previous = self.timeline[-1].hash if self.timeline else GENESIS
        self.timeline.append(link(entry, len(self.timeline) + 1, previous))

    @property
    def is_open(self) -> bool:
        """Tell whether anything can still happen to it."""
        return self.record.state not in {CaseState.CLOSED, CaseState.WITHDRAWN}

    def call_it(self, external_case_id: str | None, *, anew: bool = False) -> None:
        """Keep what the holder calls the case, as it said first; `anew` when for good."""
        before = None if anew and external_case_id else self.record.external_case_id
        self.record = replace(self.record, external_case_id=before or external_case_id)

    def messages_since(self, since: datetime | None) -> tuple[InboxMessage, ...]:
        """Tell the messages in the citizen's inbox sent at or after `since`."""
        return tuple(m for m in self.inbox if since is None or m.sent_at >= since)


@dataclass(slots=True, eq=False)
class DeliveryRow:
    """One delivery in the outbox."""

    case: CaseRow
    new: NewDelivery
    due_at: datetime
    waiting_since: datetime
    claimed_at: datetime
    lease_until: datetime
    state: DeliveryState = DeliveryState.WAITING
    attempts: int = 0
    reason: str | None = None
    remote_id: str | None = None
    history: list[Attempt] = field(default_factory=list)

    @property
    def id(self) -> UUID:
        """The same as its message's."""
        return UUID(self.new.message_id)

    @property
    def record(self) -> DeliveryRecord:
        """Where it stands."""
        return DeliveryRecord(
            id=self.id,
            case_number=self.case.record.number,
            event=self.new.event,
            destination=self.new.destination,
            state=self.state,
            created_at=self.new.created_at,
            due_at=self.due_at,
            attempts=self.attempts,
            reason=self.reason,
            remote_id=self.remote_id,
        )

    @property
    def message(self) -> Message:
        """What its destination is told."""
        record, new, case = self.case.record, self.new, self.case.new.case
        if new.event not in BRINGING_EVENTS:
            case = replace(case, attachments=())
        return Message(
            message_id=new.message_id,
            event=new.event,
            case_number=record.number,
            created_at=new.created_at,
            unit=record.unit,
            case=case,
            supplement=new.supplement,
        )

    def claim(self, now: datetime, lease: timedelta) -> Claimed:
        """Let one worker alone try it until the lease ends."""
        self.state, self.claimed_at, self.lease_until = DeliveryState.SENDING, now, now + lease
        self.attempts += 1
        return Claimed(
            id=self.id,
            destination=self.new.destination,
            owner=self.case.record.holder,
            attempt=self.attempts,
            claimed_at=now,
            waiting_since=self.waiting_since,
            message=self.message,
        )

    def abandoned(self) -> Abandoned:
        """Tell of the attempt whose worker stopped on the way."""
        destination, attempt = self.new.destination, self.attempts
        return Abandoned(self.id, destination, attempt, self.claimed_at, self.waiting_since)

    def end(self, attempted: Attempted, at: datetime) -> None:
        """Write what the latest attempt came to; an attempt to be repeated makes no entry."""
        ended = Attempt(self.attempts, self.claimed_at, at, attempted.outcome, attempted.reason)
        self.history.append(ended)
        self.state, self.due_at = attempted.state, attempted.due_at or at
        self.reason, self.remote_id = attempted.reason, attempted.remote_id
        self.case.call_it(attempted.remote_id, anew=self is self.case.deliveries[0])
        if self.state is DeliveryState.DELIVERED:
            self._note(Step.DELIVERY_DELIVERED, at, {"external_case_id": attempted.remote_id})
        if self.state is DeliveryState.PARKED:
            self._note(Step.DELIVERY_PARKED, at, {"reason": attempted.reason})

    @property
    def is_on_its_way(self) -> bool:
        """Tell whether it was sent and its answer is not here."""
        return self.attempts > 0 and self.state in {DeliveryState.WAITING, DeliveryState.SENDING}

    def wait_again(self, at: datetime) -> None:
        """Wait, due at once, with its patience new and its attempts counted on."""
        self.state, self.due_at, self.waiting_since = DeliveryState.WAITING, at, at

    def _note(self, step: Step, at: datetime, told: dict[str, str | None]) -> None:
        details = {"destination": self.new.destination, "attempt": self.attempts, **told}
        self.case.note(Entry(step, at, GATEWAY, details))


@dataclass(slots=True, eq=False)
class Books:
    """All that is kept; entered by one at a time, and by nobody while it is gone."""

    cases: dict[str, CaseRow] = field(default_factory=dict)
    by_sender: dict[tuple[HsaId, str], CaseRow] = field(default_factory=dict)
    deliveries: dict[UUID, DeliveryRow] = field(default_factory=dict)
    received: dict[tuple[HsaId, str], tuple[str, Receipt]] = field(default_factory=dict)
    unmatched: dict[tuple[HsaId, str], UnmatchedMessage] = field(default_factory=dict)
    unit_inboxes: dict[tuple[HsaId, str], datetime] = field(default_factory=dict)
    gone: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __enter__(self) -> Self:
        """Begin; raises Unavailable while all is gone."""
        self.lock.acquire()
        if self.gone:
            self.lock.release()
            raise Unavailable("the store is gone")
        return self

    def __exit__(self, *_: object) -> None:
        """Let the next one in."""
        self.lock.release()

    def add(self, new: NewCase) -> Kept | Conflicting:
        """Keep a new case, or answer as the first time."""
        first = self.by_sender.get((new.sender, new.case.case_id))
        if first is not None:
            return answer_again(new.fingerprint, first.new.fingerprint, receipt_of(first.new))
        case = CaseRow(new, _record(new))
        self.cases[new.number] = self.by_sender[new.sender, new.case.case_id] = case
        self.take(case, Change(case.record.state, new.entry, new.confirmation, new.delivery))
        return Kept(receipt_of(new), repeated=False)

    def take(self, case: CaseRow, change: Change) -> None:
        """Change a case, with all that follows from it."""
        case.record = replace(case.record, state=change.state)
        case.call_it(change.external_case_id)
        case.note(change.entry)
        if change.inbox is not None:
            case.inbox.append(change.inbox)
        if change.delivery is not None:
            at = change.delivery.created_at
            delivery = DeliveryRow(case, change.delivery, at, at, at, at)
            case.deliveries.append(delivery)
            self.deliveries[delivery.id] = delivery

    def named(self, name: CaseName) -> CaseRow | Ambiguous | None:
        """Find a case by its number, by what its holder calls it, or by both."""
        called = [case for case in self.cases.values() if case.called == name.external]
        still_open = [case for case in called if case.is_open]
        if name.number is not None:
            case = self.cases.get(name.number)
            strange = case is not None and case not in called and still_open
            return Ambiguous() if name.external and strange else case
        if len(still_open) > 1 and len(called) > 1:
            return Ambiguous()
        return max(still_open or called, key=lambda case: case.record.id, default=None)

    def of(self, person: PersonId) -> list[CaseRow]:
        """Find a citizen's cases, in the order they came."""
        own = [c for c in self.cases.values() if c.new.case.submitter.person_id == person]
        return sorted(own, key=lambda case: case.record.id)

    def claimable(self, now: datetime) -> list[DeliveryRow]:
        """Find the first of each case that is not done, where it waits and is due."""
        undone = [case.first_undone for case in self.cases.values()]
        return [d for d in undone if d and d.state is DeliveryState.WAITING and d.due_at <= now]


def answer_again(digest: str, first: str, receipt: Receipt) -> Kept | Conflicting:
    """Answer what came before: the first receipt if it says the same."""
    return Kept(receipt, repeated=True) if digest == first else Conflicting()


def without_content(message: InboxMessage) -> InboxMessage:
    """Leave out the bytes of the attachments."""
    files = tuple(replace(file, content=b"") for file in message.attachments)
    return replace(message, attachments=files)


def comes_after(message_id: str, after: str | None) -> bool:
    """Tell whether a message is on a later page; nothing comes after what is no id."""
    if after is None:
        return True
    try:
        return UUID(message_id) > UUID(after)
    except ValueError:
        return False


def receipt_of(new: NewCase) -> Receipt:
    """Give the receipt that the sender of a case got first."""
    return Receipt(new.number, new.received_at, new.warnings)


def _record(new: NewCase) -> CaseRecord:
    return CaseRecord(
        id=new.id,
        number=new.number,
        kind=new.case.kind,
        state=CaseState.SUBMITTED,
        region=new.region,
        unit=new.unit,
        unit_name=new.unit_name,
        destination=new.delivery.destination,
        holder=new.holder,
        sender=new.sender,
        received_at=new.received_at,
        due_at=new.due_at,
        external_case_id=None,
    )
