"""Deliveries that were claimed, with the messages that they carry, and those that were left."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import orjson
from sqlalchemy import Connection, and_, bindparam, case, select

from gateway.domain.case import BRINGING_EVENTS, CaseEvent, Supplement
from gateway.domain.hsa import HsaId
from gateway.domain.lifecycle import DeliveryState
from gateway.domain.message import Message
from gateway.domain.notation import case_from_json, supplement_from_json
from gateway.flow.ports import Abandoned, Claimed
from gateway.store import files
from gateway.store.files import Files
from gateway.store.forwarding import history
from gateway.store.records import Found, Wanted
from gateway.store.tables import case_events, cases, outbox, standing


def load(
    connection: Connection, ids: Sequence[UUID]
) -> tuple[list[Claimed], list[tuple[Abandoned, Exception]]]:
    """Read claimed deliveries, the one longest due first; and those that cannot be read."""
    if not ids:
        return [], []
    found = connection.execute(_LOAD, {"ids": ids}).all()
    owners = {owner for row in found for owner in _owners(row)}
    came_with = files.of_owners(connection, owners)
    claimed, unreadable = [], []
    for row in found:
        try:
            claimed.append(_claimed(row, _message(connection, row, came_with)))
        except Exception as error:  # noqa: BLE001 one bad row must not stop the others
            unreadable.append((_left(row), error))
    return claimed, unreadable


def abandoned(connection: Connection, now: datetime) -> list[Abandoned]:
    """
    Read the attempts whose lease has ended, the one that ended first first.

    Those that somebody has locked are left out: whoever waits for them can see to nothing else.
    """
    return [_left(row) for row in connection.execute(_ABANDONED, {"now": now})]


def _load() -> Wanted:
    first, own = case_events.alias("first"), case_events.alias("own")
    return (
        select(
            outbox,
            cases.c.case_number,
            cases.c.unit_hsa_id,
            own.c.event,
            first.c.id.label("case_event_id"),
            first.c.content.label("case_content"),
            case((own.c.number > 1, own.c.content)).label("own_content"),
            cases.c.forwards,
        )
        .join(cases, cases.c.id == outbox.c.case_id)
        .join(own, own.c.id == outbox.c.id)
        .join(first, and_(first.c.case_id == outbox.c.case_id, first.c.number == 1))
        .where(outbox.c.id.in_(bindparam("ids", expanding=True)))
        .order_by(outbox.c.due_at, outbox.c.id)
    )


_LOAD = _load()
_ABANDONED = (
    select(outbox, cases.c.case_number)
    .join(cases, cases.c.id == outbox.c.case_id)
    .where(
        outbox.c.state == standing(DeliveryState.SENDING), outbox.c.lease_until < bindparam("now")
    )
    .order_by(outbox.c.lease_until)
    .with_for_update(read=True, skip_locked=True, of=outbox)
)


def _claimed(row: Found, message: Message) -> Claimed:
    return Claimed(
        id=row.id,
        destination=row.destination,
        attempt=row.attempts,
        claimed_at=row.claimed_at,
        waiting_since=row.waiting_since,
        message=message,
        attempts_before=row.attempts_before or 0,
    )


def _left(row: Found) -> Abandoned:
    return Abandoned(
        id=row.id,
        destination=row.destination,
        attempt=row.attempts,
        claimed_at=row.claimed_at,
        waiting_since=row.waiting_since,
        attempts_before=row.attempts_before or 0,
        case_number=row.case_number,
    )


def _owners(row: Found) -> Iterator[UUID]:
    """Tell whose attachments go along: the case's own only when it is brought."""
    yield row.id
    if row.event in BRINGING_EVENTS:
        yield row.case_event_id


def _message(connection: Connection, row: Found, came_with: Files) -> Message:
    submitted = case_from_json(orjson.loads(row.case_content))
    is_forwarded = row.event == CaseEvent.FORWARDED.value
    told = orjson.loads(row.own_content) if is_forwarded and row.own_content else {}
    said = told.get("said", ())
    return Message(
        message_id=str(row.id),
        event=CaseEvent(row.event),
        case_number=row.case_number,
        created_at=row.created_at,
        unit=HsaId(row.unit_hsa_id),
        case=replace(submitted, attachments=came_with.get(row.case_event_id, ())),
        supplement=_supplement(row, came_with),
        reason=told.get("reason"),
        forwarded_to=HsaId(row.forwards[-1]["to"]) if row.forwards else None,
        history=history(connection, row.case_id, row.number, said) if is_forwarded else (),
    )


def _supplement(row: Found, came_with: Files) -> Supplement | None:
    if row.event != CaseEvent.SUPPLEMENTED.value:
        return None
    supplement = supplement_from_json(orjson.loads(row.own_content))
    return replace(supplement, attachments=came_with.get(row.id, ()))
