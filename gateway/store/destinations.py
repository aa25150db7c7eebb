"""The health of destinations in SQL: breakers behind a fence, and pauses (DOMAIN C2)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Select, bindparam, func, select, union_all, update

from gateway.domain.breaker import Breaker, BreakerState
from gateway.domain.lifecycle import DeliveryState
from gateway.flow.ports import Backlog, DestinationState, Paused
from gateway.store.destination_table import destination_states
from gateway.store.engine import Database
from gateway.store.once import insert_once
from gateway.store.records import Found
from gateway.store.tables import outbox, standing


@dataclass(frozen=True, slots=True)
class SqlDestinationStates:
    """The health of destinations; what the methods promise stands in the port."""

    database: Database

    def all(self) -> dict[str, DestinationState]:
        """Read the state of every destination that something is kept about."""
        with self.database.reading() as connection:
            return {row.destination: _state(row) for row in connection.execute(_ALL)}

    def move(self, destination: str, seen: Breaker, new: Breaker) -> bool:
        """Write the next of a breaker, where it is still as it was seen."""
        values = _row(new) | {"name": destination, "seen": seen.version}
        with self.database.writing() as connection:
            if seen.version == 0:
                _begin(connection, destination)
            return connection.execute(_MOVE, values).one_or_none() is not None

    def pause(self, destination: str, paused: Paused) -> bool:
        """Stop the deliveries to a destination, unless they are stopped."""
        values = {"name": destination, "at": paused.at, "by": paused.by, "why": paused.reason}
        with self.database.writing() as connection:
            _begin(connection, destination)
            return connection.execute(_PAUSE, values).one_or_none() is not None

    def resume(self, destination: str) -> bool:
        """Let them go on, if they are stopped."""
        with self.database.writing() as connection:
            return connection.execute(_RESUME, {"name": destination}).one_or_none() is not None

    def backlogs(self) -> dict[str, Backlog]:
        """Count what waits or is under way, by destination."""
        with self.database.reading() as connection:
            return {row[0]: Backlog(row[1], row[2]) for row in connection.execute(_BACKLOGS)}


def _begin(connection: Connection, destination: str) -> None:
    """Make the row of a destination that was always well, unless it is there."""
    insert_once(connection, destination_states, {"destination": destination} | _row(Breaker()))


def _row(breaker: Breaker) -> dict[str, object]:
    return {
        "version": breaker.version,
        "state": breaker.state.value,
        "failures": breaker.failures,
        "openings": breaker.openings,
        "failing_since": breaker.failing_since,
        "next_at": breaker.next_at,
        "allowed": breaker.allowed,
    }


def _backlogs() -> Select[str, int, datetime]:
    """Count what is not ended; two equalities, because each has its own small index."""
    states = (DeliveryState.WAITING, DeliveryState.SENDING)
    parts = [
        select(outbox.c.destination, outbox.c.created_at).where(outbox.c.state == standing(state))
        for state in states
    ]
    undone = union_all(*parts).subquery()
    counted = select(undone.c.destination, func.count(), func.min(undone.c.created_at))
    return counted.group_by(undone.c.destination)


def _state(row: Found) -> DestinationState:
    breaker = Breaker(
        version=row.version,
        state=BreakerState(row.state),
        failures=row.failures,
        openings=row.openings,
        failing_since=row.failing_since,
        next_at=row.next_at,
        allowed=row.allowed,
    )
    if row.paused_at is None:
        return DestinationState(breaker)
    return DestinationState(breaker, Paused(row.pause_reason, row.paused_by, row.paused_at))


_ALL = select(destination_states)
_MOVE = (
    update(destination_states)
    .where(
        destination_states.c.destination == bindparam("name"),
        destination_states.c.version == bindparam("seen"),
    )
    .values({name: bindparam(name) for name in _row(Breaker())})
    .returning(destination_states.c.destination)
)
_PAUSE = (
    update(destination_states)
    .where(
        destination_states.c.destination == bindparam("name"),
        destination_states.c.paused_at.is_(None),
    )
    .values(paused_at=bindparam("at"), paused_by=bindparam("by"), pause_reason=bindparam("why"))
    .returning(destination_states.c.destination)
)
_RESUME = (
    update(destination_states)
    .where(
        destination_states.c.destination == bindparam("name"),
        destination_states.c.paused_at.is_not(None),
    )
    .values(paused_at=None, paused_by=None, pause_reason=None)
    .returning(destination_states.c.destination)
)
_BACKLOGS = _backlogs()
