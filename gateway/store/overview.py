"""What stands in the outbox and waits for a receipt, read from small indexes (DOMAIN G1, G2)."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    Boolean,
    Connection,
    Index,
    Select,
    String,
    and_,
    bindparam,
    cast,
    func,
    literal_column,
    select,
    union_all,
)

from gateway.domain.case import BRINGING_EVENTS
from gateway.domain.hsa import HsaId
from gateway.domain.lifecycle import OPEN_STATES, CaseState, DeliveryState
from gateway.flow.watching import Queue
from gateway.store.engine import Database
from gateway.store.records import Wanted
from gateway.store.tables import case_events, cases, outbox, standing

_SUBMITTED = literal_column(f"state = '{CaseState.SUBMITTED.value}'", Boolean)

# Cases whose holder has said nothing yet: few beside all that there are.
Index(
    "cases_without_answer",
    cases.c.destination,
    cases.c.received_at,
    sqlite_where=_SUBMITTED,
    postgresql_where=_SUBMITTED,
)


@dataclass(frozen=True, slots=True)
class SqlOverview:
    """What stands where; what the methods promise stands in the port."""

    database: Database

    def queues(self) -> Mapping[str, Queue]:
        """Tell what each destination has not had yet."""
        with self.database.reading() as connection:
            parked = _parked(connection)
            waiting = connection.execute(_WAITING).all()
            made = _made_at(connection, [UUID(row.oldest) for row in waiting])
        queues = {
            row.destination: Queue(
                row.waiting, made.get(UUID(row.oldest)), parked.pop(row.destination, {})
            )
            for row in waiting
        }
        return queues | {name: Queue(parked=groups) for name, groups in parked.items()}

    def unanswered_since(self, destination: str, before: datetime) -> datetime | None:
        """Tell when the oldest case was received that its holder has said nothing of."""
        values = {"name": destination, "moment": before}
        with self.database.reading() as connection:
            found: datetime | None = connection.scalar(_UNANSWERED, values)
            return found

    def open_cases(self) -> Mapping[tuple[str, str], int]:
        """Count the cases that wait for an answer, by unit and destination."""
        counted: Counter[tuple[str, str]] = Counter()
        with self.database.reading() as connection:
            for row in connection.execute(_OPEN_CASES):
                counted[HsaId(row.unit_hsa_id).key, row.destination] += row.open
        return counted


def _parked(connection: Connection) -> dict[str, dict[str, int]]:
    groups: dict[str, dict[str, int]] = {}
    for row in connection.execute(_PARKED):
        # What was parked by an older version has no fingerprint.
        groups.setdefault(row.destination, {})[row.fault or ""] = row.parked
    return groups


def _made_at(connection: Connection, ids: list[UUID]) -> dict[UUID, datetime]:
    return {row.id: row.created_at for row in connection.execute(_MADE_AT, {"ids": ids})}


def _waiting() -> Wanted:
    """
    Count what is not ended, and find the oldest: ids are in the order of making.

    Two equalities, because each has its own small index. PostgreSQL finds no smallest of UUIDs.
    """
    states = (DeliveryState.WAITING, DeliveryState.SENDING)
    parts = [
        select(outbox.c.destination, outbox.c.id).where(outbox.c.state == standing(state))
        for state in states
    ]
    undone = union_all(*parts).subquery()
    oldest = func.min(cast(undone.c.id, String)).label("oldest")
    counted = select(undone.c.destination, func.count().label("waiting"), oldest)
    return counted.group_by(undone.c.destination)


_BRINGING = [event.value for event in BRINGING_EVENTS]


def _unanswered() -> Select[datetime]:
    """Walk through the cases without an answer, oldest first, to one that was delivered."""
    brings = and_(case_events.c.case_id == cases.c.id, case_events.c.event.in_(_BRINGING))
    delivered = and_(
        outbox.c.id == case_events.c.id,
        outbox.c.state == standing(DeliveryState.DELIVERED),
        # It may have been replayed elsewhere than its case is.
        outbox.c.destination == cases.c.destination,
        # When it was delivered, since it is not due any more.
        outbox.c.due_at <= bindparam("moment"),
    )
    after = case_events.alias("after")
    later = select(1).where(
        after.c.case_id == cases.c.id,
        after.c.number > case_events.c.number,
        after.c.event.in_(_BRINGING),
    )
    return (
        select(cases.c.received_at)
        .join(case_events, brings)
        .join(outbox, delivered)
        .where(
            cases.c.state == literal_column(f"'{CaseState.SUBMITTED.value}'", String),
            cases.c.destination == bindparam("name"),
            cases.c.received_at <= bindparam("moment"),
            # What a holder before this one got, perhaps at the same destination, counts no more.
            ~later.exists(),
        )
        .order_by(cases.c.received_at)
        .limit(literal_column("1"))
    )


_WAITING = _waiting()
_PARKED = (
    select(outbox.c.destination, outbox.c.fault, func.count().label("parked"))
    .where(outbox.c.state == standing(DeliveryState.PARKED))
    .group_by(outbox.c.destination, outbox.c.fault)
)
_MADE_AT = select(outbox.c.id, outbox.c.created_at).where(
    outbox.c.id.in_(bindparam("ids", expanding=True))
)
_UNANSWERED = _unanswered()
_OPEN_CASES = (
    select(cases.c.unit_hsa_id, cases.c.destination, func.count().label("open"))
    .where(cases.c.state.in_([state.value for state in OPEN_STATES]))
    .group_by(cases.c.unit_hsa_id, cases.c.destination)
)
