"""The outbox in SQL: claimed with a lease, recorded behind a fence (DESIGN decision 4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter
from uuid import UUID

import structlog
from sqlalchemy import Connection, and_, bindparam, func, select, update
from sqlalchemy.sql.dml import ReturningUpdate

from gateway.domain.lifecycle import DeliveryState
from gateway.domain.message import Message
from gateway.flow.ports import (
    Abandoned,
    Attempt,
    Attempted,
    Claimed,
    DeliveryRecord,
)
from gateway.flow.recording import Ended
from gateway.flow.timeline import Entry
from gateway.flow.watching import SILENT, Watching
from gateway.store import carried, claims, naming, recording, replaying, timelines, wakes
from gateway.store.engine import Database
from gateway.store.records import Found, Wanted, delivery_record
from gateway.store.tables import attempts, case_events, cases, outbox, standing

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class SqlDeliveries:
    """
    The outbox; what the methods promise stands in the port.

    `watching` is told of what cannot be read: no worker ever gets to try it.
    """

    database: Database
    watching: Watching = SILENT

    def due(self, now: datetime) -> list[str]:
        """Tell the destinations that have something to be claimed."""
        with self.database.reading() as connection:
            return claims.destinations(connection, now)

    def claim(
        self,
        destination: str,
        limit: int,
        now: datetime,
        lease: timedelta,
        *,
        least_tried: bool = False,
    ) -> list[Claimed]:
        """Claim the deliveries that have been due longest, each for one worker only."""
        statement = claims.TAKE_LEAST_TRIED if least_tried else claims.TAKE
        with self.database.writing() as connection:
            ids = claims.take(connection, statement, destination, limit, now, now + lease)
            claimed, unreadable = carried.load(connection, ids)
            parked = [Ended(left, _parked(error), now) for left, error in unreadable]
            if parked:
                recording.record_all(connection, parked)
        for one in parked:
            self._tell(one)
        return claimed

    def record(self, claim: Claimed | Abandoned, attempted: Attempted, at: datetime) -> bool:
        """Write what an attempt came to, unless the claim is no longer the latest."""
        (recorded,) = self.record_all([Ended(claim, attempted, at)])
        return recorded

    def record_all(self, ended: Sequence[Ended]) -> list[bool]:
        """Write what several attempts came to; all or none."""
        with self.database.writing() as connection:
            return recording.record_all(connection, ended)

    def bring_forward(self, destination: str, at: datetime, most: int) -> None:
        """Let the deliveries that would be tried there next be due at once."""
        with self.database.writing() as connection:
            claims.bring_forward(connection, destination, at, most)

    def take_up(self, delivery: UUID, now: datetime, lease: timedelta) -> Abandoned | None:
        """Hold the attempt of a delivery, or begin one where it waits."""
        with self.database.writing() as connection:
            return claims.take_up(connection, delivery, now, now + lease)

    def message(self, delivery: UUID) -> Message | None:
        """Read what a delivery tells its destination; None when it is unknown or unreadable."""
        with self.database.reading() as connection:
            found, _ = carried.load(connection, [delivery])
            return found[0].message if found else None

    def renew(self, claims: Sequence[Claimed], until: datetime) -> None:
        """Hold claims until then, where they are the latest."""
        # In the order in which what came of them is recorded.
        ordered = sorted(claims, key=attrgetter("id"))
        held = [{"delivery": c.id, "fence": c.attempt, "until": until} for c in ordered]
        with self.database.writing() as connection:
            connection.execute(_RENEW, held)

    def abandoned(self, now: datetime) -> list[Abandoned]:
        """Read the attempts whose lease has ended."""
        with self.database.reading() as connection:
            return carried.abandoned(connection, now)

    def listed(
        self, state: DeliveryState | None, destination: str | None, after: UUID | None, limit: int
    ) -> list[DeliveryRecord]:
        """Read a page of deliveries in the order they were made."""
        wanted = _records().order_by(outbox.c.id).limit(limit)
        if state is not None:
            wanted = wanted.where(outbox.c.state == standing(state))
        if state not in {None, DeliveryState.DELIVERED}:
            # Says no more, but leads SQLite to the index of the few that are not delivered.
            wanted = wanted.where(outbox.c.state != standing(DeliveryState.DELIVERED))
        if destination is not None:
            wanted = wanted.where(outbox.c.destination == destination)
        if after is not None:
            wanted = wanted.where(outbox.c.id > after)
        with self.database.reading() as connection:
            return [delivery_record(row) for row in connection.execute(wanted)]

    def find(self, delivery: UUID) -> tuple[DeliveryRecord, list[Attempt]] | None:
        """Read one delivery with all its attempts."""
        history = (
            select(attempts).where(attempts.c.delivery_id == delivery).order_by(attempts.c.number)
        )
        with self.database.reading() as connection:
            record = _read(connection, delivery)
            if record is None:
                return None
            return record, [_attempt(row) for row in connection.execute(history)]

    def replay(self, delivery: UUID, entry: Entry, at: datetime) -> DeliveryRecord | None:
        """Let a parked delivery wait again, with its patience and its waits new."""
        return self._wait(replaying.AGAIN, delivery, entry, at)

    def hurry(self, delivery: UUID, entry: Entry, at: datetime) -> DeliveryRecord | None:
        """Let a delivery that waits be due at once."""
        return self._wait(_HURRY, delivery, entry, at)

    def _tell(self, unreadable: Ended) -> None:
        left = unreadable.claim
        log.error("delivery.unreadable", delivery=str(left.id), destination=left.destination)
        self.watching.attempted(left, unreadable.attempted, unreadable.at)

    def _wait(
        self, statement: ReturningUpdate[UUID], delivery: UUID, entry: Entry, at: datetime
    ) -> DeliveryRecord | None:
        with self.database.writing() as connection:
            naming.lock_by_delivery(connection, delivery)
            values = {"delivery": delivery, "at": at}
            case_id = connection.execute(statement, values).scalar_one_or_none()
            if case_id is None:
                return None
            timelines.append(connection, case_id, entry)
            wakes.tell(connection)
            return _read(connection, delivery)


def _records() -> Wanted:
    earlier = outbox.alias("earlier")
    undone = earlier.alias("undone")
    first = (
        select(func.min(undone.c.number))
        .where(
            undone.c.case_id == outbox.c.case_id,
            undone.c.number < outbox.c.number,
            undone.c.state != standing(DeliveryState.DELIVERED),
            undone.c.state != standing(DeliveryState.MOVED),
        )
        .scalar_subquery()
    )
    return (
        select(
            outbox,
            cases.c.case_number,
            case_events.c.event,
            earlier.c.number.label("blocker"),
            earlier.c.state.label("blocker_state"),
            earlier.c.reason.label("blocker_reason"),
        )
        .join(case_events, case_events.c.id == outbox.c.id)
        .join(cases, cases.c.id == outbox.c.case_id)
        .outerjoin(
            earlier,
            and_(
                earlier.c.case_id == outbox.c.case_id,
                earlier.c.number == first,
                # Says no more, but leads SQLite to the index of the few that are not delivered.
                earlier.c.state != standing(DeliveryState.DELIVERED),
            ),
        )
    )


def _read(connection: Connection, delivery: UUID) -> DeliveryRecord | None:
    row = connection.execute(_records().where(outbox.c.id == delivery)).one_or_none()
    return None if row is None else delivery_record(row)


def _parked(error: Exception) -> Attempted:
    """Park what nobody but us can mend; only the kind of the error is told (DOMAIN C4)."""
    reason = f"our own record of it cannot be read: {type(error).__name__}"
    return Attempted(DeliveryState.PARKED, "unreadable", reason)


def _attempt(row: Found) -> Attempt:
    return Attempt(row.number, row.started_at, row.ended_at, row.outcome, row.reason)


_RENEW = (
    update(outbox)
    .where(
        outbox.c.id == bindparam("delivery"),
        outbox.c.attempts == bindparam("fence"),
        outbox.c.state == standing(DeliveryState.SENDING),
    )
    .values(lease_until=bindparam("until"))
)
_HURRY = (
    update(outbox)
    .where(
        outbox.c.id == bindparam("delivery"),
        outbox.c.state == standing(DeliveryState.WAITING),
    )
    .values(due_at=bindparam("at"))
    .returning(outbox.c.case_id)
)
