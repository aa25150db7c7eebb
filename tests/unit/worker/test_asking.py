"""A system that takes a repeat for something new, and can be asked what it has (DOMAIN C6)."""

from contextlib import contextmanager
from datetime import timedelta

import pytest

from gateway.adapter import Can, Delivered, Unclear
from gateway.domain.lifecycle import DeliveryState
from gateway.testing.builders import NOW

A = "norr/a"


class Archive:
    """It keeps all that is sent, and answers nothing."""

    can = Can(recognises_repeats=False)

    def __init__(self):
        self.sent = []

    def deliver(self, message):
        self.sent.append(message.message_id)
        return Unclear("no answer")

    def find(self, message):
        return Delivered("D-1") if message.message_id in self.sent else None


@pytest.fixture
def archive(line, monkeypatch):
    """The system at the only destination."""
    archive = Archive()

    @contextmanager
    def lend(_):
        yield archive

    line.serve(A, None)
    monkeypatch.setattr(line, "_build", lend)
    monkeypatch.setattr(line, "_kind_of", lambda _: Archive)
    return archive


def later(line):
    """Let the wait before the next attempt be over."""
    line.now += timedelta(hours=1)


def test_what_was_sent_and_not_answered_is_found_and_not_sent_again(line, archive):
    """DOMAIN C6: without a human, though it does not recognise repeats."""
    delivery = line.send(A)
    with line.working():
        assert line.hear("delivery.attempted")["outcome"] == "unclear"
        later(line)
        assert line.hear("delivery.attempted")["outcome"] == "delivered"
    assert archive.sent == [str(delivery)]
    assert line.store.deliveries.find(delivery)[0].remote_id == "D-1"


@pytest.mark.parametrize("was_sent", [True, False])
def test_what_a_dead_worker_left_is_sent_only_if_it_is_not_there(line, archive, was_sent):
    """DOMAIN C1, C6: nobody else knows whether it was sent."""
    delivery = line.send(A)
    line.store.deliveries.claim(A, 1, NOW, timedelta(seconds=-1))
    archive.sent += [str(delivery)] * was_sent
    with line.working():
        line.hear("delivery.attempted")
        while line.state(delivery) is not DeliveryState.DELIVERED:
            later(line)
            line.hear("delivery.attempted")
    assert archive.sent == [str(delivery)]
