"""Which alarms stand, so that each turn is told once by all nodes together (DOMAIN G2)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Column, String, Table, delete, select, tuple_, update

from gateway.flow.alarms import Alarm, Alert, Seen
from gateway.store import alert_outbox
from gateway.store.engine import Database
from gateway.store.moment import Moment
from gateway.store.once import insert_once
from gateway.store.records import Row
from gateway.store.tables import metadata

alarms = Table(
    "alarms",
    metadata,
    Column("kind", String, primary_key=True),
    Column("destination", String, primary_key=True),
    Column("fault", String, primary_key=True),
    Column("began_at", Moment, nullable=False),
    Column("seen_by", String),
    Column("seen_at", Moment),
    sqlite_with_rowid=False,
)

_KEY = tuple_(alarms.c.kind, alarms.c.destination, alarms.c.fault)


@dataclass(frozen=True, slots=True)
class SqlAlarms:
    """Which alarms stand; what the methods promise stands in the port."""

    database: Database

    def standing(self) -> Mapping[Alarm, Seen]:
        """Tell the alarms that have begun and not ended."""
        with self.database.reading() as connection:
            return {
                alert_outbox.alarm_of(row): Seen(row.seen_by, row.seen_at or row.began_at)
                for row in connection.execute(select(alarms))
            }

    def begin(self, alert: Alert, seen: Seen, channels: Sequence[str]) -> bool:
        """Let an alarm begin; False when it had begun."""
        with self.database.writing() as connection:
            begins = insert_once(connection, alarms, _row(alert, seen))
            if begins:
                alert_outbox.put(connection, alert, channels)
            return begins

    def end(self, alert: Alert, channels: Sequence[str]) -> bool:
        """Let an alarm end; False when it had ended."""
        gone = delete(alarms).where(_KEY.in_([_key(alert.alarm)]))
        with self.database.writing() as connection:
            ends = connection.execute(gone).rowcount == 1
            if ends:
                alert_outbox.put(connection, alert, channels)
            return ends

    def see(self, alarms_: Collection[Alarm], seen: Seen) -> None:
        """Note that these stand still."""
        still = update(alarms).where(_KEY.in_([*map(_key, alarms_)]))
        with self.database.writing() as connection:
            connection.execute(still.values(seen_by=seen.by, seen_at=seen.at))

    def let_go(self, node: str) -> None:
        """Forget who saw last what this node did."""
        seen_by_nobody = update(alarms).where(alarms.c.seen_by == node).values(seen_by=None)
        with self.database.writing() as connection:
            connection.execute(seen_by_nobody)


def _key(alarm: Alarm) -> tuple[str, ...]:
    return tuple(alert_outbox.columns_of(alarm).values())


def _row(alert: Alert, seen: Seen) -> Row:
    moments = {"began_at": alert.at, "seen_by": seen.by, "seen_at": seen.at}
    return alert_outbox.columns_of(alert.alarm) | moments
