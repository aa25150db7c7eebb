"""What a worker tells those who measure."""

import time

from gateway.adapter import Delivered, Refused

A, B = "norr/a", "norr/b"
SLOW_S = 0.5


class Slow:
    """An outbox that takes its time to write."""

    def __init__(self, deliveries):
        self._deliveries = deliveries

    def __getattr__(self, name):
        return getattr(self._deliveries, name)

    def record_all(self, ended):
        """Write what came of attempts, late."""
        time.sleep(SLOW_S)
        return self._deliveries.record_all(ended)


def test_attempts_and_their_ends_are_counted_by_destination(line):
    """DOMAIN G1: what came of it, and where."""
    line.serve(A, lambda message: Delivered())
    line.serve(B, lambda message: Refused("the unit is closed"))
    for key in (A, A, B):
        line.send(key)
    with line.working():
        for _ in range(3):
            line.hear("delivery.attempted")
    read = line.metrics.registry.get_sample_value
    ended = [("delivered", A, 2), ("parked", B, 1)]
    for state, key, count in ended:
        labels = {"destination": key, "state": state}
        assert read("vaxel_deliveries_finished_total", labels) == count
    labels = {"destination": B, "outcome": "refused"}
    assert read("vaxel_delivery_attempts_total", labels) == 1


def test_the_time_told_of_an_attempt_is_that_of_the_call(line):
    """DOMAIN G2: a database of ours that is slow does not look like a slow system."""
    line.deliveries = Slow(line.deliveries)
    line.serve(A, lambda message: Delivered())
    line.send(A)
    with line.working():
        told = line.hear("delivery.attempted")
    total = "vaxel_delivery_attempt_duration_seconds_sum"
    measured = line.metrics.registry.get_sample_value(total, {"destination": A})
    assert 0 <= told["duration_ms"] < SLOW_S * 1000
    assert 0 <= measured < SLOW_S
