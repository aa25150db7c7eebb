"""The worker: a destination that does not answer is left alone, and taken up again (C2)."""

from datetime import timedelta

from gateway.adapter import Delivered, Refused, TryLater
from gateway.domain.breaker import Breaker, BreakerState
from gateway.domain.errors import ContentAway
from gateway.domain.lifecycle import DeliveryState
from gateway.flow.ports import Paused
from gateway.testing.builders import NOW

A, B = "norr/a", "norr/b"
S = BreakerState


class System:
    """A case system that is down or up, and counts its calls."""

    def __init__(self):
        self.is_up = False
        self.calls = 0

    def __call__(self, message):
        self.calls += 1
        return Delivered() if self.is_up else TryLater("HTTP 503")


def breaker(line):
    """Tell where the breaker of A stands."""
    return line.store.destinations.all()[A].breaker


def open_it(line, system, **policy):
    """Let A fail until it is open, with one more waiting; tells the delivery that waits."""
    line.serve(A, system, **{"breaker_failures": 2, "first_retry_s": 3600} | policy)
    for _ in range(2):
        line.send(A)
    return line.send(A)


def test_a_destination_that_fails_is_left_alone_and_told_once(line):
    """DOMAIN C2, G2: what waits is not attempted, and uses up nothing."""
    system = System()
    waiting = open_it(line, system)
    line.serve(B, lambda message: Delivered())
    with line.working():
        told = line.hear("breaker.opened")
        for _ in range(3):
            line.send(B)
            line.hear("delivery.attempted", destination=B)
    record, attempts = line.store.deliveries.find(waiting)
    assert (record.state, attempts, system.calls) == (DeliveryState.WAITING, [], 2)
    assert (told["destination"], told["reason"]) == (A, "HTTP 503")
    assert "breaker.opened" not in [line.next()["event"] for _ in range(line.lines.qsize())]


def test_files_of_ours_that_are_away_say_nothing_of_a_destination(line):
    """DOMAIN C2, G2: what needs no files goes on going out there."""

    def away(_):
        raise ContentAway("the place of attachments does not answer")

    line.serve(A, away, breaker_failures=2, first_retry_s=3600)
    for _ in range(4):
        line.send(A)
    with line.working():
        told = [line.hear("delivery.attempted") for _ in range(4)]
    assert {one["outcome"] for one in told} == {"try-later"}
    assert A not in line.store.destinations.all()


def test_one_probe_finds_out_and_the_rest_follows(line):
    """DOMAIN C2: closed by itself, and told."""
    system = System()
    for _ in range(5):
        line.send(A)
    open_it(line, system, concurrency=4)
    with line.working():
        line.hear("breaker.opened")
        system.is_up = True
        line.now += timedelta(seconds=11)
        # Those that follow the probe may be told before or after the breaker is.
        delivered, closed = 0, False
        while delivered < 4 or not closed:
            told = line.next()
            delivered += told.get("state") == "DELIVERED"
            closed = closed or told["event"] == "breaker.closed"
    assert breaker(line).state is S.CLOSED


def test_a_probe_that_fails_waits_longer_and_no_more_is_sent(line):
    """DOMAIN C2: one probe, one call."""
    system = System()
    open_it(line, system)
    with line.working():
        line.hear("breaker.opened")
        line.now += timedelta(seconds=11)
        told = line.hear("breaker.probed")
    assert system.calls == 3
    assert breaker(line).next_at == line.now + timedelta(seconds=20)
    assert told["next_probe_at"] == breaker(line).next_at.isoformat()


def test_what_fails_by_itself_does_not_keep_the_others_waiting(line):
    """DOMAIN C2, C3: a probe is not spent on what has failed before, nor are those after it."""
    poison = set[str]()

    def system(message):
        return TryLater("HTTP 500") if message.message_id in poison else Delivered()

    line.serve(A, system, breaker_failures=4, first_retry_s=1, concurrency=8)
    poison.update(str(line.send(A)) for _ in range(4))
    with line.working():
        line.hear("breaker.opened")
        line.now += timedelta(seconds=9)
        good = [line.send(A) for _ in range(3)]
        line.now += timedelta(seconds=2)
        # The probe, one more, and then two at once: the last of the good ones, and another.
        told = {line.hear("delivery.attempted")["delivery"] for _ in range(4)}
    assert told >= {str(delivery) for delivery in good}


def test_a_probe_that_another_node_has_is_not_begun(line):
    """DOMAIN C2: one in all."""
    line.store.destinations.move(
        A, Breaker(), Breaker(7, S.PROBING, 5, 1, NOW, NOW + timedelta(seconds=40))
    )
    line.serve(A, lambda message: Delivered())
    line.serve(B, lambda message: Delivered())
    waiting = line.send(A)
    with line.working():
        for _ in range(3):
            line.send(B)
            assert line.hear("delivery.attempted")["destination"] == B
    assert line.state(waiting) is DeliveryState.WAITING


def test_a_refusal_shows_that_the_system_is_alive(line):
    """DOMAIN C2: only troubles of the system as a whole count."""
    line.serve(A, lambda message: Refused("no such unit"), breaker_failures=1)
    with line.working():
        for _ in range(3):
            line.send(A)
            line.hear("delivery.attempted", state="PARKED")
    assert line.store.destinations.all() == {}


def test_a_success_in_between_begins_the_count_anew(line):
    """DOMAIN C2: failures in a row."""
    system = System()
    line.serve(A, system, breaker_failures=2)
    with line.working():
        for is_up in (False, True, False):
            system.is_up = is_up
            line.send(A)
            line.hear("delivery.attempted")
    assert (breaker(line).state, breaker(line).failures) == (S.CLOSED, 1)


def test_a_paused_destination_keeps_what_waits_until_it_is_resumed(line):
    """DOMAIN C2, G2: told once each way."""
    line.store.destinations.pause(A, Paused("new certificates", "SE-OPS", NOW))
    line.serve(A, lambda message: Delivered())
    waiting = line.send(A)
    with line.working():
        told = line.hear("destination.paused")
        assert (told["by"], told["reason"]) == ("SE-OPS", "new certificates")
        assert line.state(waiting) is DeliveryState.WAITING
        line.store.destinations.resume(A)
        line.hear("destination.resumed", destination=A)
        line.hear("delivery.attempted", state="DELIVERED")


def test_outside_its_opening_hours_a_destination_is_not_called(line):
    """DOMAIN C2: and at its opening it is."""
    line.serve(A, lambda message: Delivered(), opening_hours="Mon-Sun 12:00-13:00")
    line.serve(B, lambda message: Delivered())
    line.send(A)
    with line.working():
        for _ in range(3):
            line.send(B)
            assert line.hear("delivery.attempted")["destination"] == B
        line.now = NOW.replace(hour=11, minute=30)
        line.hear("delivery.attempted", destination=A)


def test_a_destination_gets_no_more_a_second_than_its_rate(line):
    """DOMAIN C2: rate, in one worker."""
    system = System()
    system.is_up = True
    line.serve(A, system, concurrency=8, rate_per_s=0.01)
    for _ in range(3):
        line.send(A)
    line.serve(B, lambda message: Delivered())
    with line.working():
        line.hear("delivery.attempted", destination=A)
        for _ in range(3):
            line.send(B)
            assert line.hear("delivery.attempted")["destination"] == B
    assert system.calls == 1


def test_what_a_replaced_or_removed_destination_held_open_is_closed(line):
    """No connection is left behind by a new table."""
    line.serve(A, lambda message: Delivered("old"))
    with line.working():
        line.send(A)
        line.hear("delivery.attempted")
        line.serve(A, lambda message: Delivered("new"))
        line.send(A)
        line.hear("delivery.attempted")
        line.serve(B, lambda message: Delivered())
        del line.destinations[A]
        line.send(B)
        line.hear("delivery.attempted")
        line.send(B)
        line.hear("delivery.attempted")
        assert [destination.key for destination in line.closed] == [A, A]
    assert len(line.closed) == len(line.built) == 3
