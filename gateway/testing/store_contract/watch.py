"""What a store promises those who watch: what stands where (DOMAIN G1, G2)."""
# ruff: noqa: S101 (assert is how pytest speaks)

from datetime import timedelta

from gateway.domain.blame import cause_of
from gateway.flow.store import Store
from gateway.flow.watching import Queue
from gateway.testing.builders import DESTINATION, NOW, UNIT, make_delivery
from gateway.testing.store_contract.acts import (
    LATER,
    PARKED,
    accept,
    answer,
    change,
    claim,
    deliver_one,
    postponed,
)

_MUCH_LATER = LATER + timedelta(days=9)


class WatchContract:
    """What stands where."""

    def test_what_waits_is_counted_with_the_age_of_the_oldest(self, store: Store) -> None:
        """DOMAIN G1: what waits where, since when; what is under way is not there yet either."""
        for made_at in (NOW, LATER):
            accept(store, delivery=make_delivery(created_at=made_at))
        accept(store, delivery=make_delivery(destination="norr/b", created_at=LATER))
        claim(store, limit=1)
        assert store.overview.queues() == {DESTINATION: Queue(2, NOW), "norr/b": Queue(1, LATER)}

    def test_open_cases_are_counted_by_unit_and_destination(self, store: Store) -> None:
        """DOMAIN B4, B10: whose cases a change of routes would leave where they are."""
        for _ in range(2):
            accept(store)
        accept(store, delivery=make_delivery(destination="norr/b"))
        change(store, accept(store).number, answer())
        counted = {(UNIT.key, DESTINATION): 2, (UNIT.key, "norr/b"): 1}
        assert dict(store.overview.open_cases()) == counted

    def test_what_is_delivered_is_in_no_queue(self, store: Store) -> None:
        """DOMAIN G1: a destination that has had everything is not told of."""
        accept(store)
        deliver_one(store, postponed(LATER))
        assert store.overview.queues() == {DESTINATION: Queue(1, NOW)}
        deliver_one(store)
        assert store.overview.queues() == {}

    def test_what_is_parked_is_counted_by_its_cause(self, store: Store) -> None:
        """DOMAIN C4: parked for one cause is one group, and waits no more."""
        for _ in range(2):
            accept(store)
            deliver_one(store, PARKED)
        cause = cause_of(DESTINATION, PARKED.outcome, PARKED.reason)
        assert store.overview.queues() == {DESTINATION: Queue(parked={cause.fingerprint: 2})}

    def test_a_delivered_case_without_an_answer_is_found(self, store: Store) -> None:
        """DOMAIN G2: delivered, and no receipt from its holder."""
        accept(store)
        assert store.overview.unanswered_since(DESTINATION, _MUCH_LATER) is None
        deliver_one(store)
        assert store.overview.unanswered_since(DESTINATION, _MUCH_LATER) == NOW
        assert store.overview.unanswered_since(DESTINATION, NOW - timedelta(days=1)) is None
        assert store.overview.unanswered_since("norr/b", _MUCH_LATER) is None

    def test_a_case_with_an_answer_is_not_found(self, store: Store) -> None:
        """DOMAIN G2: any word from the holder is a receipt."""
        number = accept(store).number
        deliver_one(store)
        change(store, number, answer())
        assert store.overview.unanswered_since(DESTINATION, _MUCH_LATER) is None

    def test_one_that_could_not_be_delivered_hides_no_other(self, store: Store) -> None:
        """DOMAIN G2: the oldest that was delivered counts, not the oldest."""
        accept(store)
        deliver_one(store, PARKED)
        accept(store, received_at=LATER)
        deliver_one(store)
        assert store.overview.unanswered_since(DESTINATION, _MUCH_LATER) == LATER
