"""What was replayed is tried as if it were new."""

from datetime import timedelta

from gateway.adapter import TryLater
from gateway.domain.lifecycle import DeliveryState
from gateway.flow.ports import Attempted
from gateway.testing.builders import NOW, make_entry

A = "norr/a"


def test_the_waits_after_a_replay_begin_anew(line):
    """DOMAIN C2, C4: the attempts count on as the fence, and the waits do not grow by them."""
    delivery = line.send(A)
    for state in (DeliveryState.WAITING,) * 4 + (DeliveryState.PARKED,):
        (claimed,) = line.deliveries.claim(A, 1, NOW, timedelta(minutes=1))
        line.deliveries.record(claimed, Attempted(state, "try-later", "HTTP 503"), NOW)
    line.deliveries.replay(delivery, make_entry(), NOW)
    line.serve(A, lambda _: TryLater("HTTP 503"), first_retry_s=10.0)
    with line.working():
        told = line.hear("delivery.attempted")
    due_at = (NOW + timedelta(seconds=10)).isoformat()
    assert (told["attempt"], told["due_at"]) == (6, due_at)
