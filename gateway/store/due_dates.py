"""Due dates of open complaints in SQL, read from a small index (DOMAIN A11)."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Index,
    Select,
    String,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    select,
    text,
    update,
)

from gateway.domain.hsa import HsaId
from gateway.domain.lifecycle import OPEN_STATES, CaseState
from gateway.flow.clock import Overdue, Span, UnitClock
from gateway.flow.timeline import Entry
from gateway.flow.unit_list import Due, Shelf
from gateway.store import timelines
from gateway.store.engine import Database
from gateway.store.moment import Moment
from gateway.store.records import Found, Row, Wanted
from gateway.store.shelves import unit_inbox
from gateway.store.tables import cases

# Spelled as in the index, so that databases see that it fits (a column would be written `= 1`, and
# then it does not); one by one, because a list costs SQLite more for every case that comes in.
_OPEN = [f"state <> '{state.value}'" for state in CaseState if state not in OPEN_STATES]
_RUNNING = text(" AND ".join(["due_at IS NOT NULL", *_OPEN]))

Index(
    "cases_to_remind",
    cases.c.reminded,
    cases.c.due_at,
    sqlite_where=_RUNNING,
    postgresql_where=_RUNNING,
)


@dataclass(frozen=True, slots=True)
class SqlDueDates:
    """The due dates of open complaints; what the methods promise stands in the port."""

    database: Database

    def remind(self, due: Due, span: Span, entry: Entry, limit: int) -> int:
        """Note on the timelines of some more how they stand to their due date."""
        values = {"now": span.now, "soon": span.soon, "most": limit}
        with self.database.reading() as connection:
            # Most looks find nothing, and need no turn to write.
            if not _found(connection, due, values):
                return 0
        with self.database.writing() as connection:
            found = _found(connection, due, values, locked=True)
            timelines.append_all(connection, [(case_id, entry) for case_id in found])
            marked = [{"case": case_id, "to_due": due.value} for case_id in found]
            if marked:
                connection.execute(_MARK, marked)
        return len(found)

    def overdue(self) -> Mapping[str, Overdue]:
        """Tell for each destination what is overdue and still open."""
        with self.database.reading() as connection:
            return {
                row.destination: Overdue(row.found, row.since)
                for row in connection.execute(_OVERDUE)
            }

    def of_regions(self, regions: frozenset[str] | None, span: Span) -> list[UnitClock]:
        """Count by selected unit, in these regions or in all."""
        found = _counted().where(_RUNNING)
        if regions is not None:
            found = found.where(cases.c.region.in_(sorted(regions)))
        return self._clocks(found, span)

    def of_inboxes(self, owners: frozenset[HsaId], span: Span) -> list[UnitClock]:
        """Count by selected unit what lies in these inboxes."""
        found = (
            _counted()
            .join(unit_inbox)
            .where(
                unit_inbox.c.owner_key.in_([owner.key for owner in owners]),
                unit_inbox.c.shelf == literal_column(f"'{Shelf.OPEN.value}'", String),
                unit_inbox.c.due_at.is_not(None),
            )
        )
        return self._clocks(found, span)

    def _clocks(self, found: Wanted, span: Span) -> list[UnitClock]:
        values = {"now": span.now, "soon": span.soon}
        with self.database.reading() as connection:
            return [_clock(row) for row in connection.execute(found, values)]


def _found(connection: Connection, due: Due, values: Row, *, locked: bool = False) -> list[UUID]:
    found: list[UUID] = []
    for wanted in _TO_REMIND[due]:
        # What others hold now is looked for again in a while.
        one = wanted.with_for_update(skip_locked=True) if locked else wanted
        found += connection.scalars(one, values)
    return found


def _to_remind(reminded: Due | None, due: ColumnElement[bool]) -> Select[tuple[UUID]]:
    last = cases.c.reminded == (None if reminded is None else reminded.value)
    return (
        select(cases.c.id)
        .where(_RUNNING, last, due)
        .order_by(cases.c.due_at)
        .limit(bindparam("most"))
    )


def _counted() -> Wanted:
    is_overdue = cases.c.due_at < bindparam("now", type_=Moment)
    is_soon = cases.c.due_at < bindparam("soon", type_=Moment)
    soon_or_overdue = func.sum(case((is_soon, 1), else_=0))
    overdue = func.sum(case((is_overdue, 1), else_=0))
    return (
        select(
            cases.c.unit_hsa_id,
            func.max(cases.c.unit_name).label("unit_name"),
            cases.c.region,
            func.count().label("open"),
            (soon_or_overdue - overdue).label("soon"),
            overdue.label("overdue"),
            func.min(cases.c.due_at).label("first_due_at"),
        )
        .group_by(cases.c.region, cases.c.unit_hsa_id)
        .order_by(cases.c.region, cases.c.unit_hsa_id)
    )


def _clock(row: Found) -> UnitClock:
    return UnitClock(
        unit=HsaId(row.unit_hsa_id),
        unit_name=row.unit_name,
        region=row.region,
        open=row.open,
        soon=row.soon,
        overdue=row.overdue,
        first_due_at=row.first_due_at,
    )


_IS_OVERDUE = cases.c.due_at < bindparam("now")
_IS_SOON = and_(cases.c.due_at >= bindparam("now"), cases.c.due_at < bindparam("soon"))
# After which reminder each may come; one select for each, since each is a place in the index.
_TO_REMIND = {
    Due.OVERDUE: (_to_remind(Due.SOON, _IS_OVERDUE), _to_remind(None, _IS_OVERDUE)),
    Due.SOON: (_to_remind(None, _IS_SOON),),
}
_MARK = update(cases).where(cases.c.id == bindparam("case")).values(reminded=bindparam("to_due"))
_OVERDUE = (
    select(
        cases.c.destination,
        func.count().label("found"),
        func.min(cases.c.due_at).label("since"),
    )
    .where(_RUNNING, cases.c.reminded == Due.OVERDUE.value)
    .group_by(cases.c.destination)
)
