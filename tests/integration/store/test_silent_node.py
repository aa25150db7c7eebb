"""A node that says nothing, and is not gone: a machine that is paused in a transaction."""

import time

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from gateway.store import schema
from gateway.store.sql_store import open_store
from gateway.testing.store_contract.acts import DELIVERED, LATER, accept, claim_one

pytest_plugins = ["gateway.testing.postgres"]

pytestmark = pytest.mark.parametrize("url", ["postgresql"], indirect=True)

SHORT = "options=-c%20idle_in_transaction_session_timeout%3D50ms"


@pytest.fixture
def other(url):
    """The store of another node."""
    store = open_store(url)
    yield store
    store.close()


def test_what_it_has_locked_is_free_before_others_give_up(store, other):
    """DOMAIN C1, C2: else nobody could take over what it has, nor see to anything else."""
    accept(store)
    claimed = claim_one(store)
    with other.database.lend() as silent:
        silent.execute(text("BEGIN"))
        silent.execute(text("SELECT 1 FROM outbox FOR UPDATE"))
        assert store.deliveries.record(claimed, DELIVERED, LATER)
        with pytest.raises(DBAPIError):
            silent.execute(text("COMMIT"))


def test_an_upgrade_may_do_much_between_its_statements(url):
    """DOMAIN G5: it may move many files meanwhile."""
    store = open_store(f"{url}&{SHORT}")
    with store.database.writing() as connection:
        schema._wait_for_others(connection)
        time.sleep(0.2)
        assert connection.scalar(text("SELECT 7")) == 7
    store.close()


def test_limits_that_the_url_does_not_name_are_ours(url):
    """DOMAIN G5: whoever changes one has not given up the others."""
    store = open_store(f"{url}&{SHORT}")
    with store.database.reading() as connection:
        assert connection.scalar(text("SHOW lock_timeout")) == "10s"
        assert connection.scalar(text("SHOW idle_in_transaction_session_timeout")) == "50ms"
    store.close()
