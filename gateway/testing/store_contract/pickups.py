"""What a store promises of deliveries that are fetched: their receipt may come at any time."""
# ruff: noqa: S101 (assert is how pytest speaks)

from datetime import timedelta

from uuid_utils.compat import uuid7

from gateway.domain.lifecycle import DeliveryState
from gateway.flow.ports import Abandoned
from gateway.flow.store import Store
from gateway.testing.builders import DESTINATION, NOW, make_entry
from gateway.testing.store_contract.acts import (
    DELIVERED,
    LATER,
    LEASE,
    PARKED,
    accept,
    change,
    claim,
    claim_one,
    deliver_one,
    found,
    postponed,
    supplement,
)

SOON = LATER + timedelta(seconds=5)


class PickupsContract:
    """Attempts that are taken up by their delivery's id alone."""

    def test_the_attempt_under_way_is_held_on(self, store: Store) -> None:
        """DOMAIN C5: its receipt has come, and nobody takes it over meanwhile."""
        accept(store)
        claimed = claim_one(store)
        held = store.deliveries.take_up(claimed.id, SOON, LEASE)
        assert held == Abandoned(claimed.id, DESTINATION, 1, LATER, NOW)
        assert store.deliveries.abandoned(LATER + LEASE + timedelta(seconds=1)) == []
        assert held is not None
        assert store.deliveries.record(held, DELIVERED, SOON)

    def test_what_waits_again_begins_another_attempt_due_or_not(self, store: Store) -> None:
        """DOMAIN C5, C1: a receipt that comes late is as good."""
        accept(store)
        claimed = deliver_one(store, postponed(LATER + timedelta(days=1)))
        held = store.deliveries.take_up(claimed.id, SOON, LEASE)
        assert held == Abandoned(claimed.id, DESTINATION, 2, SOON, NOW)
        assert claim(store, at=LATER + timedelta(days=2)) == []
        assert held is not None
        assert store.deliveries.record(held, DELIVERED, SOON)
        record, history = found(store, claimed)
        assert (record.state, len(history)) == (DeliveryState.DELIVERED, 2)

    def test_what_waits_behind_another_of_its_case_is_not_taken_up(self, store: Store) -> None:
        """DOMAIN C3: the case before its supplements, also when they are asked for by name."""
        change(store, accept(store).number, supplement())
        first, second = store.deliveries.listed(None, None, None, 2)
        assert store.deliveries.take_up(second.id, SOON, LEASE) is None
        held = store.deliveries.take_up(first.id, SOON, LEASE)
        assert held == Abandoned(first.id, DESTINATION, 1, SOON, NOW)
        assert store.deliveries.take_up(second.id, SOON, LEASE) is None
        assert claim(store) == []

    def test_what_a_delivery_tells_is_read_without_claiming_it(self, store: Store) -> None:
        """DOMAIN C5: what is listed can be measured."""
        accept(store)
        [record] = store.deliveries.listed(None, None, None, 1)
        message = store.deliveries.message(record.id)
        assert claim_one(store).message == message
        assert store.deliveries.message(uuid7()) is None
        assert store.deliveries.take_up(uuid7(), SOON, LEASE) is None

    def test_what_was_tried_before_a_replay_is_told_apart(self, store: Store) -> None:
        """INTEROP §5.2: nobody has got it since then."""
        accept(store)
        parked = deliver_one(store, PARKED)
        record = store.deliveries.replay(parked.id, make_entry(), SOON)
        assert record is not None
        assert (record.attempts, record.attempts_before) == (1, 1)
        assert found(store, claim_one(store, SOON))[0].attempts_before == 1

    def test_what_is_done_or_parked_is_not_taken_up(self, store: Store) -> None:
        """DOMAIN C4: what a human looks at is left to them."""
        for attempted in (DELIVERED, PARKED):
            accept(store)
            ended = deliver_one(store, attempted)
            assert store.deliveries.take_up(ended.id, SOON, LEASE) is None
            assert found(store, ended)[0].state is attempted.state
