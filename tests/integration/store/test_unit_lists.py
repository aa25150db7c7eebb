"""Lists of an inbox are read from an index, however many cases lie in it (DOMAIN E1)."""

import re
from datetime import timedelta
from itertools import product

import pytest
from sqlalchemy import event, text
from uuid_utils.compat import uuid7

from gateway.domain.case import Kind
from gateway.domain.hsa import HsaId
from gateway.flow.unit_list import AssignedTo, Bookmark, Order, Selection, Shelf
from gateway.store import unit_lists
from gateway.testing.builders import NOW, UNIT

pytest_plugins = ["gateway.testing.postgres"]

NURSE = AssignedTo(HsaId("SE2321000016-NURSE"))
LATER = Bookmark(NOW, uuid7())
# Every kind of list that is read from one place in an index.
LISTS = [
    Selection(shelf, kind, assigned, order=order, unit=unit)
    for shelf, kind, assigned, order, unit in product(
        (Shelf.OPEN, Shelf.CLOSED),
        Kind,
        (None, NURSE, AssignedTo(None)),
        (Order.OLDEST, Order.NEWEST),
        (None, UNIT),
    )
] + [
    Selection(None, None, assigned, since, before, Order.DUE, unit)
    for assigned, since, before, unit in product(
        (None, NURSE, AssignedTo(None)),
        (None, NOW - timedelta(days=7)),
        (None, NOW),
        (None, UNIT),
    )
]


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_sqlite_finds_a_page_in_an_index_without_sorting(store):
    """DOMAIN E1: the first page and the last of 100 000 cases cost the same."""
    for wanted, after in product(LISTS, (None, LATER)):
        [step] = _plan(store, "EXPLAIN QUERY PLAN", wanted, after)
        told = r"SEARCH unit_inbox USING (?:COVERING )?INDEX (\w+) \(owner_key=\?.+\)"
        found = re.fullmatch(told, step[-1])
        assert found, (wanted, step)
        assert found[1] == _index(wanted), (wanted, after)


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_postgres_finds_a_page_in_an_index_without_sorting(store):
    """DOMAIN E1: also where a small table would be read whole."""
    for wanted in LISTS:
        [(plan,)] = _plan(store, "EXPLAIN (FORMAT JSON)", wanted, LATER)
        nodes = set(re.findall(r"'Node Type': '([^']+)'", str(plan)))
        assert nodes <= {"Limit", "Index Scan", "Index Only Scan"}, wanted
        assert "'Index Name': 'unit_inbox_" in str(plan)


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_list_of_everything_is_merged_from_short_ones(store):
    """DOMAIN E1: only what each strand gives, at most a page, is sorted."""
    plan = [step[-1] for step in _plan(store, "EXPLAIN QUERY PLAN", Selection(), None)]
    searched = [step for step in plan if "unit_inbox" in step]
    assert len(searched) == len(Shelf) * len(Kind)
    assert all("INDEX unit_inbox_by_arrival (owner_key=? AND shelf=?" in one for one in searched)


def _index(wanted):
    """Name the index that fits best: of the unit rather than of the assignee, who has more."""
    is_due = wanted.order is Order.DUE
    if wanted.unit:
        return "unit_inbox_due_of_unit" if is_due else "unit_inbox_of_unit"
    if wanted.assigned:
        return "unit_inbox_due_of_assignee" if is_due else "unit_inbox_of_assignee"
    return "unit_inbox_due" if is_due else "unit_inbox_by_arrival"


def _plan(store, explain, wanted, after):
    asked = []
    # Settings hold to the end of a transaction, and reading has none on PostgreSQL.
    with store.database.writing() as connection:
        if connection.dialect.name == "postgresql":
            # What is left is what the indexes give; a sort would still be told.
            for way in ("seqscan", "bitmapscan", "sort"):
                connection.execute(text(f"SET LOCAL enable_{way} = off"))
        event.listen(connection, "before_cursor_execute", lambda *told: asked.append(told[2:4]))
        connection.execute(*unit_lists.merged([UNIT.key], after, 21, wanted))
        statement, values = asked[-1]
        return connection.exec_driver_sql(f"{explain} {statement}", values).all()
