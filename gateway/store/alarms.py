"""Which alarms stand, so that each turn is told once by all nodes together (DOMAIN G2)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, String, Table, delete, select

from gateway.flow.alarms import Alarm, AlarmKind
from gateway.store.engine import Database
from gateway.store.moment import Moment
from gateway.store.once import insert_once
from gateway.store.tables import metadata

# What is parked has an alarm for each fault; others have an empty one.
alarms = Table(
    "alarms",
    metadata,
    Column("kind", String, primary_key=True),
    Column("destination", String, primary_key=True),
    Column("fault", String, primary_key=True),
    Column("began_at", Moment, nullable=False),
    sqlite_with_rowid=False,
)


@dataclass(frozen=True, slots=True)
class SqlAlarms:
    """Which alarms stand; what the methods promise stands in the port."""

    database: Database

    def standing(self) -> frozenset[Alarm]:
        """Tell the alarms that have begun and not ended."""
        with self.database.reading() as connection:
            return frozenset(
                Alarm(AlarmKind(row.kind), row.destination, row.fault)
                for row in connection.execute(select(alarms))
            )

    def begin(self, alarm: Alarm, at: datetime) -> bool:
        """Let an alarm begin; False when it had begun."""
        row = {
            "kind": alarm.kind.value,
            "destination": alarm.destination,
            "fault": alarm.group,
            "began_at": at,
        }
        with self.database.writing() as connection:
            return insert_once(connection, alarms, row)

    def end(self, alarm: Alarm) -> bool:
        """Let an alarm end; False when it had ended."""
        gone = delete(alarms).where(
            alarms.c.kind == alarm.kind.value,
            alarms.c.destination == alarm.destination,
            alarms.c.fault == alarm.group,
        )
        with self.database.writing() as connection:
            return connection.execute(gone).rowcount == 1
