"""The counts of many units are read from a bounded part of an index (DOMAIN A11, B3)."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import event, text

from gateway.flow.board import Counting
from gateway.store import boards
from gateway.testing.builders import NOW, UNIT

pytest_plugins = ["gateway.testing.postgres"]

COUNTING = Counting(NOW, NOW + timedelta(days=7))


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_sqlite_counts_the_open_cases_of_an_inbox_and_no_others(store):
    """DOMAIN A11: not the closed ones, of which there are a hundred times as many."""
    plan = [step[-1] for step in _plan(store, "EXPLAIN QUERY PLAN")]
    looked = [step for step in plan if "unit_inbox" in step]
    assert all(
        "unit_inbox_by_arrival (owner_key=? AND shelf=? AND kind=?" in one for one in looked
    )
    assert [step for step in plan if "SCAN cases" in step or "SCAN handlings" in step] == []


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_postgres_counts_the_open_cases_of_an_inbox_and_no_others(store):
    """DOMAIN A11: each place of the index leads to its case and to how it is handled."""
    plan = [step[0] for step in _plan(store, "EXPLAIN (COSTS OFF)")]
    looked = re.findall(r" Scan(?: using (\w+))? on (?!strand)", str(plan))
    assert {*looked} == {"unit_inbox_by_arrival", "cases_pk", "handlings_pk"}
    assert sum("Index Cond: (" in step for step in plan) == len(looked)


def _plan(store, explain):
    asked = []
    # Settings hold to the end of a transaction, and reading has none on PostgreSQL.
    with store.database.writing() as connection:
        if connection.dialect.name == "postgresql":
            # A small table would be read whole.
            for way in ("seqscan", "bitmapscan", "sort"):
                connection.execute(text(f"SET LOCAL enable_{way} = off"))
        event.listen(connection, "before_cursor_execute", lambda *told: asked.append(told[2:4]))
        connection.execute(*boards.counted([UNIT.key], COUNTING))
        statement, values = asked[-1]
        return connection.exec_driver_sql(f"{explain} {statement}", values).all()
