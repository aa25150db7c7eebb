"""The worker: whatever happens to one delivery or to the database, the others go on."""

from datetime import timedelta

import pytest

from gateway import worker
from gateway.adapter import Delivered
from gateway.domain.errors import Unavailable
from gateway.domain.lifecycle import DeliveryState
from gateway.flow.ports import Abandoned, Attempted
from gateway.takeover import GONE_FOR
from gateway.testing.builders import NOW

A, B = "norr/a", "norr/b"
PARKED = Attempted(DeliveryState.PARKED, "unclear")


def test_a_destination_that_cannot_be_built_keeps_its_deliveries_until_it_can(line):
    """DOMAIN C2: a file that is missing for one must not stop the others."""
    line.faults[A] = "no such file"
    for key in (A, B):
        line.serve(key, lambda message: Delivered())
        line.send(key)
    with line.working():
        assert line.hear("destination.shut")["reason"] == "no such file"
        line.hear("delivery.attempted", destination=B)
        line.faults.clear()
        line.hear("delivery.attempted", destination=A)


def test_a_worker_tells_what_it_cannot_build_until_it_can_though_nothing_waits_any_more(line):
    """DOMAIN G1, G2: nobody else knows it; and what is mended must not stand as shut."""
    line.faults[A] = "no such file"
    line.serve(A, lambda message: Delivered())
    line.send(A)
    with line.working() as worker:
        line.until(lambda: worker.shut == {A})
        line.store.deliveries.claim(A, 1, NOW, timedelta(hours=1))
        line.faults.clear()
        line.until(lambda: not worker.shut)


def test_deliveries_go_on_when_the_database_comes_back(line):
    """DOMAIN G2: told when it goes and when it is back, and not each round."""
    line.falter("due", *[Unavailable("gone")] * 3)
    line.serve(A, lambda message: Delivered())
    line.send(A)
    with line.working():
        told = [line.next()["event"] for _ in range(3)]
    assert told[0] == "database.unavailable"
    assert sorted(told[1:]) == ["database.recovered", "delivery.attempted"]


def test_what_was_delivered_while_the_database_was_gone_is_written_down_after(line):
    """DOMAIN C1, C6: else it would be delivered a second time."""
    line.serve(A, lambda message: line.close_store() or Delivered())
    delivery = line.send(A)
    with line.working():
        line.hear("database.unavailable")
        line.store.gone = False
        line.hear("delivery.attempted")
    record, attempts = line.store.deliveries.find(delivery)
    assert (record.state, len(attempts)) == (DeliveryState.DELIVERED, 1)


def test_slots_are_not_lost_when_the_database_goes_in_the_middle_of_a_claim(line):
    """DOMAIN C2: one slot, and it is free again."""
    line.falter("claim", Unavailable("gone"))
    line.serve(A, lambda message: Delivered())
    line.send(A)
    with line.working():
        line.hear("database.unavailable")
        line.hear("delivery.attempted", state="DELIVERED")


def test_slots_are_not_lost_when_something_unforeseen_happens(line):
    """DOMAIN C1, C2: the lease ends, and others are delivered meanwhile."""
    line.falter("record_all", ValueError("191212121212"))
    line.serve(A, lambda message: Delivered())
    first = line.send(A)
    with line.working():
        told = line.hear("delivery.not_recorded")
        second = line.send(A)
        line.hear("delivery.attempted", delivery=str(second))
    assert told["delivery"] == str(first)
    assert line.state(first) is DeliveryState.SENDING


@pytest.mark.parametrize(
    ("recognises_repeats", "state"),
    [(True, DeliveryState.WAITING), (False, DeliveryState.PARKED)],
)
def test_what_a_stopped_worker_left_is_repeated_only_where_that_is_safe(
    line, recognises_repeats, state
):
    """DOMAIN C6: nobody knows whether it was sent."""
    line.recognises_repeats = recognises_repeats
    line.serve(A, lambda message: Delivered())
    delivery = line.send(A)
    line.store.deliveries.claim(A, 1, NOW, timedelta(seconds=-1))
    with line.working():
        told = line.hear("delivery.attempted", delivery=str(delivery))
    assert (told["outcome"], told["attempt"]) == ("unclear", 1)
    assert "the worker stopped before it could tell" in told["reason"]
    assert line.state(delivery) is state


def test_what_was_left_for_a_destination_that_has_gone_is_parked(line):
    """DOMAIN C4, C6: nobody can say whether a repeat is safe, and an operator can move it."""
    delivery = line.send(A)
    line.store.deliveries.claim(A, 1, NOW, timedelta(seconds=-1))
    line.now = NOW + GONE_FOR
    with line.working():
        told = line.hear("delivery.attempted", delivery=str(delivery))
    assert "its destination is not in the route table that is used here" in told["reason"]
    assert line.state(delivery) is DeliveryState.PARKED
    assert told["case_number"] is not None


def test_what_was_left_lately_for_an_unknown_destination_is_left_as_it_is(line):
    """DOMAIN C1: another node may have a newer route table, with the destination in it."""
    delivery = line.send(A)
    line.store.deliveries.claim(A, 1, NOW, timedelta(seconds=-1))
    line.serve(B, lambda message: Delivered())
    line.send(B)
    with line.working():
        line.hear("delivery.attempted", destination=B)
    assert line.state(delivery) is DeliveryState.SENDING


def test_how_long_a_call_took_makes_nobody_homeless(line):
    """DOMAIN C1: another node may have a newer table, however long ago it began the attempt."""
    delivery = line.send(A)
    line.store.deliveries.claim(A, 1, NOW, timedelta(hours=2) - timedelta(seconds=1))
    line.now = NOW + timedelta(hours=2)
    line.serve(B, lambda message: Delivered())
    line.send(B)
    with line.working():
        line.hear("delivery.attempted", destination=B)
    assert line.state(delivery) is DeliveryState.SENDING


def test_minutes_after_a_kill_an_operator_can_move_what_has_no_destination_any_more(line):
    """DOMAIN C4: only what is parked or waits can be moved."""
    delivery = line.send(A)
    line.store.deliveries.claim(A, 1, NOW, timedelta(seconds=10))
    line.now = NOW + timedelta(minutes=3)
    with line.working():
        line.hear("delivery.attempted", delivery=str(delivery))
    assert line.state(delivery) is DeliveryState.PARKED


@pytest.mark.parametrize(
    ("recognises_repeats", "state"),
    [(True, DeliveryState.WAITING), (False, DeliveryState.PARKED)],
)
def test_what_was_left_for_a_destination_that_cannot_be_built_is_judged_by_its_kind(
    line, recognises_repeats, state
):
    """DOMAIN C1, C4, C6: else it would be under way, and out of reach, until somebody mends it."""
    line.recognises_repeats = recognises_repeats
    line.serve(A, lambda message: Delivered())
    line.faults[A] = "a secret is missing"
    delivery = line.send(A)
    line.store.deliveries.claim(A, 1, NOW, timedelta(seconds=-1))
    with line.working():
        told = line.hear("delivery.attempted", delivery=str(delivery))
    assert (told["outcome"], line.state(delivery)) == ("unclear", state)


def test_what_was_left_where_no_such_adapter_can_be_used_is_parked_when_no_other_node_can(line):
    """DOMAIN C4, C6: nobody here can say whether a repeat is safe."""
    line.serve(A, lambda message: Delivered())
    line.unusable.add(A)
    delivery = line.send(A)
    line.store.deliveries.claim(A, 1, NOW, timedelta(seconds=-1))
    line.serve(B, lambda message: Delivered())
    line.send(B)
    with line.working():
        line.hear("delivery.attempted", destination=B)
        assert line.state(delivery) is DeliveryState.SENDING
        line.now = NOW + GONE_FOR
        told = line.hear("delivery.attempted", destination=A)
    assert told["reason"].endswith("no adapter of its destination's kind can be used")
    assert line.state(delivery) is DeliveryState.PARKED


def test_what_another_worker_took_over_first_is_not_told_twice(line):
    """DOMAIN G1: a line in the log is something that happened."""
    line.serve(A, lambda message: Delivered())
    delivery = line.send(A)
    line.overtake(Abandoned(delivery, A, 99, NOW, NOW))
    with line.working():
        assert line.next()["outcome"] == "delivered"
    assert line.lines.empty()


def test_an_adapter_that_raises_is_unclear_and_takes_nobody_down(line):
    """DESIGN decisions 2 and 11: judged, and told without its words."""
    line.recognises_repeats = False
    line.serve(A, lambda message: 1 / 0)
    line.serve(B, lambda message: Delivered())
    delivery = line.send(A)
    with line.working():
        told = line.hear("delivery.attempted")
        line.send(B)
        line.hear("delivery.attempted", destination=B)
    assert (told["outcome"], line.state(delivery)) == ("unclear", DeliveryState.PARKED)
    assert told["reason"].startswith("Forgetful raised ZeroDivisionError; not repeated")


def test_a_result_that_comes_after_the_lease_is_not_written_over_the_later_one(line):
    """DOMAIN C1; DESIGN decision 4: leases with fencing."""
    line.serve(A, lambda message: line.judge(message, PARKED) and Delivered("late"))
    delivery = line.send(A)
    with line.working():
        told = line.hear("delivery.claim_lost")
    assert (told["delivery"], told["attempt"]) == (str(delivery), 1)
    assert line.state(delivery) is DeliveryState.PARKED
    # Whoever took over has told what came of it; to tell it again would count it twice.
    assert line.lines.empty()
    ended = {"destination": A, "state": "delivered"}
    total = "vaxel_deliveries_finished_total"
    assert line.metrics.registry.get_sample_value(total, ended) is None


def test_what_was_claimed_too_long_ago_is_not_sent(line, monkeypatch):
    """DOMAIN C6: whoever wakes up late has been relieved, and a human may have been asked."""
    monkeypatch.setattr(worker, "LEASE", timedelta(0))
    line.recognises_repeats = False
    line.serve(A, lambda message: Delivered())
    delivery = line.send(A)
    with line.working():
        told = line.hear("delivery.attempted")
    assert (told["outcome"], line.state(delivery)) == ("try-later", DeliveryState.WAITING)
    assert told["reason"].startswith("not sent")


@pytest.mark.parametrize(
    ("method", "event"),
    [
        ("due", "worker.round_failed"),
        ("claim", "destination.failed"),
        ("abandoned", "worker.round_failed"),
    ],
)
def test_a_fault_of_ours_in_one_round_does_not_end_the_deliveries(line, method, event):
    """DOMAIN C1, C2: nobody would notice a worker that has stopped, or a slot that is lost."""
    line.falter(method, ValueError("191212121212"))
    line.serve(A, lambda message: Delivered())
    line.send(A)
    with line.working():
        line.hear(event)
        line.hear("delivery.attempted", state="DELIVERED")


def test_a_row_that_cannot_be_read_stops_no_other_destination(line):
    """DOMAIN C2: whichever comes first in the alphabet."""
    line.falter("claim", ValueError("an unknown kind"))
    for key in (A, B):
        line.serve(key, lambda message: Delivered())
        line.send(key)
    with line.working():
        failed = line.hear("destination.failed")["destination"]
        attempted = {line.hear("delivery.attempted")["destination"] for _ in (A, B)}
    assert (failed, attempted) == (A, {A, B})
