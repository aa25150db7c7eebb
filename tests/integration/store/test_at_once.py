"""New cases go in with one statement, and lie there as those that took the longer way (C1)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import event, select

from gateway.flow.ports import Conflicting, Kept
from gateway.store import engine, new_cases
from gateway.store.engine import NotKept
from gateway.store.sql_store import open_store
from gateway.store.tables import case_events, cases, inbox_messages, outbox, timeline
from gateway.testing.builders import make_case, make_new_case

pytest_plugins = ["gateway.testing.postgres"]

TABLES = (cases, case_events, timeline, inbox_messages, outbox)
# What has a meaning of its own in JSON, in SQL or to a driver.
AWKWARD = "å \"x\" 'y' \\ \\u0041 %s ? :z ${}\t\r\n\N{GRINNING FACE}\u2028\x7f"
ELSEWHERE = datetime(2026, 6, 1, 12, 30, 1, 20, tzinfo=timezone(timedelta(hours=-5)))


@pytest.fixture
def statements(store):
    """What is said to the database from now on, with BEGIN and the like."""
    said = []

    def hear(_connection, _cursor, statement, *_told):
        said.append(statement)

    event.listen(store.database._engine, "before_cursor_execute", hear)
    return said


def _rows(store):
    with store.database.reading() as connection:
        return [connection.execute(select(table)).all() for table in TABLES]


def test_a_batch_is_one_statement(store, statements):
    """DESIGN decision 3: the database is gone to once, however many cases there are."""
    store.cases.add([make_new_case()])
    statements.clear()
    store.cases.add([make_new_case() for _ in range(40)])
    assert len(statements) == 1
    assert [len(rows) for rows in _rows(store)] == [41] * len(TABLES)


def test_rows_are_the_same_by_both_ways(store, tmp_path):
    """Whichever way they came, they are read by the same code."""
    case = make_case(description=AWKWARD, desired_outcome=AWKWARD)
    new = make_new_case(case, unit_name=AWKWARD, received_at=ELSEWHERE, warnings=(AWKWARD, ""))
    new = replace(new, entry=replace(new.entry, details={"words": AWKWARD}))
    store.cases.add([new])
    at_once = _rows(store)
    with store.database.writing() as connection:
        for table in reversed(TABLES):
            connection.execute(table.delete())
        new_cases.insert_all(connection, [new])
    assert at_once == _rows(store)
    assert at_once[0][0].received_at == ELSEWHERE.astimezone(UTC)


def test_a_key_that_is_taken_leaves_nothing_of_its_batch(store):
    """The port: all are kept or none, in every table."""
    taken = make_new_case()
    store.cases.add([taken])
    with pytest.raises(NotKept):
        store.cases.add([make_new_case(), make_new_case(number=taken.number)])
    assert [len(rows) for rows in _rows(store)] == [1] * len(TABLES)


def test_repeats_in_and_after_a_batch_are_answered_as_the_first(store):
    """DOMAIN C3: whatever else is in the batch is kept."""
    first, other = make_new_case(make_case(case_id="a")), make_new_case(make_case(case_id="b"))
    again = replace(make_new_case(first.case), fingerprint=first.fingerprint)
    answers = store.cases.add([first, again])
    assert [(one.receipt.case_number, one.repeated) for one in answers] == [
        (first.number, False),
        (first.number, True),
    ]
    later = store.cases.add([again, other, replace(other, fingerprint="another")])
    assert [type(one) for one in later] == [Kept, Kept, Conflicting]
    assert [one.repeated for one in later[:2]] == [True, False]
    assert [len(rows) for rows in _rows(store)] == [2] * len(TABLES)


def test_a_connection_of_before_is_not_taken_for_one_that_can(store):
    """What is made for a connection ends with it."""
    store.cases.add([make_new_case()])
    store.database.close()
    store.cases.add([make_new_case()])
    assert [len(rows) for rows in _rows(store)] == [2] * len(TABLES)


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_what_could_be_made_in_part_only_is_made_the_next_time(store):
    """A disk may be full for a moment."""

    def fail_once(_connection, _cursor, statement, *_told):
        if "TRIGGER" in statement:
            event.remove(store.database._engine, "before_cursor_execute", fail_once)
            raise InterruptedError

    event.listen(store.database._engine, "before_cursor_execute", fail_once)
    with pytest.raises(InterruptedError):
        store.cases.add([make_new_case()])
    store.cases.add([make_new_case()])
    assert [len(rows) for rows in _rows(store)] == [1] * len(TABLES)


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_text_stays_as_it_is_whatever_the_environment_prefers(url, monkeypatch):
    """DOMAIN A4: what the citizen wrote is what the unit reads."""
    monkeypatch.setenv("PGCLIENTENCODING", "latin1")
    case = make_case(description="Sjuksköterskan på mottagningen lyssnade")
    new = make_new_case(case)
    store = open_store(url)
    store.cases.add([new])
    assert store.cases.content(new.number) == case
    store.close()


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_a_connection_is_asked_after_a_rest_only(store, statements, monkeypatch):
    """A server that was away is noticed by who comes next, and not asked for by everybody."""
    pings = []
    dialect = store.database._engine.dialect
    ping = type(dialect).do_ping

    def told_ping(*one):
        pings.append(one)
        return ping(*one)

    monkeypatch.setattr(type(dialect), "do_ping", told_ping)
    for _ in range(3):
        store.cases.find("none")
    assert (len(statements), len(pings)) == (3, 0)
    monkeypatch.setattr(engine, "LONGEST_REST_S", 0.0)
    store.cases.find("none")
    assert len(pings) == 1


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_a_connection_that_ended_in_its_rest_is_replaced(store, monkeypatch):
    """A firewall, or a restart of the server: whoever comes next notices nothing."""
    monkeypatch.setattr(engine, "LONGEST_REST_S", 0.0)
    with store.database.reading() as connection:
        pid = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        with store.database.reading() as other:
            other.exec_driver_sql("SELECT pg_terminate_backend(%s)", (pid,))
    for _ in range(2):
        assert store.cases.find("none") is None
