"""A database that was filled for measuring is one that the gateway could have written."""

import sqlite3
from contextlib import closing

import pytest

from bench.fill import multiply
from gateway.store import schema
from gateway.store.sql_store import open_store
from gateway.testing.builders import make_new_case

FEW = 50
COUNTS = [
    "SELECT count(*) FROM cases",
    "SELECT count(*) FROM case_events",
    "SELECT count(*) FROM timeline",
    "SELECT count(*) FROM outbox",
]
SQL_INDEXES = "SELECT count(*) FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"


@pytest.fixture
def database(tmp_path):
    """A database with one case."""
    path = tmp_path / "vaxel.sqlite3"
    schema.upgrade(f"sqlite:///{path}")
    store = open_store(f"sqlite:///{path}")
    store.cases.add([make_new_case()])
    store.close()
    return path


def ask(database, query):
    """Ask for one value."""
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(query).fetchone()[0]


def test_each_copy_is_a_whole_case_of_its_own(database):
    """Issue: growth is measured with cases as they are, each told apart from the others."""
    before = [ask(database, query) for query in COUNTS]
    multiply(database, FEW)
    assert [ask(database, query) for query in COUNTS] == [rows * FEW for rows in before]
    assert ask(database, "SELECT count(DISTINCT case_number) FROM cases") == FEW
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_what_looks_rows_up_is_there_again_afterwards(database):
    """Issue: the schema is the gateway's, indexes and all."""
    before = ask(database, SQL_INDEXES)
    multiply(database, FEW)
    assert ask(database, SQL_INDEXES) == before
    assert ask(database, "PRAGMA integrity_check") == "ok"
