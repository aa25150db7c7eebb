"""What a store promises of the numbers of a replay, whatever is parked meanwhile (DOMAIN C4)."""
# ruff: noqa: S101 (assert is how pytest speaks)

from dataclasses import replace

from uuid_utils.compat import uuid7

from gateway.flow.parked import ORIGINAL, Aim, Replay, ReplayState, Selection
from gateway.flow.store import Store
from gateway.testing.store_contract.acts import LATER, PARKED, accept, deliver_one


class CountedReplaysContract:
    """Replays of which more is taken than was counted."""

    def test_what_was_parked_unseen_is_counted_when_it_is_taken(self, store: Store) -> None:
        """DOMAIN C4: never more done than there were, nor fewer than none skipped."""
        for _ in range(3):
            accept(store)
            deliver_one(store, PARKED)
        replay = _start(store, total=1)
        assert _step(store) == replace(replay, total=2, done=2)
        assert _step(store) == replace(replay, state=ReplayState.DONE, total=3, done=3)

    def test_what_somebody_else_has_taken_is_skipped(self, store: Store) -> None:
        """DOMAIN C4: it was counted, and is not there any more."""
        accept(store)
        deliver_one(store, PARKED)
        replay = _start(store, total=3)
        ended = replace(replay, state=ReplayState.DONE, done=1, skipped=2)
        assert _step(store) == ended


def _start(store: Store, total: int) -> Replay:
    chosen, by = Selection(region="norr"), "SE5560000000-OPS"
    replay = Replay(uuid7(), ReplayState.RUNNING, LATER, by, ORIGINAL, chosen, total)
    store.parked.start(replay)
    return replay


def _step(store: Store) -> Replay | None:
    assert store.parked.step(lambda _, parked: Aim(parked.destination), LATER, 2)
    [replay] = store.parked.replays(None, 2)
    return replay
