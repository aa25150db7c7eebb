"""What a store promises of the list of replays (DOMAIN C4, G1)."""
# ruff: noqa: S101 (assert is how pytest speaks)

from dataclasses import replace

from uuid_utils.compat import uuid7

from gateway.flow.parked import ORIGINAL, Replay, ReplayState, ReplayStep, Selection
from gateway.flow.store import Store
from gateway.testing.store_contract.acts import LATER


class ListedReplaysContract:
    """Replays, in pages."""

    def test_replays_are_listed_newest_first_in_pages(self, store: Store) -> None:
        """DOMAIN C4, G1: with how far each has come, whoever began it."""
        first, second, third = (_start(store) for _ in range(3))
        store.parked.move(second.id, ReplayStep.PAUSE)
        paused = replace(second, state=ReplayState.PAUSED)
        assert store.parked.replays(None, 2) == [third, paused]
        assert store.parked.replays(second.id, 2) == [first]


def _start(store: Store) -> Replay:
    chosen, by = Selection(region="norr"), "SE5560000000-OPS"
    replay = Replay(uuid7(), ReplayState.RUNNING, LATER, by, ORIGINAL, chosen, 1)
    store.parked.start(replay)
    return replay
