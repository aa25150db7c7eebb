"""A PostgreSQL that says nothing, and is not gone: a machine that is paused, a disk that hangs."""

import asyncio
import time
from contextlib import contextmanager
from typing import Any

import psutil
import psycopg
import pytest
import uvloop
from sqlalchemy import text

from gateway.domain.errors import Unavailable
from gateway.store import engine, postgres_line, schema
from gateway.store.sql_store import open_store
from gateway.testing.builders import make_new_case
from gateway.testing.stillness import standing_still

pytest_plugins = ["gateway.testing.postgres"]

pytestmark = pytest.mark.parametrize("url", ["postgresql"], indirect=True)

# What a slow machine may need (seconds); each wait ends as soon as it can.
SOON = 30


def driver_of(connection) -> Any:
    """The driver's own connection."""
    return connection.connection.dbapi_connection


def backend_of(store, longest_s=35.0):
    """The process behind the connection that is used next, and will wait so long."""
    with store.database.reading() as connection:
        driver_of(connection).longest_s = longest_s
        return psutil.Process(driver_of(connection).info.backend_pid)


@contextmanager
def silent_standby(url):
    """Let commits wait for a standby that says nothing, for the block; quick ones never do."""
    name = "synchronous_standby_names"
    with psycopg.connect(url, autocommit=True) as operator:
        operator.execute(f"ALTER SYSTEM SET {name} = 'silent'")
        operator.execute("SELECT pg_reload_conf()")
        try:
            yield
        finally:
            operator.execute(f"ALTER SYSTEM RESET {name}")
            operator.execute("SELECT pg_reload_conf()")


def commit_and_hang_up(url):
    """Begin a commit that waits for the standby, and do not wait for it."""
    with psycopg.connect(url, autocommit=True) as sender:
        sender.execute("SET synchronous_commit = on")
        sender.pgconn.send_query(b"SELECT pg_logical_emit_message(true, 'any', 'any')")
        sender.pgconn.finish()


def becomes(is_so):
    """Look whether it is so, for as long as a slow machine may need."""
    until = time.monotonic() + SOON
    while not is_so() and time.monotonic() < until:
        time.sleep(0.02)
    return is_so()


def test_nobody_waits_for_it_for_ever(store, monkeypatch):
    """DOMAIN G2: it is told as gone, and the next goes by another connection."""
    monkeypatch.setattr(engine, "LONGEST_REST_S", SOON)
    with standing_still(backend_of(store, longest_s=0.3)):
        with pytest.raises(Unavailable, match="does not answer: OperationalError"):
            store.cases.find("none")
        assert store.cases.find("none") is None


def test_one_that_rests_is_asked_for_a_moment_only(store, monkeypatch):
    """DOMAIN G5: whoever comes next is not held up by it, and notices nothing."""
    monkeypatch.setattr(engine, "LONGEST_REST_S", 0.0)
    monkeypatch.setattr(engine, "_LONGEST_PING_S", 0.3)
    with standing_still(backend_of(store)):
        assert store.cases.find("none") is None


@pytest.mark.parametrize(("limit", "longest_s"), [("30s", 35.0), ("2min", 125.0), ("0", None)])
def test_a_server_has_the_first_word(url, limit, longest_s):
    """DOMAIN G5: whoever lets statements take longer in the URL is not cut off before."""
    store = open_store(f"{url}&options=-c%20statement_timeout%3D{limit}")
    with store.database.reading() as connection:
        assert driver_of(connection).longest_s == longest_s
    store.close()


def test_what_takes_long_by_itself_is_waited_for(store):
    """The limit is for what is said to the server, and not for how long it is listened to."""
    with store.database.writing() as connection:
        driver_of(connection).longest_s = 0.3
        schema._wait_for_others(connection)
        assert connection.scalar(text("SELECT 7 FROM pg_sleep(1)")) == 7


@pytest.mark.parametrize("new_loop", [asyncio.new_event_loop, uvloop.new_event_loop])
def test_who_sends_a_case_is_told_to_come_back(store, monkeypatch, new_loop):
    """DOMAIN C1: a repeat gets the receipt of what was kept after all."""
    monkeypatch.setattr(postgres_line, "LONGEST_S", 0.3)
    new = make_new_case()

    async def ask():
        quick, *_ = store.quick_cases()
        await asyncio.to_thread(quick._line.open)
        await quick.add([make_new_case()])
        with standing_still(psutil.Process(driver_of(quick._line._lent).info.backend_pid)):
            with pytest.raises(Unavailable, match="says nothing"):
                await quick.add([new])
            assert not quick._line.is_open
        await quick.close()

    with asyncio.Runner(loop_factory=new_loop) as runner:
        runner.run(asyncio.wait_for(ask(), SOON))
    (answer,) = store.cases.add([new])
    assert answer.receipt.case_number == new.number


def test_no_node_is_ready_while_a_commit_waits_for_a_standby_that_says_nothing(
    url, store, monkeypatch
):
    """CONTRACT /health/ready: also when whoever asked has hung up; and it is when that ends."""
    monkeypatch.setattr(engine, "_LONGEST_COMMIT_S", 0.1)
    with silent_standby(url):
        assert store.ready()

        def is_seen():
            commit_and_hang_up(url)
            time.sleep(0.2)
            return not store.ready()

        assert becomes(is_seen)
    assert becomes(store.ready)
