"""Other nodes hear of new work at once, and again after their connection was lost."""

import contextlib
import threading

import psutil
import psycopg
import pytest

from gateway.loops import running
from gateway.store import wakes
from gateway.store.bounded_connection import BoundedConnection
from gateway.store.sql_store import open_store
from gateway.store.wakes import Wakes
from gateway.testing.builders import make_new_case
from gateway.testing.stillness import standing_still

pytest_plugins = ["gateway.testing.postgres"]

HEARD_WITHIN_S = 30


class Ear:
    """Counts how often it is woken."""

    def __init__(self):
        self.heard = threading.Semaphore(0)

    def is_woken(self):
        return self.heard.acquire(timeout=HEARD_WITHIN_S)


def listener(url):
    """The process of the server behind the connection that listens."""
    with psycopg.connect(url) as connection:
        sql = "SELECT pid FROM pg_stat_activity WHERE query ILIKE 'LISTEN%'"
        ((pid,),) = connection.execute(sql).fetchall()
    return pid


@pytest.fixture
def postgres_store(postgres_url):
    """The store in a PostgreSQL database."""
    store = open_store(postgres_url)
    yield store
    store.close()


@pytest.fixture
def ear(postgres_store, postgres_url):
    """An ear that listens, and has been woken for what came before."""
    ear = Ear()
    with running(Wakes(postgres_url, ear.heard.release)):
        assert ear.is_woken()
        yield ear


def test_a_new_case_wakes_other_nodes(postgres_store, ear):
    """DESIGN decision 4: LISTEN/NOTIFY, so that nobody waits for the next look."""
    postgres_store.cases.add([make_new_case()])
    assert ear.is_woken()


def test_a_batch_wakes_once(postgres_store, ear):
    """DESIGN decision 3: one transaction, one word."""
    postgres_store.cases.add([make_new_case() for _ in range(5)])
    assert ear.is_woken()
    assert not ear.heard.acquire(timeout=0.2)


def test_what_is_rolled_back_wakes_nobody(postgres_store, ear):
    """There is nothing to be claimed."""
    new = make_new_case()
    with contextlib.suppress(Exception):
        postgres_store.cases.add([new, make_new_case(number=new.number)])
    assert not ear.heard.acquire(timeout=0.2)


def test_a_lost_connection_is_made_again(postgres_store, postgres_url, ear):
    """C1: and the ear is woken for what it may have missed."""
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query ILIKE 'LISTEN%'"
        )
    assert ear.is_woken()
    postgres_store.cases.add([make_new_case()])
    assert ear.is_woken()


def test_a_server_that_says_nothing_is_left(postgres_store, postgres_url, monkeypatch):
    """C1: another may have taken its place; nor may a node that stops wait for it."""
    monkeypatch.setattr(wakes, "_LOOK_S", 0.3)
    monkeypatch.setattr(BoundedConnection, "longest_s", 0.3)
    ear = Ear()
    with running(Wakes(postgres_url, ear.heard.release)):
        assert ear.is_woken()
        with standing_still(psutil.Process(listener(postgres_url))):
            assert ear.is_woken()
            postgres_store.cases.add([make_new_case()])
            assert ear.is_woken()


def test_another_process_of_an_embedded_database_is_woken(sqlite_url):
    """C2: nobody waits for the next look; what tells it is the file itself."""
    store, ear = open_store(sqlite_url), Ear()
    with running(Wakes(sqlite_url, ear.heard.release)):
        assert ear.is_woken()
        store.cases.add([make_new_case()])
        assert ear.is_woken()
        assert not ear.heard.acquire(timeout=0.2)
    store.close()
