"""A connection that nobody used for a while is looked after before it is used (DOMAIN G5)."""

import pytest
from sqlalchemy import event

from gateway.store import engine

pytest_plugins = ["gateway.testing.postgres"]


@pytest.fixture
def statements(store):
    """What is said to the database from now on."""
    said = []

    def hear(_connection, _cursor, statement, *_told):
        said.append(statement)

    event.listen(store.database._engine, "before_cursor_execute", hear)
    return said


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
