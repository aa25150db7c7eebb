"""Claims under way are renewed, and only those."""

import threading

import pytest

from gateway.domain.errors import Unavailable
from gateway.flow.store import Store
from gateway.leases import LEASE, Leases
from gateway.loops import running
from gateway.testing.books import Books
from gateway.testing.memory import MemoryStore
from gateway.testing.memory_outbox import MemoryDeliveries
from gateway.testing.store_contract.acts import LATER, accept, claim_one

AFTER_THE_CLAIM = LATER + LEASE * 6.5
HEARD_WITHIN_S = 30


@pytest.fixture
def store() -> Store:
    """A store in memory with one delivery."""
    store = MemoryStore()
    accept(store)
    return store


@pytest.fixture
def leases(store):
    """The leases of a worker, as time goes on."""
    return Leases(store.deliveries, lambda: LATER + LEASE * 6, renew_s=0.001)


def test_a_claim_under_way_is_held(store, leases):
    """C1: a slow call of a worker that is alive is not taken over."""
    leases.hold(claim_one(store))
    leases.renew()
    assert store.deliveries.abandoned(AFTER_THE_CLAIM) == []


def test_a_claim_that_has_ended_is_not_held(store, leases):
    """C1: what could not be recorded is free for others when its lease ends."""
    claim = claim_one(store)
    leases.hold(claim)
    leases.let_go(claim)
    leases.renew()
    assert [left.id for left in store.deliveries.abandoned(AFTER_THE_CLAIM)] == [claim.id]


class Renewals(MemoryDeliveries):
    """Fails a few times, as a database that is gone or broken, and then says that it was asked."""

    def __init__(self, *errors):
        super().__init__(Books())
        self.errors = list(errors)
        self.renewed = threading.Event()

    def renew(self, claims, until):
        if self.errors:
            raise self.errors.pop()
        self.renewed.set()


def test_renewing_goes_on_after_any_trouble(store):
    """C1: a database that was gone for a moment costs no claim."""
    renewals = Renewals(Unavailable("gone"), ValueError("broken"), Unavailable("gone"))
    leases = Leases(renewals, lambda: LATER, renew_s=0.001)
    leases.hold(claim_one(store))
    with running(leases):
        assert renewals.renewed.wait(HEARD_WITHIN_S)
