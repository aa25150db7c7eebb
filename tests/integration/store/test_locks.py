"""Whoever changes a case locks it before what waits for it, so no two wait for each other."""

import threading
import time
from contextlib import contextmanager

import psycopg
import pytest

from gateway.store.sql_store import open_store
from gateway.testing.builders import NOW, make_entry
from gateway.testing.store_contract.acts import accept

pytest_plugins = ["gateway.testing.postgres"]

WAITING_FOR_A_LOCK = "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"


@pytest.fixture
def store(postgres_url):
    """Only PostgreSQL locks rows."""
    store = open_store(postgres_url)
    yield store
    store.close()


@contextmanager
def locked(url, new):
    """Somebody who changes a case, with another way to look at the database."""
    with psycopg.connect(url) as changing, psycopg.connect(url, autocommit=True) as looking:
        changing.execute("select 1 from cases where id = %s for update", [new.id])
        yield looking
        changing.rollback()


def until(is_so):
    """Wait until it is so, for as long as a slow machine may take."""
    end = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_delivery_is_hurried_after_its_case_is_locked(store, postgres_url):
    """DOMAIN A10, G1: a supplement locks the case first, and then hurries what waits."""
    new = accept(store)
    delivery = new.delivery.message_id
    arguments = (delivery, make_entry(), NOW)
    hurrying = threading.Thread(target=store.deliveries.hurry, args=arguments)
    with locked(postgres_url, new) as looking:
        hurrying.start()
        until(lambda: looking.execute(WAITING_FOR_A_LOCK).fetchone()[0] == 1)
        # Free, or this raises.
        looking.execute("select 1 from outbox where id = %s for update nowait", [delivery])
    hurrying.join()
