"""A short run of `make faults`: SIGKILL at random moments, and the books balance."""

import random

import pytest

from gateway.testing.postgres import PostgresServer
from tests.acceptance.faults.rounds import run_rounds

pytestmark = pytest.mark.timeout(300)

ROUNDS = 4
# A stopped worker's work is taken over, and all is well again, within this time.
WELL_WITHIN_S = 15.0


@pytest.fixture(params=["sqlite", "postgresql"])
def server(request):
    """Nothing for SQLite, or a PostgreSQL that keeps what was committed."""
    if request.param == "sqlite":
        yield None
        return
    server = PostgresServer(durable=True)
    yield server
    server.remove()


def test_whoever_is_killed_nothing_is_lost_or_doubled(server, tmp_path):
    """C1, C2, C6: also while the external system answers late, never, or with nonsense."""
    told: list[str] = []
    outcome = run_rounds(tmp_path, ROUNDS, random.Random(1), server, told.append)
    words = "\n".join(told)
    assert outcome.cases > 10 * ROUNDS, words
    assert (outcome.lost, outcome.doubled, outcome.parked) == (0, 0, 0), words
    assert outcome.recovered_s_max <= WELL_WITHIN_S, words
