"""Alerts in SQL until they are brought: a row for each channel, written with the turn it tells."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Index,
    Integer,
    String,
    Table,
    Text,
    Uuid,
    bindparam,
    delete,
    exists,
    literal_column,
    select,
    tuple_,
    update,
)
from sqlalchemy.sql.dml import ReturningUpdate

from gateway.flow.alarms import Alarm, AlarmKind, Alert
from gateway.flow.alert_outbox import AlertFor, ClaimedAlert
from gateway.store.engine import Database
from gateway.store.moment import Moment
from gateway.store.records import Found
from gateway.store.rows import insert_rows
from gateway.store.tables import metadata

# While one is being brought it is due when its lease ends.
outbox = Table(
    "alert_outbox",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("channel", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("destination", String, nullable=False),
    Column("fault", String, nullable=False),
    Column("began", Boolean, nullable=False),
    Column("at", Moment, nullable=False),
    Column("detail", Text, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("attempts", Integer, nullable=False),
    Index("alert_outbox_turns", "channel", "kind", "destination", "fault", "at", "id"),
)


@dataclass(frozen=True, slots=True)
class SqlAlertOutbox:
    """What the methods promise stands in the port."""

    database: Database

    def claim(self, channel: str, now: datetime, lease: timedelta) -> ClaimedAlert | None:
        """Claim what has been due longest for a channel, each alarm's turns in their order."""
        values = {"by": channel, "moment": now}
        with self.database.reading() as connection:
            if connection.scalar(_DUE, values) is None:
                return None
        with self.database.writing() as connection:
            row = connection.execute(_TAKE, values | {"until": now + lease}).one_or_none()
        return None if row is None else ClaimedAlert(_waiting(row), row.attempts)

    def brought(self, claimed: ClaimedAlert) -> None:
        """Take it out."""
        with self.database.writing() as connection:
            connection.execute(_BROUGHT, _named(claimed))

    def postpone(self, claimed: ClaimedAlert, due_at: datetime) -> None:
        """Let it be claimed again then, unless somebody has since."""
        values = _named(claimed) | {"attempt": claimed.attempt, "next": due_at}
        with self.database.writing() as connection:
            connection.execute(_POSTPONE, values)

    def give_up(self, before: datetime) -> Sequence[AlertFor]:
        """Take out what turned before then, of all channels, and give it."""
        values = {"before": before}
        with self.database.reading() as connection:
            if connection.scalar(_ANY_OLD, values) is None:
                return []
        with self.database.writing() as connection:
            return [_waiting(row) for row in connection.execute(_GIVE_UP, values)]


def put(connection: Connection, alert: Alert, channels: Sequence[str]) -> None:
    """Let every channel bring an alert."""
    row = {
        "id": alert.id,
        **columns_of(alert.alarm),
        "began": alert.began,
        "at": alert.at,
        "detail": alert.detail,
        "due_at": alert.at,
        "attempts": 0,
    }
    insert_rows(connection, outbox, [row | {"channel": channel} for channel in channels])


def columns_of(alarm: Alarm) -> dict[str, str]:
    """Give an alarm as columns: what is parked has one for each fault, others an empty one."""
    return {"kind": alarm.kind.value, "destination": alarm.destination, "fault": alarm.group}


def alarm_of(row: Found) -> Alarm:
    """Read an alarm from those columns."""
    return Alarm(AlarmKind(row.kind), row.destination, row.fault)


def _waiting(row: Found) -> AlertFor:
    return AlertFor(row.channel, Alert(row.id, alarm_of(row), row.began, row.at, row.detail))


def _named(claimed: ClaimedAlert) -> dict[str, object]:
    return {"alert": claimed.waiting.alert.id, "by": claimed.waiting.channel}


_EARLIER = outbox.alias("earlier")
_WAITS_BEHIND = (
    exists()
    .where(
        *(
            getattr(_EARLIER.c, name) == getattr(outbox.c, name)
            for name in ("channel", "kind", "destination", "fault")
        ),
        tuple_(_EARLIER.c.at, _EARLIER.c.id) < tuple_(outbox.c.at, outbox.c.id),
    )
    .correlate(outbox)
)
_DUE = (
    select(outbox.c.id)
    .where(
        outbox.c.channel == bindparam("by"),
        outbox.c.due_at <= bindparam("moment"),
        ~_WAITS_BEHIND,
    )
    .order_by(outbox.c.due_at, outbox.c.id)
    .limit(literal_column("1", Integer))
)


def _take() -> ReturningUpdate[tuple[object, ...]]:
    # SQLite has no row locks and needs none: it lets one write at a time.
    picked = _DUE.with_for_update(skip_locked=True).cte("picked")
    return (
        update(outbox)
        .where(outbox.c.channel == bindparam("by"), outbox.c.id.in_(select(picked.c.id)))
        .values(attempts=outbox.c.attempts + 1, due_at=bindparam("until"))
        .returning(*outbox.c)
    )


_TAKE = _take()
_IS_NAMED = (outbox.c.id == bindparam("alert"), outbox.c.channel == bindparam("by"))
_BROUGHT = delete(outbox).where(*_IS_NAMED)
_POSTPONE = (
    update(outbox)
    .where(*_IS_NAMED, outbox.c.attempts == bindparam("attempt"))
    .values(due_at=bindparam("next"))
)
_IS_OLD = outbox.c.at < bindparam("before")
_ANY_OLD = select(outbox.c.id).where(_IS_OLD).limit(literal_column("1", Integer))
_GIVE_UP = delete(outbox).where(_IS_OLD).returning(*outbox.c)
