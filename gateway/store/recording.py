"""What attempts came to, written behind the fence, many in one transaction."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection, bindparam, select, update

from gateway.domain.blame import cause_of
from gateway.domain.case import BRINGING_EVENTS
from gateway.domain.lifecycle import DeliveryState
from gateway.flow.recording import Ended
from gateway.flow.timeline import GATEWAY, Entry, Step
from gateway.store import timelines
from gateway.store.naming import keep_external_id
from gateway.store.records import Found, Row
from gateway.store.rows import insert_rows
from gateway.store.tables import attempts, case_events, outbox, standing

# A delivery's id and the number of its attempt.
_Fence = tuple[UUID, int]


def record_all(connection: Connection, ended: Sequence[Ended]) -> list[bool]:
    """
    Write what attempts came to; False for each whose claim is no longer the latest.

    A few statements for all of them: more time goes by around a statement than in it.
    """
    claimed = _claimed(connection, ended)
    held: dict[_Fence, Ended] = {}
    for one in ended:
        if _fence(one) in claimed:
            held.setdefault(_fence(one), one)
    if held:
        connection.execute(_RECORD, [_values(one) for one in held.values()])
        insert_rows(connection, attempts, [_attempt(one) for one in held.values()])
        entries = [(claimed[fence].case_id, _entry(one)) for fence, one in held.items()]
        timelines.append_all(connection, [(case, entry) for case, entry in entries if entry])
    for fence, one in held.items():
        # What it answers to the case itself is what it calls the case from then on.
        row, external = claimed[fence], one.attempted.remote_id
        is_brought = row.event in BRINGING_EVENTS
        keep_external_id(connection, row.case_id, external, anew=is_brought)
    return [held.get(_fence(one)) is one for one in ended]


def _claimed(connection: Connection, ended: Sequence[Ended]) -> dict[_Fence, Found]:
    """Read those that are under way, and keep others from changing them until the end."""
    found = connection.execute(_CLAIMED, {"deliveries": [one.claim.id for one in ended]})
    return {(row.id, row.attempts): row for row in found}


def _fence(ended: Ended) -> _Fence:
    return ended.claim.id, ended.claim.attempt


def _values(ended: Ended) -> Row:
    claim, attempted = ended.claim, ended.attempted
    is_parked = attempted.state is DeliveryState.PARKED
    cause = cause_of(claim.destination, attempted.outcome, attempted.reason) if is_parked else None
    return {
        "delivery": claim.id,
        "to_state": attempted.state.value,
        "next_at": attempted.due_at or ended.at,
        "why": attempted.reason,
        "theirs": attempted.remote_id,
        "cause": cause.fingerprint if cause else None,
        "whose": cause.blame.value if cause else None,
    }


def _attempt(ended: Ended) -> Row:
    claim, attempted = ended.claim, ended.attempted
    return {
        "delivery_id": claim.id,
        "number": claim.attempt,
        "started_at": claim.claimed_at,
        "ended_at": ended.at,
        "outcome": attempted.outcome,
        "reason": attempted.reason,
    }


def _entry(ended: Ended) -> Entry | None:
    """Give what goes on the case's timeline; an attempt that is to be repeated does not."""
    claim, attempted = ended.claim, ended.attempted
    details: dict[str, str | int | None]
    details = {"destination": claim.destination, "attempt": claim.attempt}
    match attempted.state:
        case DeliveryState.DELIVERED:
            details["external_case_id"] = attempted.remote_id
            return Entry(Step.DELIVERY_DELIVERED, ended.at, GATEWAY, details)
        case DeliveryState.PARKED:
            details["reason"] = attempted.reason
            return Entry(Step.DELIVERY_PARKED, ended.at, GATEWAY, details)
        case _:
            return None


_CLAIMED = (
    select(outbox.c.id, outbox.c.attempts, outbox.c.case_id, case_events.c.event)
    .join(case_events, case_events.c.id == outbox.c.id)
    .where(
        outbox.c.id.in_(bindparam("deliveries", expanding=True)),
        outbox.c.state == standing(DeliveryState.SENDING),
    )
    # Always in the same order, so that two who write do not wait for each other.
    .order_by(outbox.c.id)
    .with_for_update(of=outbox)
)
_RECORD = (
    update(outbox)
    .where(outbox.c.id == bindparam("delivery"))
    .values(
        state=bindparam("to_state"),
        due_at=bindparam("next_at"),
        lease_until=None,
        reason=bindparam("why"),
        remote_id=bindparam("theirs"),
        fault=bindparam("cause"),
        blame=bindparam("whose"),
    )
)
