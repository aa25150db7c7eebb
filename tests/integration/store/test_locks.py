"""Whoever changes a case locks it before what waits for it, so no two wait for each other."""

import threading
from contextlib import contextmanager

import psycopg
import pytest

from gateway.flow.timeline import Step
from gateway.store.sql_store import open_store
from gateway.testing.builders import CASE_SYSTEM, NOW, make_entry
from gateway.testing.postgres import wait_until_locked_out
from gateway.testing.store_contract.acts import LATER, LEASE, accept, change, claim_one
from gateway.testing.store_contract.forwarding import TO, forward

pytest_plugins = ["gateway.testing.postgres"]

MUCH_LATER = LATER + 2 * LEASE


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


def test_a_delivery_is_hurried_after_its_case_is_locked(store, postgres_url):
    """DOMAIN A10, G1: a supplement locks the case first, and then hurries what waits."""
    new = accept(store)
    delivery = new.delivery.message_id
    arguments = (delivery, make_entry(), NOW)
    hurrying = threading.Thread(target=store.deliveries.hurry, args=arguments)
    with locked(postgres_url, new) as looking:
        hurrying.start()
        wait_until_locked_out(looking)
        # Free, or this raises.
        looking.execute("select 1 from outbox where id = %s for update nowait", [delivery])
    hurrying.join()


def test_a_case_is_read_whole_after_who_is_changing_it(store, postgres_url):
    """DOMAIN E3: a package never has one half from before a change and one from after."""
    new, read = accept(store), []
    entry = make_entry(step=Step.CASE_EXPORTED)
    reading = threading.Thread(
        target=lambda: read.append(store.case_files.read(new.number, entry))
    )
    with locked(postgres_url, new) as looking:
        reading.start()
        wait_until_locked_out(looking)
        assert read == []
    reading.join()
    assert [link.entry.step for link in read[0].timeline][-1] is Step.CASE_EXPORTED


def test_an_inbox_asks_whose_a_case_is_when_nobody_can_forward_it(store, postgres_url):
    """DOMAIN D6, E1: a delivery that has gone along with its case is laid in no inbox."""
    number = accept(store, holder=CASE_SYSTEM).number
    putting = threading.Thread(target=store.unit_inboxes.put, args=(claim_one(store).message,))
    with psycopg.connect(postgres_url, autocommit=True) as looking:

        def decide(case):
            putting.start()
            wait_until_locked_out(looking)
            return forward()(case)

        change(store, number, decide)
    putting.join()
    assert store.unit_inboxes.items(frozenset({TO.hsa_id, CASE_SYSTEM}), None, 9) == []


def test_what_somebody_has_locked_holds_up_no_other_take_over(store, postgres_url):
    """DOMAIN C1, C2: a worker that is paused may have locked what it should be relieved of."""
    accept(store)
    held = claim_one(store)
    accept(store)
    free = claim_one(store)
    with psycopg.connect(postgres_url) as silent:
        silent.execute("select 1 from outbox where id = %s for update", [held.id])
        assert [left.id for left in store.deliveries.abandoned(MUCH_LATER)] == [free.id]
    assert {left.id for left in store.deliveries.abandoned(MUCH_LATER)} == {held.id, free.id}
