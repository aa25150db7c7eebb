"""The database is opened so that what is committed stays, and long queues cost no more."""

import re

import pytest
from sqlalchemy import Engine, event, text

from gateway.domain.errors import StartRefused
from gateway.store import claims
from gateway.store.engine import Database
from gateway.testing.builders import NOW
from gateway.testing.store_contract.acts import accept, claim_one
from gateway.testing.store_contract.methods import every_method

pytest_plugins = ["gateway.testing.postgres"]

PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


@pytest.fixture
def new_file(tmp_path):
    """The URL of a new SQLite file."""
    return f"sqlite:///{tmp_path}/vaxel.sqlite3"


@pytest.mark.parametrize(("pragma", "wanted"), PRAGMAS.items())
def test_sqlite_is_durable_on_every_connection(new_file, pragma, wanted):
    """DESIGN decision 4: WAL with synchronous=FULL survives a loss of power."""
    database = Database(new_file)
    with database.reading() as one, database.reading() as other:
        found = [connection.scalar(text(f"PRAGMA {pragma}")) for connection in (one, other)]
    assert found == [wanted, wanted]
    database.close()


def test_reading_sees_one_moment_of_sqlite(url, store):
    """What is read in one go belongs together, whoever writes meanwhile."""
    accept(store)
    count = text("SELECT count(*) FROM cases")
    with store.database.reading() as connection:
        before = connection.scalar(count)
        accept(store)
        meanwhile = connection.scalar(count)
    assert before == 1
    assert meanwhile == (1 if url.startswith("sqlite") else 2)


def test_what_is_raised_while_writing_rolls_back(store):
    """All of a change is written, or nothing."""
    new = accept(store)

    def close_all_cases_but_fail():
        with store.database.writing() as connection:
            connection.execute(text("UPDATE cases SET state = 'CLOSED'"))
            raise LookupError

    with pytest.raises(LookupError):
        close_all_cases_but_fail()
    assert store.cases.find(new.number).state.value == "SUBMITTED"


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///file:x.db?uri=true",
        "mysql://h/d",
        "vaxel.db",
    ],
)
def test_a_database_that_cannot_be_used_is_refused_at_the_start(wrong):
    """CONTRACT `vaxel check`: the words say what to use, and never show the URL."""
    with pytest.raises(StartRefused, match=r"sqlite:///path.*postgresql://"):
        Database(wrong)


@pytest.fixture
def plan():
    """How SQLite goes about each statement that it was given."""
    steps: list[str] = []

    def explain(cursor, statement, values):
        if statement.startswith(("SELECT", "WITH", "UPDATE")):
            found = cursor.connection.execute(f"EXPLAIN QUERY PLAN {statement}", values)
            steps.extend(step for *_, step in found)

    def listen(_connection, cursor, statement, values, _context, _many):
        explain(cursor, statement, values)

    event.listen(Engine, "before_cursor_execute", listen)
    yield steps
    event.remove(Engine, "before_cursor_execute", listen)


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_no_method_reads_a_whole_table(store, plan):
    """A database with millions of cases answers as quickly as one with a few."""
    accept(store)
    for method in every_method(store, claim_one(store)).values():
        method()
    read_whole = {step.split()[1] for step in plan if re.fullmatch(r"SCAN \w+", step)}
    assert len(plan) > 50
    # The names of what our own statements have found.
    found = {"found", "strand", "place", "picked", "anon_1"}
    few = {"alarms", "destination_states", "polls"}  # no more of them than there are destinations
    few |= {"notice_progress"}  # one row
    # The newest is the first one read; and open cases are counted for who changes routes only.
    meant = {"publications", "cases"}
    assert read_whole == found | few | meant
    assert plan.count("SCAN cases") == 1


@pytest.mark.parametrize(
    "statement",
    [claims.DESTINATIONS, claims.TAKE, claims.TAKE_LEAST_TRIED],
    ids=["due", "claim", "least tried"],
)
@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_what_waits_is_found_by_its_own_index(store, plan, statement):
    """Millions of delivered ones do not stand in the way of the few that wait."""
    with store.database.reading() as connection:
        connection.execute(statement, {"name": "", "most": 1, "moment": NOW, "until": NOW})
    outbox = [step for step in plan if " outbox " in step and "(id=?)" not in step]
    assert outbox
    assert all("INDEX outbox_waiting" in step for step in outbox)
