"""What a store promises of leases: held by who is alive, free soon after a worker died."""
# ruff: noqa: S101 (assert is how pytest speaks)

from datetime import timedelta

from gateway.flow.store import Store
from gateway.testing.builders import DESTINATION
from gateway.testing.store_contract.acts import (
    LATER,
    LEASE,
    PARKED,
    accept,
    claim,
    claim_one,
    postponed,
)

MUCH_LATER = LATER + 3 * LEASE


class LeasesContract:
    """Claims that are renewed, and those that are not."""

    def test_a_renewed_claim_is_not_taken_over(self, store: Store) -> None:
        """DOMAIN C1: a long call of a worker that is alive is its own."""
        accept(store)
        claimed = claim_one(store)
        store.deliveries.renew([claimed], MUCH_LATER)
        assert store.deliveries.abandoned(LATER + 2 * LEASE) == []
        (left,) = store.deliveries.abandoned(MUCH_LATER + timedelta(seconds=1))
        assert (left.id, left.attempt) == (claimed.id, claimed.attempt)

    def test_a_claim_that_was_taken_over_is_not_renewed(self, store: Store) -> None:
        """DESIGN decision 4: a worker that wakes up late cannot hold what is not its own."""
        accept(store)
        late = claim_one(store)
        store.deliveries.record(late, PARKED, LATER)
        store.deliveries.renew([late], MUCH_LATER)
        assert store.deliveries.abandoned(MUCH_LATER + LEASE) == []

    def test_what_waits_for_later_is_brought_forward(self, store: Store) -> None:
        """DOMAIN C2: a destination that is probed, or is well again, is not kept waiting."""
        for _ in range(3):
            accept(store)
            store.deliveries.record(claim_one(store), postponed(MUCH_LATER), LATER)
        assert store.deliveries.due(LATER) == []
        store.deliveries.bring_forward(DESTINATION, LATER, 2)
        assert len(claim(store)) == 2

    def test_several_claims_are_renewed_together(self, store: Store) -> None:
        """One transaction, however many calls are under way."""
        accept(store)
        first = claim_one(store)
        accept(store)
        second = claim_one(store)
        store.deliveries.renew([first, second], MUCH_LATER)
        assert store.deliveries.abandoned(LATER + 2 * LEASE) == []
