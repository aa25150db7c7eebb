"""What a worker tells those who measure."""

from gateway.adapter import Delivered, Refused

A, B = "norr/a", "norr/b"


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
