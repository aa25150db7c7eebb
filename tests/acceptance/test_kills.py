"""The worker and the gateway are killed hard in the middle of the load, several times."""

import json
from itertools import cycle

import pytest

pytestmark = pytest.mark.timeout(900)

# After so many receipts, this one is killed.
KILLS = tuple(zip(range(4, 46, 4), cycle(["worker", "gateway"]), strict=False))


@pytest.fixture(scope="module")
def ended(demo):
    for receipts, name in KILLS:
        demo.wait_for(lambda receipts=receipts: demo.receipts() >= receipts)
        demo.kill(name)
    return demo.finish()


def test_nothing_is_lost_or_doubled_by_kills(ended):
    """C1, C2, C6, D1, D2: everything accepted arrives once, and so does every reply."""
    code, lines = ended
    summary = json.loads(lines[-1])
    assert code == 0, "\n".join(lines)
    assert summary["accepted"] >= 40
    assert summary["delivered"] == summary["accepted"]
    assert (summary["lost"], summary["doubled"], summary["parked"]) == (0, 0, 0)
    assert summary["replies_in_inbox"] > summary["accepted"]


@pytest.mark.parametrize("name", ["worker", "gateway"])
def test_who_was_killed_was_started_again(ended, name):
    """C1: the kills were real."""
    killed = [line for line in ended[1] if line.startswith(f"{name} was killed by SIGKILL")]
    assert len(killed) == sum(1 for _, victim in KILLS if victim == name)


def test_no_process_is_left(ended, demo):
    """G5: also those that were started again are stopped."""
    assert len(demo.seen) >= 7 + len(KILLS)
    assert demo.left_behind() == ([], [])
