"""A short run of `make faults`: two kills, one of each other that is quick; the books balance."""

import os
import random
import socket
from functools import partial
from threading import Thread
from typing import Any

import pytest

from gateway.store.engine import Database
from gateway.testing.one_system import UNIT
from gateway.testing.standby import PostgresPair
from tests.acceptance.faults.e_service import EService
from tests.acceptance.faults.link import open_links
from tests.acceptance.faults.rounds import CASES_A_SECOND, run_rounds, wait_for
from tests.acceptance.faults.town import open_town

pytestmark = pytest.mark.timeout(900)

NOTICED_WITHIN_S = 30
_ASKS = (socket.TCP_KEEPIDLE, socket.TCP_KEEPINTVL, socket.TCP_KEEPCNT)


@pytest.fixture(scope="module")
def postgres_pair():
    """A PostgreSQL that keeps what was committed, and can have a standby."""
    pair = PostgresPair()
    yield pair
    pair.remove()


@pytest.fixture(params=["sqlite", "postgresql"])
def pair(request):
    """Nothing for SQLite."""
    return None if request.param == "sqlite" else request.getfixturevalue("postgres_pair")


def test_whatever_happens_nothing_is_lost_or_doubled(pair, tmp_path):
    """C1, C2, C6: also while the external system answers late, never, or with nonsense."""
    told, luck = list[str](), random.Random(1)
    outcome = run_rounds(tmp_path, partial(_short, luck), luck, pair, told.append)
    words = "\n".join(told)
    assert outcome.cases > 10 * outcome.rounds, words
    assert (outcome.lost, outcome.doubled, outcome.parked) == (0, 0, 0), words


def test_a_full_disk_gives_no_receipt_and_gets_better_by_itself(tmp_path):
    """C1, G2: a retryable fault for what is not kept; with room again, the same case is taken."""
    with open_town(tmp_path, None) as town:
        before = town.submit("before")
        with town.full_disk():
            refused = town.submit("case")
        after = town.submit("case")
        assert [r.status_code for r in (before, refused, after)] == [201, 503, 201]
        assert "Retry-After" in refused.headers
        wait_for(town, {answer.json()["caseNumber"] for answer in (before, after)})


def test_a_clock_that_jumps_takes_nothing_from_those_that_work(postgres_pair, tmp_path):
    """C1: on PostgreSQL the server's clock counts, also while a node's own is set."""
    with open_town(tmp_path, postgres_pair) as town:
        sender = EService(town.gateway_port, UNIT, CASES_A_SECOND)
        sender.start()
        # Calls of both workers are under way while it jumps.
        held = Thread(target=town.to_system.slow, args=(1.8,))
        held.start()
        town.set_clock("worker-2", -5)
        held.join()
        sender.stop()
        wait_for(town, sender.accepted())
        assert "the worker stopped" not in town.log()


def test_a_database_whose_machine_is_gone_is_noticed(postgres_pair):
    """C1: nobody says that a connection is broken when the power goes; we must ask."""
    with open_links(lambda: postgres_pair.sockets[postgres_pair.place]) as (link,):
        database = Database(f"postgresql://postgres@127.0.0.1:{link.port}/postgres")
        with database.reading() as connection:
            driver: Any = connection.connection.driver_connection  # psycopg's own
            with socket.socket(fileno=os.dup(driver.fileno())) as ours:
                waits, each, times = (ours.getsockopt(socket.IPPROTO_TCP, one) for one in _ASKS)
        database.close()
    assert waits + each * times <= NOTICED_WITHIN_S


def _short(luck, faults):
    kills = luck.sample([fault for fault in faults if fault.is_kill], 2)
    chosen = kills + [fault for fault in faults if not fault.is_kill and not fault.is_long]
    return luck.sample(chosen, len(chosen))
