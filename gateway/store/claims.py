"""Which deliveries may be claimed, and the messages that they carry (DESIGN decision 6)."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import orjson
from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    Update,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.sql.dml import ReturningUpdate

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

Taking = ReturningUpdate[tuple[UUID]]


def destinations(connection: Connection, now: datetime) -> list[str]:
    """Tell the destinations that have something to be claimed."""
    return [*connection.scalars(DESTINATIONS, {"moment": now})]


def take(
    connection: Connection,
    statement: Taking,
    destination: str,
    limit: int,
    now: datetime,
    lease_until: datetime,
) -> list[UUID]:
    """Claim deliveries by TAKE or TAKE_LEAST_TRIED, each for this caller only."""
    values = {"name": destination, "most": limit, "moment": now, "until": lease_until}
    return [*connection.scalars(statement, values)]


def take_up(
    connection: Connection, delivery: UUID, now: datetime, lease_until: datetime
) -> Abandoned | None:
    """Hold the attempt of a delivery; where it waits and is the first of its case, begin one."""
    values = {"delivery": delivery, "moment": now, "until": lease_until}
    row = connection.execute(_TAKE_UP, values).one_or_none()
    return None if row is None else Abandoned(*row)


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
    """Read the attempts whose lease has ended, the one that ended first first."""
    return [_left(row) for row in connection.execute(_ABANDONED, {"now": now})]


def bring_forward(connection: Connection, destination: str, at: datetime, most: int) -> None:
    """Let the deliveries that would be tried there next be due at once."""
    connection.execute(_BRING_FORWARD, {"name": destination, "now": at, "most": most})


def is_first() -> ColumnElement[bool]:
    """Tell of a row of the outbox whether all that came before it for its case has its end."""
    earlier = outbox.alias("earlier")
    undone = select(1).where(
        earlier.c.case_id == outbox.c.case_id,
        earlier.c.number < outbox.c.number,
        earlier.c.state != standing(DeliveryState.DELIVERED),
        earlier.c.state != standing(DeliveryState.MOVED),
    )
    return ~undone.exists()


# The statements are made once: to make one takes longer than to run it.


def _claimable() -> ColumnElement[bool]:
    """Tell of a row of the outbox whether it waits, is due, and is the first of its case."""
    return and_(_WAITING, outbox.c.due_at <= bindparam("moment"), is_first())


def _destinations() -> Select[tuple[str]]:
    """
    Step from one destination to the next in the index, and look for the first that is due there.

    So a long queue costs no more than a short one. The full order and the limits keep PostgreSQL
    to the index of what waits; with `min` and `exists` it reads the whole outbox.
    """
    queue = outbox.c.destination, outbox.c.due_at, outbox.c.id
    first = select(outbox.c.destination).where(_WAITING).order_by(*queue).limit(_ONE)
    found = select(first.scalar_subquery().label("destination")).cte("found", recursive=True)
    following = first.where(outbox.c.destination > found.c.destination).scalar_subquery()
    found = found.union_all(select(following).where(found.c.destination.is_not(None)))
    here = outbox.c.destination == found.c.destination
    due = select(outbox.c.id).where(here, _claimable()).order_by(*queue).limit(_ONE)
    return select(found.c.destination).where(due.scalar_subquery().is_not(None))


def _oldest() -> Select[UUID]:
    """Choose what has been due longest, without its limit."""
    return (
        select(outbox.c.id)
        .where(outbox.c.destination == bindparam("name"), _claimable())
        .order_by(outbox.c.due_at, outbox.c.id)
    )


def _least_tried() -> Select[UUID]:
    """Choose what was tried least of the oldest, without its limit."""
    oldest = _oldest().limit(_LOOKED_AT).cte("oldest")
    return (
        select(outbox.c.id)
        # Asked again of the row that is locked: another may have claimed it since the look.
        .where(outbox.c.id.in_(select(oldest.c.id)), _WAITING)
        .order_by(outbox.c.attempts, outbox.c.due_at, outbox.c.id)
    )


def _take(chosen: Select[UUID]) -> Taking:
    # SQLite has no row locks and needs none: it lets one write at a time.
    limited = chosen.limit(bindparam("most"))
    picked = limited.with_for_update(skip_locked=True, of=outbox).cte("picked")
    return (
        update(outbox)
        .where(outbox.c.id.in_(select(picked.c.id)))
        .values(
            state=DeliveryState.SENDING.value,
            attempts=outbox.c.attempts + 1,
            claimed_at=bindparam("moment"),
            lease_until=bindparam("until"),
        )
        .returning(outbox.c.id)
    )


def _take_up() -> ReturningUpdate[UUID, str, int, datetime, datetime, int]:
    is_claimed = outbox.c.state == standing(DeliveryState.SENDING)
    may_go = and_(_WAITING, is_first())
    moment = bindparam("moment", type_=outbox.c.claimed_at.type)
    return (
        update(outbox)
        .where(outbox.c.id == bindparam("delivery"), or_(is_claimed, may_go))
        .values(
            state=DeliveryState.SENDING.value,
            attempts=outbox.c.attempts + case((_WAITING, 1), else_=0),
            claimed_at=case((_WAITING, moment), else_=outbox.c.claimed_at),
            lease_until=bindparam("until"),
        )
        .returning(
            outbox.c.id,
            outbox.c.destination,
            outbox.c.attempts,
            outbox.c.claimed_at,
            outbox.c.waiting_since,
            func.coalesce(outbox.c.attempts_before, 0),
        )
    )


def _bring_forward() -> Update:
    later = (
        select(outbox.c.id)
        .where(
            outbox.c.destination == bindparam("name"),
            _WAITING,
            outbox.c.due_at > bindparam("now"),
            is_first(),
        )
        .order_by(outbox.c.due_at, outbox.c.id)
        .limit(bindparam("most"))
    )
    return update(outbox).where(outbox.c.id.in_(later)).values(due_at=bindparam("now"))


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


# As SQL text: of a bound limit PostgreSQL may forget in its plans how small it is.
_ONE = literal_column("1", Integer)
_LOOKED_AT = literal_column("100", Integer)
_WAITING = outbox.c.state == standing(DeliveryState.WAITING)
DESTINATIONS = _destinations()
TAKE = _take(_oldest())
TAKE_LEAST_TRIED = _take(_least_tried())
_BRING_FORWARD = _bring_forward()
_TAKE_UP = _take_up()
_LOAD = _load()
_ABANDONED = (
    select(outbox, cases.c.case_number)
    .join(cases, cases.c.id == outbox.c.case_id)
    .where(
        outbox.c.state == standing(DeliveryState.SENDING), outbox.c.lease_until < bindparam("now")
    )
    .order_by(outbox.c.lease_until)
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
