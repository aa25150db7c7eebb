"""What the contract does again and again: take in a case, change it, claim and deliver."""
# ruff: noqa: S101 (assert is how pytest speaks)

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from uuid_utils.compat import uuid7

from gateway.domain.case import Case, CaseEvent
from gateway.domain.lifecycle import CaseState, DeliveryState
from gateway.flow.ports import (
    Ambiguous,
    Attempt,
    Attempted,
    CaseName,
    CaseRecord,
    Change,
    Claimed,
    Conflicting,
    Decide,
    DeliveryRecord,
    Kept,
    NewCase,
    Received,
)
from gateway.flow.store import Store
from gateway.flow.timeline import Entry, Step
from gateway.testing.builders import (
    CASE_SYSTEM,
    DESTINATION,
    E_SERVICE,
    NOW,
    UNIT,
    make_delivery,
    make_entry,
    make_inbox_message,
    make_new_case,
    make_supplement,
)

LATER = NOW + timedelta(hours=1)
LEASE = timedelta(seconds=60)

DELIVERED = Attempted(DeliveryState.DELIVERED, "delivered")
PARKED = Attempted(DeliveryState.PARKED, "refused", "they say that the unit is closed")


def postponed(due_at: datetime) -> Attempted:
    """Give an attempt that is to be repeated then."""
    return Attempted(DeliveryState.WAITING, "try-later", "they answered 503", due_at)


def accept(store: Store, case: Case | None = None, **only_what_matters: Any) -> NewCase:
    """Take in one case; the names are the fields of NewCase."""
    new = make_new_case(case, **only_what_matters)
    [answer] = store.cases.add([new])
    assert isinstance(answer, Kept)
    return new


def record_of(new: NewCase) -> CaseRecord:
    """Tell where a new case stands."""
    return CaseRecord(
        id=new.id,
        number=new.number,
        kind=new.case.kind,
        state=CaseState.SUBMITTED,
        region="norr",
        unit=UNIT,
        unit_name=new.unit_name,
        destination=DESTINATION,
        holder=CASE_SYSTEM,
        sender=E_SERVICE,
        received_at=NOW,
        due_at=new.due_at,
        external_case_id=None,
    )


def make_received(**only_what_matters: Any) -> Received:  # the fields of Received
    """Build what was received of a message about a case, with an id of its own."""
    first = Received(CASE_SYSTEM, str(uuid7()), "the digest of what it says", LATER)
    return replace(first, **only_what_matters)


def change(
    store: Store, number: str, decide: Decide, **only_what_matters: Any
) -> Kept | Conflicting | Ambiguous | None:
    """Change the case with that number; the names are the fields of Received."""
    received = make_received(**only_what_matters)
    return store.cases.change(CaseName(number=number), received, decide)


def answer(**only_what_matters: Any) -> Decide:
    """Decide that the citizen gets an answer; the names are the fields of InboxMessage."""

    def decide(case: CaseRecord) -> Change:
        message = make_inbox_message(case_number=case.number, **only_what_matters)
        return Change(CaseState.ANSWERED, _entry(Step.MESSAGE_ACCEPTED), inbox=message)

    return decide


def supplement(**only_what_matters: Any) -> Decide:
    """Decide that the destination gets a supplement; the names are the fields of Supplement."""

    def decide(case: CaseRecord) -> Change:
        delivery = make_delivery(
            event=CaseEvent.SUPPLEMENTED,
            destination=case.destination,
            created_at=LATER,
            supplement=make_supplement(**only_what_matters),
        )
        return Change(case.state, _entry(Step.CASE_SUPPLEMENTED), delivery=delivery)

    return decide


def name_it(external_case_id: str) -> Decide:
    """Decide nothing but what the holder calls the case."""
    entry = _entry(Step.MESSAGE_ACCEPTED)
    return lambda case: Change(case.state, entry, external_case_id=external_case_id)


def close() -> Decide:
    """Decide that nothing more can happen to the case."""
    entry = _entry(Step.MESSAGE_ACCEPTED)
    return lambda case: Change(CaseState.CLOSED, entry)


def refuse(error: Exception) -> Callable[[CaseRecord], Change]:
    """Decide that this cannot be."""

    def decide(_: CaseRecord) -> Change:
        raise error

    return decide


def claim(
    store: Store, limit: int = 10, at: datetime = LATER, destination: str = DESTINATION
) -> list[Claimed]:
    """Claim what may be claimed."""
    return store.deliveries.claim(destination, limit, at, LEASE)


def claim_least_tried(store: Store, limit: int = 10) -> list[Claimed]:
    """Claim what may be claimed and was tried least."""
    return store.deliveries.claim(DESTINATION, limit, LATER, LEASE, least_tried=True)


def claim_one(store: Store, at: datetime = LATER) -> Claimed:
    """Claim the only one that may be claimed."""
    [claimed] = claim(store, at=at)
    return claimed


def deliver_one(store: Store, attempted: Attempted = DELIVERED) -> Claimed:
    """Claim the only one that may be claimed, and record what came of it."""
    claimed = claim_one(store)
    assert store.deliveries.record(claimed, attempted, LATER)
    return claimed


def found(store: Store, claimed: Claimed) -> tuple[DeliveryRecord, list[Attempt]]:
    """Read where a delivery stands, and its history."""
    there = store.deliveries.find(claimed.id)
    assert there is not None
    return there


def steps(store: Store, number: str) -> list[Step]:
    """Tell what stands on a case's timeline, in short."""
    return [link.entry.step for link in store.cases.timeline(number)]


def _entry(step: Step) -> Entry:
    return make_entry(step=step, at=LATER, actor=CASE_SYSTEM.text, details={})
