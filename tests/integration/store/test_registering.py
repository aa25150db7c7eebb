"""Two who register at the same moment on PostgreSQL: one case, or one that is told why not."""

import threading
from dataclasses import replace

import psycopg
import pytest

from gateway.domain.registration import Channel
from gateway.flow.ports import Ambiguous, Kept
from gateway.flow.registering import RegisteredCase
from gateway.store.sql_store import open_store
from gateway.testing.builders import make_new_case
from gateway.testing.postgres import wait_until_locked_out

pytest_plugins = ["gateway.testing.postgres"]


@pytest.fixture
def stores(postgres_url):
    """Two nodes with connections of their own: SQLite has one writer."""
    stores = [open_store(postgres_url) for _ in range(2)]
    yield stores
    for store in stores:
        store.close()


def registered(new):
    return RegisteredCase(new, Channel.PHONE, "AVV-1", lies_in_inbox=False)


def at_once(stores, url, news):
    """Register each at a node of its own, both having looked before either writes."""
    answers = [None, None]

    def register(place):
        answers[place] = stores[place].registered_cases.add(registered(news[place]))

    threads = [threading.Thread(target=register, args=(place,)) for place in range(2)]
    with psycopg.connect(url) as holding, psycopg.connect(url, autocommit=True) as looking:
        holding.execute("lock table cases in share mode")
        for thread in threads:
            thread.start()
        wait_until_locked_out(looking, 2)
        holding.rollback()
    for thread in threads:
        thread.join()
    return answers


def test_an_external_id_is_given_to_one_of_two_cases(stores, postgres_url):
    """DOMAIN A12, D2: replies that name it would fit both."""
    answers = at_once(stores, postgres_url, [make_new_case(), make_new_case()])
    assert sorted(type(one).__name__ for one in answers) == [Ambiguous.__name__, Kept.__name__]


def test_the_same_case_twice_at_once_is_one(stores, postgres_url):
    """DOMAIN A1, A12: both get the first receipt."""
    new = make_new_case()
    same = replace(make_new_case(new.case), fingerprint=new.fingerprint)
    first, second = at_once(stores, postgres_url, [new, same])
    assert first.receipt == second.receipt
    assert [first.repeated, second.repeated].count(True) == 1
