"""What a store promises operators: deliveries listed, found and replayed (DOMAIN C4, G1)."""
# ruff: noqa: S101 (assert is how pytest speaks)

from datetime import timedelta

from uuid_utils.compat import uuid7

from gateway.domain.case import CaseEvent
from gateway.domain.lifecycle import DeliveryState
from gateway.flow.store import Store
from gateway.flow.timeline import Step, first_break
from gateway.testing.builders import (
    DESTINATION,
    make_delivery,
    make_entry,
)
from gateway.testing.store_contract.acts import (
    LATER,
    PARKED,
    accept,
    change,
    claim_one,
    deliver_one,
    found,
    name_it,
    postponed,
    steps,
)


class OperatingContract:
    """Deliveries as operators see them."""

    def test_a_replayed_one_waits_again_with_new_patience(self, store: Store) -> None:
        """DOMAIN C4: it can be replayed; its attempts are counted on."""
        number = accept(store).number
        parked = deliver_one(store, PARKED)
        at, entry = LATER + timedelta(days=9), make_entry(step=Step.DELIVERY_REPLAYED)
        record = store.deliveries.replay(parked.id, entry, at)
        again = claim_one(store, at=at)
        assert record is not None
        assert (record.state, record.due_at) == (DeliveryState.WAITING, at)
        assert (again.attempt, again.waiting_since, again.message) == (2, at, parked.message)
        assert store.cases.timeline(number)[-1].entry == entry

    def test_only_a_parked_one_can_be_replayed(self, store: Store) -> None:
        """The law of a delivery: WAITING, SENDING and DELIVERED know no replay."""
        number = accept(store).number
        delivered = deliver_one(store)
        entry = make_entry(step=Step.DELIVERY_REPLAYED)
        assert store.deliveries.replay(delivered.id, entry, LATER) is None
        assert store.deliveries.replay(uuid7(), entry, LATER) is None
        assert steps(store, number)[1:] == [Step.DELIVERY_DELIVERED]

    def test_the_history_of_a_delivery_is_kept(self, store: Store) -> None:
        """DOMAIN G1: what waits where, since when and why."""
        accept(store)
        for _ in range(2):
            deliver_one(store, postponed(LATER))
        record, attempts = found(store, deliver_one(store))
        assert [attempt.number for attempt in attempts] == [1, 2, 3]
        assert [attempt.outcome for attempt in attempts] == ["try-later", "try-later", "delivered"]
        assert (record.attempts, record.event) == (3, CaseEvent.SUBMITTED)

    def test_an_unknown_delivery_is_notfound(self, store: Store) -> None:
        """An unknown id is no fault of the store's."""
        assert store.deliveries.find(uuid7()) is None

    def test_deliveries_are_listed_in_the_order_they_were_made(self, store: Store) -> None:
        """DOMAIN G1: page by page, the oldest first."""
        made = [accept(store).number for _ in range(5)]
        first = store.deliveries.listed(None, None, None, 3)
        rest = store.deliveries.listed(None, None, first[-1].id, 3)
        assert [record.case_number for record in first + rest] == made

    def test_deliveries_are_listed_by_state_and_destination(self, store: Store) -> None:
        """DOMAIN C4: what is parked is seen by operators."""
        accept(store)
        parked = deliver_one(store, PARKED)
        accept(store, delivery=make_delivery(destination="norr/b"))
        states = {state: store.deliveries.listed(state, None, None, 9) for state in DeliveryState}
        assert [record.id for record in states[DeliveryState.PARKED]] == [parked.id]
        assert [record.destination for record in states[DeliveryState.WAITING]] == ["norr/b"]
        assert store.deliveries.listed(DeliveryState.PARKED, "norr/b", None, 9) == []
        assert len(store.deliveries.listed(None, DESTINATION, None, 9)) == 1

    def test_the_timeline_is_whole_after_a_long_life(self, store: Store) -> None:
        """DOMAIN G3: gaps and changes can be detected by a third party."""
        number = accept(store).number
        change(store, number, name_it("A-1"))
        parked = deliver_one(store, PARKED)
        store.deliveries.replay(parked.id, make_entry(step=Step.DELIVERY_REPLAYED), LATER)
        deliver_one(store)
        links = store.cases.timeline(number)
        assert len(links) == 5
        assert first_break(links) is None
