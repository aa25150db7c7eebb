"""The worker: claims, delivers and records, each destination in its own slots."""

from datetime import timedelta
from typing import Any, cast

from gateway import worker as module
from gateway.adapter import Delivered, TryLater
from gateway.domain.lifecycle import DeliveryState
from gateway.outlets import Outlet
from gateway.testing.builders import NOW, TOLVAN
from gateway.wire import longest_call_s

A, B = "norr/a", "norr/b"


def test_what_waits_is_delivered_and_what_came_of_it_is_written_down(line):
    """DOMAIN C1, G1: delivered, recorded, and told in one wide line."""
    line.serve(A, lambda message: Delivered("P-1"))
    delivery = line.send(A)
    with line.working():
        told = line.hear("delivery.attempted")
    record, (attempt,) = line.store.deliveries.find(delivery)
    assert (record.state, record.remote_id) == (DeliveryState.DELIVERED, "P-1")
    assert attempt.outcome == "delivered"
    assert (told["delivery"], told["destination"]) == (str(delivery), A)
    assert (told["case_number"], told["state"]) == (record.case_number, "DELIVERED")


def test_a_slow_destination_does_not_delay_another(line):
    """DOMAIN C2; DESIGN decision 6: a bulkhead per destination."""
    slow = line.gate()
    line.serve(A, slow)
    line.serve(B, lambda message: Delivered())
    waiting, *_ = line.send(A), line.send(A)
    with line.working():
        slow.next()
        for _ in range(3):
            line.send(B)
            line.hear("delivery.attempted", destination=B)
        assert line.state(waiting) is DeliveryState.SENDING
        slow.opened.set()


def test_a_destination_gets_no_more_at_once_than_it_can_bear(line):
    """DOMAIN C2: limits per destination."""
    gate = line.gate()
    line.serve(A, gate, concurrency=2)
    deliveries = [line.send(A) for _ in range(3)]
    with line.working():
        for _ in range(2):
            gate.next()
        assert [line.state(delivery).value for delivery in deliveries] == [
            "SENDING", "SENDING", "WAITING",
        ]  # fmt: skip
        gate.opened.set()
        gate.next()


def test_an_unknown_destination_keeps_its_deliveries_until_the_table_knows_it(line):
    """DESIGN decision 10: nothing is dropped silently; and it is told once, not each round."""
    line.serve(B, lambda message: Delivered())
    delivery = line.send(A)
    with line.working():
        told = line.hear("destination.shut")
        for _ in range(3):
            line.send(B)
            assert line.next()["destination"] == B
        assert line.state(delivery) is DeliveryState.WAITING
        line.serve(A, lambda message: Delivered())
        line.hear("delivery.attempted", destination=A)
    assert (told["destination"], told["kept"]) == (A, "waiting")
    assert told["reason"] == "it is not in the route table"


def test_each_time_a_destination_leaves_the_table_it_is_told(line):
    """DOMAIN G2: told on transitions; what waits is kept."""
    with line.working():
        for _ in range(2):
            line.serve(A, lambda message: Delivered())
            line.send(A)
            line.hear("delivery.attempted")
            line.destinations.clear()
            delivery = line.send(A)
            line.hear("destination.shut")
            assert line.state(delivery) is DeliveryState.WAITING


def test_a_new_table_works_at_once_and_what_is_under_way_ends_in_the_old_one(line):
    """DESIGN decision 7: swapped, and nothing is lost."""
    old = line.gate()
    line.serve(A, old)
    under_way = line.send(A)
    with line.working():
        old.next()
        line.serve(A, lambda message: Delivered("new"))
        line.send(A)
        line.hear("delivery.attempted")
        assert len(line.built) == 2
        old.opened.set()
        line.hear("delivery.attempted", delivery=str(under_way), state="DELIVERED")


def test_an_adapter_is_built_once_for_as_long_as_its_destination_is_the_same(line):
    """DESIGN decision 7: connections are kept."""
    line.serve(A, lambda message: Delivered())
    with line.working():
        for _ in range(3):
            line.send(A)
            line.hear("delivery.attempted")
    assert len(line.built) == 1


def test_what_is_to_be_tried_later_waits_as_its_policy_says(line):
    """DOMAIN C2: and the line tells until when."""
    line.serve(A, lambda message: TryLater("busy"), first_retry_s=90.0)
    delivery = line.send(A)
    with line.working():
        told = line.hear("delivery.attempted")
    record, _ = line.store.deliveries.find(delivery)
    assert record.due_at == NOW + timedelta(seconds=90)
    assert (told["due_at"], told["reason"]) == (record.due_at.isoformat(), "busy")


def test_stopping_takes_nothing_more_and_lets_what_is_under_way_end(line):
    """DOMAIN G5: upgrades without stopping anything half-way."""
    gate = line.gate()
    line.serve(A, gate)
    under_way, waiting = line.send(A), line.send(A)
    with line.working() as worker:
        gate.next()
        worker.stop()
        assert line.state(under_way) is DeliveryState.SENDING
        gate.opened.set()
    assert line.state(under_way) is DeliveryState.DELIVERED
    assert line.state(waiting) is DeliveryState.WAITING


def test_a_new_case_need_not_wait_for_the_next_look(line, monkeypatch):
    """DOMAIN C1: whoever kept it wakes the worker."""
    monkeypatch.setattr(module, "POLL_S", 3600.0)
    looked = line.falter("due")
    line.serve(A, lambda message: Delivered())
    with line.working() as worker:
        assert looked.wait(10)
        line.send(A)
        worker.wake()
        line.hear("delivery.attempted")


def test_a_claim_is_held_longer_than_the_longest_call(line):
    """DESIGN decision 4: else two workers would try the same at once."""
    line.serve(A, None)
    destination = line.destinations[A]
    nothing = cast("Any", None)
    lease = Outlet(destination, nothing, nothing, nothing, nothing).lease
    assert lease.total_seconds() > longest_call_s(destination.policy)


def test_no_line_tells_anything_of_people(line):
    """DESIGN decision 11: never in logs."""
    line.serve(A, lambda message: 1 / 0)
    line.send(A)
    with line.working():
        told = repr(line.hear("delivery.attempted"))
    for personal in (TOLVAN.number, "Tolvan", "Jag fick vänta"):
        assert personal not in told
