"""Attempts are recorded together, and each slot gets its own answer."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from gateway.domain.errors import Unavailable
from gateway.flow.store import Store
from gateway.loops import running
from gateway.recorder import Recorder
from gateway.testing.memory import MemoryStore
from gateway.testing.memory_outbox import MemoryDeliveries
from gateway.testing.store_contract.acts import DELIVERED, LATER, accept, claim

SLOTS = 5


class Held(MemoryDeliveries):
    """Writes when it may go on; is gone, or refuses some, when told to."""

    def __init__(self, books):
        super().__init__(books)
        self.batches = []
        self.may_go_on = threading.Event()
        self.refused = set()
        self.gone = False

    def record_all(self, ended):
        self.batches.append(len(ended))
        self.may_go_on.wait()
        if self.gone:
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


def recorded(held, claims):
    """Let all slots end, the first alone and the others while it is written."""
    recorder = Recorder(held, lambda: LATER)
    with running(recorder), ThreadPoolExecutor(SLOTS) as slots:
        answers = [slots.submit(recorder.record, one, DELIVERED) for one in claims]
        while recorder._queue.qsize() + sum(held.batches) < len(claims):
            threading.Event().wait(0.001)
        held.may_go_on.set()
        return [answer.exception() or answer.result() for answer in answers]


def test_slots_that_end_together_are_written_together(store, held):
    """DESIGN decision 4: one transaction for many."""
    assert recorded(held, claim(store)) == [True] * SLOTS
    assert len(held.batches) <= 2 or max(held.batches) > 1


def test_a_claim_that_was_lost_is_told_to_its_own_slot(store, held):
    """DESIGN decision 4: the fence holds within a batch too."""
    claims = claim(store)
    store.deliveries.record(claims[2], DELIVERED, LATER)
    assert recorded(held, claims) == [True, True, False, True, True]


def test_one_that_cannot_be_kept_fails_alone(store, held):
    """C1: what was delivered is recorded, whoever else is in the batch."""
    claims = claim(store)
    held.refused = {claims[3].id}
    answers = recorded(held, claims)
    assert [type(answer) for answer in answers] == [bool, bool, bool, ValueError, bool]


def test_all_are_told_that_the_store_is_gone(store, held):
    """C1: each slot has the patience of its own claim."""
    held.gone = True
    answers = recorded(held, claim(store))
    assert [type(answer) for answer in answers] == [Unavailable] * SLOTS
