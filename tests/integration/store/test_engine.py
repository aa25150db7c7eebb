"""The database is opened so that what is committed stays, and long queues cost no more."""

import pytest
from sqlalchemy import text

from gateway.domain.errors import StartRefused
from gateway.store import claims
from gateway.store.engine import Database
from gateway.testing.store_contract.acts import accept

pytest_plugins = ["gateway.testing.postgres"]

PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


@pytest.fixture
def sqlite_url(tmp_path):
    """The URL of a new SQLite file."""
    return f"sqlite:///{tmp_path}/vaxel.sqlite3"


@pytest.mark.parametrize(("pragma", "wanted"), PRAGMAS.items())
def test_sqlite_is_durable_on_every_connection(sqlite_url, pragma, wanted):
    """DESIGN decision 4: WAL with synchronous=FULL survives a loss of power."""
    database = Database(sqlite_url)
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
    "wrong", ["", "sqlite://", "sqlite:///:memory:", "mysql://h/d", "vaxel.db"]
)
def test_a_database_that_cannot_be_used_is_refused_at_the_start(wrong):
    """CONTRACT `vaxel check`: the words say what to use, and never show the URL."""
    with pytest.raises(StartRefused, match=r"sqlite:///path.*postgresql://"):
        Database(wrong)


@pytest.mark.parametrize("statement", [claims.DESTINATIONS, claims.TAKE], ids=["due", "claim"])
@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_what_waits_is_found_by_its_own_indexes(store, statement):
    """A long queue, or millions of delivered ones, cost no more than a short one."""
    with store.database.reading() as connection:
        compiled = statement.compile(dialect=connection.dialect)
        unknown = tuple(None for _ in compiled.positiontup)
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}", unknown).all()
    steps = [row.detail for row in plan if "outbox" in row.detail]
    used = ("INDEX outbox_waiting", "INDEX outbox_not_delivered", "(id=?)")
    assert [step for step in steps if not any(index in step for index in used)] == []
    assert any("INDEX outbox_waiting" in step for step in steps)
