"""The worker and destinations whose systems fetch: it calls nobody, and parks what is left."""

from datetime import timedelta

import pytest

from gateway import worker as module
from gateway.adapter import Delivered
from gateway.domain.lifecycle import DeliveryState
from gateway.flow.pickups import LEASE
from gateway.flow.ports import Paused
from gateway.testing.builders import NOW

A, B = "norr/a", "norr/b"


@pytest.fixture
def fetched(line, monkeypatch):
    """Let the system of A fetch, and B be called; gives a delivery to A."""
    monkeypatch.setattr(module, "_UNFETCHED_PAUSE_S", 0.0)
    monkeypatch.setattr(module, "_TO_FETCH_FIRST_S", 0.0)
    line.serve(A, _never)
    line.serve(B, lambda message: Delivered())
    line.fetching.add(A)
    return line.send(A)


def _never(_):
    raise AssertionError("nobody is called there")


def hear_of_b(line):
    """Wait until the worker has made some rounds, seen by what it delivers elsewhere."""
    for _ in range(3):
        line.send(B)
        assert line.hear("delivery.attempted")["destination"] == B


def test_a_system_that_fetches_is_not_called(line, fetched):
    """DOMAIN C5: what is for it waits."""
    with line.working():
        hear_of_b(line)
        assert line.state(fetched) is DeliveryState.WAITING


def test_a_fetch_without_a_receipt_waits_again_at_once(line, fetched):
    """DOMAIN C1: whether or not its system recognises repeats, since it comes for them itself."""
    line.deliveries.claim(A, 1, NOW, LEASE)
    line.now = NOW + 2 * LEASE
    with line.working():
        told = line.hear("delivery.attempted", destination=A)
    record, _ = line.deliveries.find(fetched)
    assert (record.state, record.due_at) == (DeliveryState.WAITING, line.now)
    assert told["reason"] == "fetched, and no receipt came within 10 minutes"


def test_what_is_not_fetched_in_time_is_parked(line, fetched):
    """DOMAIN C4: and told as a warning, for those who watch."""
    line.now = NOW + timedelta(days=3, minutes=1)
    with line.working():
        told = line.hear("delivery.attempted", destination=A)
    assert (told["level"], told["outcome"], told["state"]) == ("warning", "expired", "PARKED")
    assert told["duration_ms"] is None
    assert line.state(fetched) is DeliveryState.PARKED


def test_what_lay_here_while_the_gateway_was_stopped_can_be_fetched_first(
    line, fetched, monkeypatch
):
    """DOMAIN C4: nobody could fetch it, and nothing is given up that was never offered."""
    monkeypatch.setattr(module, "_TO_FETCH_FIRST_S", 30.0)
    line.now = NOW + timedelta(days=10)
    with line.working():
        hear_of_b(line)
        assert line.state(fetched) is DeliveryState.WAITING


def test_what_lay_here_in_a_pause_can_be_fetched_first(line, fetched, monkeypatch):
    """DOMAIN C4: an operator who resumes has not given it up."""
    with line.working():
        hear_of_b(line)
        line.store.destinations.pause(A, Paused("new certificates", "SE-OPS", NOW))
        line.hear("destination.paused")
        line.now = NOW + timedelta(days=10)
        monkeypatch.setattr(module, "_TO_FETCH_FIRST_S", 30.0)
        hear_of_b(line)
        line.store.destinations.resume(A)
        line.hear("destination.resumed", destination=A)
        hear_of_b(line)
        assert line.state(fetched) is DeliveryState.WAITING
