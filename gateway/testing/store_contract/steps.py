"""What a store promises adapters: done steps stay done, and replies are fetched in rounds."""
# ruff: noqa: S101 (assert is how pytest speaks)

from dataclasses import replace
from uuid import UUID

from gateway.domain.notation import Json
from gateway.flow.polls import Poll
from gateway.flow.steps import DoneStep
from gateway.flow.store import Store
from gateway.testing.builders import DESTINATION
from gateway.testing.store_contract.acts import LATER, LEASE, accept

SOON = LATER + LEASE
AFTERWARDS = LATER + 2 * LEASE


class StepsContract:
    """Steps of a delivery at one destination."""

    def test_a_done_step_is_read_back_as_it_was(self, store: Store) -> None:
        """DOMAIN C5: the next attempt continues after it."""
        step = _done(store, {"number": "D-1", "parts": [1, "två"]})
        assert store.steps.find(step.delivery, DESTINATION, "reserve") is None
        assert store.steps.keep(step) == step.result
        assert store.steps.find(step.delivery, DESTINATION, "reserve") == step.result

    def test_a_step_that_comes_late_changes_nothing(self, store: Store) -> None:
        """DOMAIN C5: two workers go on with the same result, the first one's."""
        first = _done(store, {"number": "D-1"})
        store.steps.keep(first)
        assert store.steps.keep(replace(first, result={"number": "D-2"})) == first.result
        assert store.steps.find(first.delivery, DESTINATION, "reserve") == first.result

    def test_steps_are_of_one_delivery_one_destination_and_one_name(self, store: Store) -> None:
        """DOMAIN C4: what was reserved in one system means nothing in another."""
        step, other = _done(store, {"number": "D-1"}), _done(store, {"number": "D-2"})
        store.steps.keep(step)
        assert store.steps.find(step.delivery, DESTINATION, "upload") is None
        assert store.steps.find(step.delivery, "norr/other", "reserve") is None
        assert store.steps.find(other.delivery, DESTINATION, "reserve") is None


class PollsContract:
    """Rounds of fetching replies."""

    def test_a_first_round_has_nothing_behind_it(self, store: Store) -> None:
        """DOMAIN D2: whoever begins fetches from far back."""
        assert store.polls.begin(DESTINATION, LATER, SOON) == Poll(DESTINATION, 1)

    def test_a_round_goes_on_where_the_last_one_ended(self, store: Store) -> None:
        """DOMAIN D2: how far it came outlives the worker; each destination has its own."""
        first = _begun(store)
        ended = replace(first, since=LATER, swept_at=LATER)
        assert store.polls.end(ended, SOON)
        assert store.polls.begin(DESTINATION, SOON, AFTERWARDS) == replace(ended, round=2)
        assert store.polls.begin("norr/other", SOON, AFTERWARDS) == Poll("norr/other", 1)

    def test_a_round_begins_when_it_is_due_and_not_before(self, store: Store) -> None:
        """DOMAIN C2: a system is not asked by every node at once."""
        first = _begun(store)
        assert store.polls.begin(DESTINATION, LATER, SOON) is None
        store.polls.end(first, AFTERWARDS)
        assert store.polls.begin(DESTINATION, SOON, AFTERWARDS) is None

    def test_a_round_whose_worker_died_is_begun_anew(self, store: Store) -> None:
        """DOMAIN C1: and the dead one, should it wake up, changes nothing."""
        dead = _begun(store)
        again = store.polls.begin(DESTINATION, SOON, AFTERWARDS)
        assert again == Poll(DESTINATION, 2)
        assert not store.polls.end(replace(dead, since=LATER), LATER)
        assert store.polls.end(again, AFTERWARDS)
        assert store.polls.begin(DESTINATION, AFTERWARDS, AFTERWARDS) == Poll(DESTINATION, 3)

    def test_a_destination_fails_until_a_round_is_whole(self, store: Store) -> None:
        """DOMAIN G2: replies that nobody can fetch are told of, whichever worker tries."""
        failed = replace(_begun(store), failing_since=LATER)
        store.polls.end(failed, SOON)
        assert store.polls.failing() == {DESTINATION: LATER}
        again = store.polls.begin(DESTINATION, SOON, AFTERWARDS)
        assert again == replace(failed, round=2)
        store.polls.end(replace(again, failing_since=None), AFTERWARDS)
        assert store.polls.failing() == {}


def _done(store: Store, result: Json) -> DoneStep:
    new = accept(store)
    return DoneStep(UUID(new.delivery.message_id), DESTINATION, "reserve", result, LATER)


def _begun(store: Store) -> Poll:
    poll = store.polls.begin(DESTINATION, LATER, SOON)
    assert poll is not None
    return poll
