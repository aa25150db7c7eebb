"""What attempts came to, written behind the fence, many in one transaction."""

from sqlalchemy import Connection, bindparam, update

from gateway.domain.blame import cause_of
from gateway.domain.lifecycle import DeliveryState
from gateway.flow.recording import Ended
from gateway.flow.timeline import GATEWAY, Entry, Step
from gateway.store import timelines
from gateway.store.naming import keep_external_id
from gateway.store.records import Row
from gateway.store.rows import insert_rows
from gateway.store.tables import attempts, outbox, standing


def record(connection: Connection, ended: Ended) -> bool:
    """Write what one attempt came to, unless its claim is no longer the latest."""
    row = connection.execute(_RECORD, _values(ended)).one_or_none()
    if row is None:
        return False
    _keep_attempt(connection, ended)
    entry = _entry(ended)
    if entry is not None:
        timelines.append(connection, row.case_id, entry)
    # What it answers to the case itself is what it calls the case from then on.
    external = ended.attempted.remote_id
    keep_external_id(connection, row.case_id, external, anew=row.number == 1)
    return True


def _values(ended: Ended) -> Row:
    claim, attempted = ended.claim, ended.attempted
    is_parked = attempted.state is DeliveryState.PARKED
    cause = cause_of(claim.destination, attempted.outcome, attempted.reason) if is_parked else None
    return {
        "delivery": claim.id,
        "fence": claim.attempt,
        "to_state": attempted.state.value,
        "next_at": attempted.due_at or ended.at,
        "why": attempted.reason,
        "theirs": attempted.remote_id,
        "cause": cause.fingerprint if cause else None,
        "whose": cause.blame.value if cause else None,
    }


def _keep_attempt(connection: Connection, ended: Ended) -> None:
    claim, attempted = ended.claim, ended.attempted
    row = {
        "delivery_id": claim.id,
        "number": claim.attempt,
        "started_at": claim.claimed_at,
        "ended_at": ended.at,
        "outcome": attempted.outcome,
        "reason": attempted.reason,
    }
    insert_rows(connection, attempts, [row])


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


_RECORD = (
    update(outbox)
    .where(
        outbox.c.id == bindparam("delivery"),
        outbox.c.attempts == bindparam("fence"),
        outbox.c.state == standing(DeliveryState.SENDING),
    )
    .values(
        state=bindparam("to_state"),
        due_at=bindparam("next_at"),
        lease_until=None,
        reason=bindparam("why"),
        remote_id=bindparam("theirs"),
        fault=bindparam("cause"),
        blame=bindparam("whose"),
    )
    .returning(outbox.c.case_id, outbox.c.number)
)
