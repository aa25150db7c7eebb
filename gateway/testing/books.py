"""What the store in memory keeps, and how the parts belong together."""

import threading
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self
from uuid import UUID

from gateway.domain.errors import Unavailable
from gateway.domain.hsa import HsaId
from gateway.domain.lifecycle import CaseState, DeliveryState
from gateway.domain.person import PersonId
from gateway.flow.ports import (
    Ambiguous,
    CaseName,
    CaseRecord,
    Change,
    Conflicting,
    Kept,
    NewCase,
    Receipt,
    UnmatchedMessage,
)
from gateway.flow.statistics import Placing, placed_nowhere
from gateway.flow.unmatched_retention import MessageDisposal
from gateway.testing.memory_facts import count
from gateway.testing.memory_forwarding import hand_over
from gateway.testing.memory_rows import CaseRow, DeliveryRow


@dataclass(slots=True, eq=False)
class Books:
    """All that is kept; entered by one at a time, and by nobody while it is gone."""

    cases: dict[str, CaseRow] = field(default_factory=dict)
    by_sender: dict[tuple[HsaId, str], CaseRow] = field(default_factory=dict)
    deliveries: dict[UUID, DeliveryRow] = field(default_factory=dict)
    received: dict[tuple[HsaId, str], tuple[str, Receipt]] = field(default_factory=dict)
    # None where one was let go, so that the others keep their places.
    unmatched: dict[tuple[HsaId, str], UnmatchedMessage | None] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    disposed_messages: dict[tuple[HsaId, str], MessageDisposal] = field(default_factory=dict)
    unit_inboxes: dict[tuple[HsaId, str], datetime] = field(default_factory=dict)
    placing: Placing = placed_nowhere
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
        case = CaseRow(new, record_of(new))
        self.cases[new.number] = self.by_sender[new.sender, new.case.case_id] = case
        self.take(case, Change(case.record.state, new.entry, new.confirmation, new.delivery))
        return Kept(receipt_of(new), repeated=False)

    def take(self, case: CaseRow, change: Change) -> None:
        """Change a case, with all that follows from it."""
        if change.handled is not None:
            case.handling = change.handled(case.handling)
        if change.handover is not None:
            if change.handover.holder != case.record.holder:
                self.unit_inboxes.pop((case.record.holder, case.record.number), None)
            hand_over(case, change.handover)
        before = case.record.state
        case.move(change.state, change.entry.at)
        case.call_it(change.external_case_id)
        count(case, before, change.entry.at, self.placing)
        case.note(change.entry)
        if change.inbox is not None:
            case.inbox.append(change.inbox)
        if change.delivery is not None:
            at = change.delivery.created_at
            first = case.first_undone
            if first is not None and first.state is DeliveryState.WAITING:
                first.due_at = min(first.due_at, at)
            delivery = DeliveryRow(case, change.delivery, at, at, at, at, len(case.inbox))
            case.deliveries.append(delivery)
            self.deliveries[delivery.id] = delivery

    def is_moved(self, message_id: str) -> bool:
        """Tell whether a message has gone along with its case to another holder."""
        rows = (row for key, row in self.deliveries.items() if str(key) == message_id)
        return any(row.state is DeliveryState.MOVED for row in rows)

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
        kept = (case for case in self.cases.values() if not case.is_disposed)
        own = [case for case in kept if case.new.case.submitter.person_id == person]
        return sorted(own, key=lambda case: case.record.id)

    def claimable(self, now: datetime) -> list[DeliveryRow]:
        """Find the first of each case that is not done, where it waits and is due."""
        undone = [case.first_undone for case in self.cases.values()]
        return [d for d in undone if d and d.state is DeliveryState.WAITING and d.due_at <= now]


def answer_again(digest: str, first: str, receipt: Receipt) -> Kept | Conflicting:
    """Answer what came before: the first receipt if it says the same."""
    return Kept(receipt, repeated=True) if digest == first else Conflicting()


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


def record_of(new: NewCase) -> CaseRecord:
    """Give where a new case stands."""
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
