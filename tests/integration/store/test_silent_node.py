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

NOTICED_WITHIN_S = 30
WHEN = "idle", "interval", "count"
# What they are is told on TCP only; here, on a Unix socket, what they would be.
ASKS = "SELECT name, reset_val FROM pg_settings WHERE name LIKE 'tcp_keepalives_%'"


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


def test_the_server_asks_whether_its_machine_is_still_there(store):
    """DOMAIN C1: nobody says so when the power of a node goes, whatever it has locked."""
    with store.database.reading() as connection:
        limits = {row.name: row.reset_val for row in connection.execute(text(ASKS))}
    waits, each, times = (int(limits[f"tcp_keepalives_{one}"]) for one in WHEN)
    assert 0 < waits + each * times <= NOTICED_WITHIN_S


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
