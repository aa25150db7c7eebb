"""The open cases of inboxes counted by unit: a bounded part of an index (DOMAIN A11, E1)."""

from collections.abc import Sequence
from functools import lru_cache

from sqlalchemy import ColumnElement, Connection, bindparam, case, func, select

from gateway.domain.hsa import HsaId
from gateway.flow.board import Board, Counting, UnitCounts, summed
from gateway.flow.unit_list import Selection, Shelf
from gateway.store import unit_lists
from gateway.store.handlings import handlings
from gateway.store.moment import Moment
from gateway.store.records import Found, Row, Wanted
from gateway.store.tables import cases

_OPEN = Selection(shelf=Shelf.OPEN)


def board(connection: Connection, owners: frozenset[HsaId], counting: Counting) -> Board:
    """Count by unit, the oldest first, however many cases lie in these inboxes."""
    keys = sorted(owner.key for owner in owners)
    parts = [
        [_counts(row) for row in connection.execute(*counted(part, counting))]
        for part in unit_lists.in_parts(keys)
    ]
    whole = all(sum(unit.open for unit in part) < counting.most for part in parts)
    return Board(summed(unit for part in parts for unit in part), whole)


def counted(keys: Sequence[str], counting: Counting) -> tuple[Wanted, Row]:
    """Give the statement that counts in the inboxes of these keys, and its values."""
    places, values = unit_lists.merged(keys, None, counting.most, _OPEN)
    return _counting(places), {**values, "now": counting.now, "soon": counting.soon}


def _counts(row: Found) -> UnitCounts:
    return UnitCounts(
        unit=HsaId(row.unit_hsa_id),
        unit_name=row.unit_name,
        region=row.region,
        open=row.open,
        unassigned=row.unassigned,
        uncontacted=row.uncontacted,
        soon=row.soon,
        overdue=row.overdue,
    )


def _how_many(are: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((are, 1), else_=0))


# As many as there are numbers of inboxes.
@lru_cache(maxsize=64)
def _counting(places: Wanted) -> Wanted:
    place = places.subquery("place")
    now, soon = (bindparam(name, type_=Moment) for name in ("now", "soon"))
    return (
        select(
            cases.c.unit_hsa_id,
            func.max(cases.c.unit_name).label("unit_name"),
            cases.c.region,
            func.count().label("open"),
            _how_many(handlings.c.assigned_to.is_(None)).label("unassigned"),
            _how_many(handlings.c.first_contact_at.is_(None)).label("uncontacted"),
            _how_many((cases.c.due_at >= now) & (cases.c.due_at < soon)).label("soon"),
            _how_many(cases.c.due_at < now).label("overdue"),
        )
        .join_from(place, cases, cases.c.id == place.c.case_id)
        .join(handlings, handlings.c.case_id == place.c.case_id, isouter=True)
        .group_by(cases.c.region, cases.c.unit_hsa_id)
    )
