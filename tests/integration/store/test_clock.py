"""All nodes go by the clock of the database server."""

from datetime import UTC, datetime, timedelta

import pytest

from gateway.store.clock import SharedClock, steady_time
from gateway.store.engine import Database

pytest_plugins = ["gateway.testing.postgres"]

SLACK = timedelta(seconds=5)


@pytest.mark.parametrize("wrong_by", [timedelta(hours=1), timedelta(hours=-1), timedelta()])
def test_a_node_whose_clock_is_wrong_goes_by_the_servers(postgres_url, wrong_by):
    """C1: a lease must not end early because a node believes it is later than it is."""
    database = Database(postgres_url)
    clock = SharedClock(database, own=lambda: datetime.now(UTC) + wrong_by)
    clock.look()
    assert abs(clock() - datetime.now(UTC)) < SLACK
    database.close()


def test_a_server_that_does_not_answer_leaves_the_clock_as_it_was():
    """C1: what was found last holds."""
    clock = SharedClock(Database("postgresql://nobody@127.0.0.1:1/nowhere"), steady_time)
    clock.look()
    assert abs(clock() - datetime.now(UTC)) < SLACK


def test_an_answer_that_took_long_leaves_the_clock_as_it_was(postgres_url):
    """C1: a server that stood still would set it wrong by half of the time that it did."""
    database, moments = Database(postgres_url), iter(range(0, 1000, 40))
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    clock = SharedClock(database, own=lambda: noon + timedelta(seconds=next(moments)))
    clock.look()
    assert clock() == noon + timedelta(seconds=80)
    database.close()


def test_one_machine_has_one_clock(tmp_path):
    """SQLite: nobody to ask."""
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    clock = SharedClock(Database(f"sqlite:///{tmp_path}/vaxel.sqlite3"), own=lambda: noon)
    clock.look()
    assert clock() == noon
