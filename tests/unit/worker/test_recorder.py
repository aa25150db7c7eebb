"""Attempts are recorded together, and each is told of its own."""

import threading
from datetime import timedelta
from functools import partial

import pytest

from gateway.domain.errors import Unavailable
from gateway.flow.recording import Ended
from gateway.flow.store import Store
from gateway.loops import running
from gateway.recorder import Recorder, Written
from gateway.testing.memory import MemoryStore
from gateway.testing.memory_outbox import MemoryDeliveries
from gateway.testing.store_contract.acts import DELIVERED, LATER, accept, claim

SLOTS = 5


class Held(MemoryDeliveries):
    """Writes when it may go on; is gone so often, or refuses some, when told to."""

    def __init__(self, books):
        super().__init__(books)
        self.batches = []
        self.may_go_on = threading.Event()
        self.refused = set()
        self.gone = 0

    def record_all(self, ended):
        self.batches.append(len(ended))
        self.may_go_on.wait()
        if self.gone:
            self.gone -= 1
            raise Unavailable("gone")
        if not self.refused.isdisjoint(one.claim.id for one in ended):
            raise ValueError("a bad one")
        return super().record_all(ended)


@pytest.fixture
def store() -> Store:
    """A store in memory with deliveries to claim."""
    store = MemoryStore()
    for _ in range(SLOTS):
        accept(store)
    return store


@pytest.fixture
def held(store):
    """The outbox of that store, held up."""
    return Held(store._books)


def recorded(held, claims, patience=timedelta(0)):
    """Let all slots end, the first alone and the others while it is written."""
    recorder, told = Recorder(held), {}
    with running(recorder):
        for one in claims:
            ended = Ended(one, DELIVERED, LATER)
            recorder.record(ended, patience, partial(told.setdefault, one.id))
        while recorder._queue.qsize() + sum(held.batches) < len(claims):
            threading.Event().wait(0.001)
        held.may_go_on.set()
    return [told[one.id] for one in claims]


def test_slots_that_end_together_are_written_together(store, held):
    """DESIGN decision 4: one transaction for many."""
    assert recorded(held, claim(store)) == [Written.KEPT] * SLOTS
    assert len(held.batches) <= 2 or max(held.batches) > 1


def test_a_claim_that_was_lost_is_told_to_its_own_slot(store, held):
    """DESIGN decision 4: the fence holds within a batch too."""
    claims = claim(store)
    store.deliveries.record(claims[2], DELIVERED, LATER)
    found = recorded(held, claims)
    assert found == [Written.CLAIM_LOST if n == 2 else Written.KEPT for n in range(SLOTS)]


def test_one_that_cannot_be_kept_fails_alone(store, held):
    """C1: what was delivered is recorded, whoever else is in the batch."""
    claims = claim(store)
    held.refused = {claims[3].id}
    found = recorded(held, claims)
    assert found == [Written.NOT_KEPT if n == 3 else Written.KEPT for n in range(SLOTS)]


def test_all_are_told_that_the_store_is_gone(store, held):
    """C1: when the patience of all has ended."""
    held.gone = SLOTS * 2
    assert recorded(held, claim(store)) == [Written.NOT_KEPT] * SLOTS


def test_what_ended_while_the_store_was_gone_is_written_when_it_is_back(store, held):
    """C1: nothing that was delivered is sent again because of a database that was away."""
    held.gone = 1
    assert recorded(held, claim(store), timedelta(minutes=1)) == [Written.KEPT] * SLOTS


def test_a_fault_in_what_follows_for_one_stops_no_other(store, held):
    """C2: the slots of all others go on."""
    told, claims = [], claim(store)
    held.may_go_on.set()
    recorder = Recorder(held)

    def fail(_):
        raise ValueError("a fault of ours")

    with running(recorder):
        for then in (fail, told.append):
            recorder.record(Ended(claims.pop(), DELIVERED, LATER), timedelta(0), then)
    assert told == [Written.KEPT]
