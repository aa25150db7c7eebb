"""Which deliveries may be claimed, and in which order (DESIGN decision 6)."""

from datetime import datetime
from uuid import UUID

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

from gateway.domain.lifecycle import DeliveryState
from gateway.flow.ports import Abandoned
from gateway.store.tables import outbox, standing

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
    return and_(_due(), is_first())


def _due() -> ColumnElement[bool]:
    return and_(_WAITING, outbox.c.due_at <= bindparam("moment"))


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
        .where(outbox.c.id.in_(select(oldest.c.id)))
        # Asked again of the row that is locked: another may have claimed, tried or moved it since.
        .where(outbox.c.destination == bindparam("name"), _due())
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


# As SQL text: of a bound limit PostgreSQL may forget in its plans how small it is.
_ONE = literal_column("1", Integer)
_LOOKED_AT = literal_column("100", Integer)
_WAITING = outbox.c.state == standing(DeliveryState.WAITING)
DESTINATIONS = _destinations()
TAKE = _take(_oldest())
TAKE_LEAST_TRIED = _take(_least_tried())
_BRING_FORWARD = _bring_forward()
_TAKE_UP = _take_up()
