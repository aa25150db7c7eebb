"""A page of an inbox, merged from strands that each lie sorted in an index (DOMAIN E1)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from heapq import merge
from itertools import islice, product
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    String,
    Uuid,
    bindparam,
    literal_column,
    select,
    tuple_,
    union_all,
)

from gateway.domain.case import Kind
from gateway.domain.handling import UNHANDLED
from gateway.domain.hsa import HsaId
from gateway.flow.ports import UnitInboxItem
from gateway.flow.unit_list import Bookmark, Due, Order, Selection, Shelf
from gateway.store.handlings import handling_of, handlings
from gateway.store.moment import Moment
from gateway.store.records import Found, Row, Wanted, case_record
from gateway.store.shelves import unit_inbox
from gateway.store.tables import cases

# Each owner is up to six strands, and SQLite takes 500 in a statement.
_OWNERS_AT_ONCE = 40


def page(
    connection: Connection,
    owners: frozenset[HsaId],
    after: Bookmark | None,
    limit: int,
    selection: Selection,
) -> list[UnitInboxItem]:
    """Read a page of the cases of these inboxes, however many lie there."""
    keys = sorted(owner.key for owner in owners)
    parts = [
        connection.execute(*merged(part, after, limit, selection)).all() for part in in_parts(keys)
    ]
    backwards = selection.order is Order.NEWEST
    places = [*islice(merge(*parts, key=itemgetter(0, 1), reverse=backwards), limit)]
    ids = [place.case_id for place in places]
    found = {row.id: row for row in connection.execute(_CASES, {"ids": ids})}
    return [_item(place, found[place.case_id]) for place in places]


def in_parts(keys: Sequence[str]) -> list[Sequence[str]]:
    """Give as many owners at once as fit in a statement."""
    return [keys[n : n + _OWNERS_AT_ONCE] for n in range(0, len(keys), _OWNERS_AT_ONCE)]


def merged(
    keys: Sequence[str], after: Bookmark | None, limit: int, wanted: Selection
) -> tuple[Wanted, Row]:
    """Give the statement that finds a page in the inboxes of these keys, and its values."""
    after, wanted = _start(after, wanted)
    strands = [*_strands(keys, wanted)]
    values: Row = {"most": limit, "due_from": wanted.due_from, "due_before": wanted.due_before}
    if wanted.assigned is not None and wanted.assigned.whom is not None:
        values["assignee"] = wanted.assigned.whom.key
    if after is not None:
        values |= {"after_at": after.at, "after_id": after.case_id}
    for number, strand in enumerate(strands):
        values |= {f"{name}_{number}": value for name, value in strand.items()}
    shape = _Shape(
        strands=len(strands),
        columns=tuple(strands[0]),
        order=wanted.order,
        assigned=None if wanted.assigned is None else wanted.assigned.whom is not None,
        is_from=wanted.due_from is not None,
        is_before=wanted.due_before is not None,
        goes_on=after is not None,
    )
    return _statement(shape), values


def _item(place: Found, case: Found) -> UnitInboxItem:
    return UnitInboxItem(
        record=case_record(case),
        arrived_at=place.arrived_at,
        handling=UNHANDLED if case.handled_id is None else handling_of(case),
        reminded=Due(case.reminded) if case.reminded else None,
    )


def _start(after: Bookmark | None, wanted: Selection) -> tuple[Bookmark | None, Selection]:
    """Say once where to begin: told two ways, SQLite takes an index that fits less well."""
    if after is None or wanted.due_from is None:
        return after, wanted
    if after.at < wanted.due_from:
        return None, wanted
    return after, replace(wanted, due_from=None)


def _strands(keys: Sequence[str], wanted: Selection) -> Iterator[dict[str, str]]:
    """Tell what all have in common that lie together and sorted in an index."""
    shelves = [wanted.shelf] if wanted.shelf else [*Shelf]
    kinds = [wanted.kind] if wanted.kind else [*Kind]
    unit = {"unit_key": wanted.unit.key} if wanted.unit else {}
    for key in keys:
        whose = {"owner_key": key, **unit}
        if wanted.order is not Order.DUE:
            for shelf, kind in product(shelves, kinds):
                yield {**whose, "shelf": shelf.value, "kind": kind.value}
        elif wanted.kind is not None:
            yield {**whose, "kind": wanted.kind.value}
        else:
            yield whose


@dataclass(frozen=True, slots=True)
class _Shape:
    """What makes one statement another than the next; `assigned` to somebody, nobody or both."""

    strands: int
    columns: tuple[str, ...]
    order: Order
    assigned: bool | None
    is_from: bool
    is_before: bool
    goes_on: bool


# To put a statement together takes far longer than to find a page with it.
@lru_cache(maxsize=256)
def _statement(shape: _Shape) -> Wanted:
    strands = [_strand(number, shape) for number in range(shape.strands)]
    if len(strands) == 1:
        return strands[0]
    # A limit inside of a union must stand in a select of its own.
    each = [select(strand.subquery("strand")) for strand in strands]
    together = union_all(*each).subquery("found")
    return _sorted(select(together), (together.c.place_at, together.c.case_id), shape)


def _strand(number: int, shape: _Shape) -> Wanted:
    at = unit_inbox.c.due_at if shape.order is Order.DUE else unit_inbox.c.arrived_at
    place = at, unit_inbox.c.case_id
    common = (unit_inbox.c[name] == bindparam(f"{name}_{number}") for name in shape.columns)
    strand = select(at.label("place_at"), unit_inbox.c.case_id, unit_inbox.c.arrived_at)
    strand = strand.where(*common, *_conditions(shape))
    if shape.goes_on:
        after = tuple_(bindparam("after_at", type_=Moment), bindparam("after_id", type_=Uuid))
        here = tuple_(*place)
        strand = strand.where(here < after if shape.order is Order.NEWEST else here > after)
    return _sorted(strand, place, shape)


def _conditions(shape: _Shape) -> Iterator[ColumnElement[bool]]:
    if shape.assigned is True:
        yield unit_inbox.c.assignee_key == bindparam("assignee")
    if shape.assigned is False:
        yield unit_inbox.c.assignee_key.is_(None)
    if shape.order is Order.DUE:
        # The open cases that have a due date, as their indexes have them.
        yield unit_inbox.c.shelf == literal_column(f"'{Shelf.OPEN.value}'", String)
        # Where a time says as much, this would lead SQLite to an index that fits less well.
        if not (shape.is_from or shape.is_before):
            yield unit_inbox.c.due_at.is_not(None)
    if shape.is_from:
        yield unit_inbox.c.due_at >= bindparam("due_from")
    if shape.is_before:
        yield unit_inbox.c.due_at < bindparam("due_before")


def _sorted(rows: Wanted, place: Sequence[ColumnElement[Any]], shape: _Shape) -> Wanted:
    if shape.order is Order.NEWEST:
        place = [column.desc() for column in place]
    return rows.order_by(*place).limit(bindparam("most"))


_CASES = (
    select(cases, handlings.c.case_id.label("handled_id"), *handlings.c[1:])
    .join(handlings, isouter=True)
    .where(cases.c.id.in_(bindparam("ids", expanding=True)))
)
