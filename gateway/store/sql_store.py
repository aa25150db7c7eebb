"""The store as it is opened by the app: cases, deliveries and unit inboxes in one database."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from gateway.store.cases import SqlCases
from gateway.store.deliveries import SqlDeliveries
from gateway.store.engine import Database
from gateway.store.unit_inboxes import SqlUnitInboxes


@dataclass(frozen=True, slots=True)
class SqlStore:
    """The store, by concept; see the ports for what each promises."""

    cases: SqlCases
    deliveries: SqlDeliveries
    unit_inboxes: SqlUnitInboxes
    database: Database

    def ready(self) -> bool:
        """Tell whether the database answers now."""
        return self.database.ready()

    def close(self) -> None:
        """Close the connections that are not in use."""
        self.database.close()


def _now() -> datetime:
    return datetime.now(UTC)


def open_store(url: str, clock: Callable[[], datetime] = _now) -> SqlStore:
    """Open the store of a database; its schema must be there (see `schema.upgrade`)."""
    database = Database(url)
    return SqlStore(
        SqlCases(database),
        SqlDeliveries(database),
        SqlUnitInboxes(database, clock),
        database,
    )
