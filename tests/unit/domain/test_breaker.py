"""The law of the breaker: it opens, lets one probe through, closes, and drains (DOMAIN C2)."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.breaker import (
    BREAKER_STEPS,
    Answered,
    Breaker,
    BreakerState,
    after,
    given_back,
    may_probe,
    probing,
)
from gateway.domain.policy import Policy
from gateway.testing.builders import NOW

POLICY = Policy(concurrency=8, breaker_failures=3, breaker_wait_s=10, jitter=0.2)
LEASE = timedelta(seconds=40)
S = BreakerState


def heard(breaker, *wells, at=NOW, probe=None, policy=POLICY, luck=0.0):
    """Tell where a breaker stands after attempts that went well, or did not."""
    for well in wells:
        breaker = after(breaker, Answered(well, at, probe), policy, luck)
    return breaker


def opened(times=1):
    """Make a breaker that has opened so many times in a row."""
    breaker, at = heard(Breaker(), False, False, False), NOW
    for _ in range(times - 1):
        at = breaker.next_at
        breaker = probing(breaker, at, LEASE)
        breaker = heard(breaker, False, at=at, probe=breaker.version)
    return breaker


def test_it_opens_after_so_many_failures_in_a_row():
    """DOMAIN C2: a success in between begins the count anew."""
    assert heard(Breaker(), False, False, True, False, False).state is S.CLOSED
    breaker = opened()
    assert (breaker.state, breaker.failing_since) == (S.OPEN, NOW)
    assert breaker.next_at == NOW + timedelta(seconds=10)


def test_a_destination_that_is_well_costs_no_write():
    """The very same value: there is nothing to write."""
    breaker = Breaker()
    assert heard(breaker, True) is breaker


@pytest.mark.parametrize(("times", "wait_s"), [(1, 10), (2, 20), (5, 160), (6, 300), (99, 300)])
def test_the_wait_grows_to_five_minutes(times, wait_s):
    """DOMAIN C2: a system that is down for days is not called every ten seconds."""
    breaker = opened(times - 1) if times > 1 else heard(Breaker(), False, False)
    at = breaker.next_at or NOW
    ready = probing(breaker, at, LEASE) if times > 1 else breaker
    new = heard(ready, False, at=at, probe=ready.version)
    assert new.next_at - at == timedelta(seconds=wait_s)


def test_luck_makes_a_wait_shorter_by_the_share_of_jitter():
    """DOMAIN C2: what went down together is not probed together."""
    breaker = heard(Breaker(), False, False, False, luck=1.0)
    assert breaker.next_at == NOW + timedelta(seconds=8)


def test_a_probe_may_begin_when_the_wait_is_over():
    """DOMAIN C2: and not before."""
    breaker = opened()
    assert not may_probe(breaker, breaker.next_at - timedelta(seconds=1))
    assert may_probe(breaker, breaker.next_at)
    assert not may_probe(Breaker(), NOW)


def test_a_probe_that_nobody_heard_of_may_be_taken_over():
    """DOMAIN C2: the worker that had it has stopped."""
    first = probing(opened(), NOW, LEASE)
    assert not may_probe(first, NOW + LEASE - timedelta(seconds=1))
    assert may_probe(first, NOW + LEASE)
    second = probing(first, NOW + LEASE, LEASE)
    assert heard(second, False, probe=first.version) is second


def test_a_probe_with_nothing_to_send_is_given_back():
    """The next one may begin at once."""
    breaker = given_back(probing(opened(), NOW, LEASE), NOW)
    assert (breaker.state, breaker.openings) == (S.OPEN, 1)
    assert may_probe(breaker, NOW)


def test_failures_of_what_began_before_change_nothing_while_open_or_probing():
    """One wait for one opening, however much was under way."""
    breaker = opened()
    assert heard(breaker, False) is breaker
    probed = probing(breaker, NOW, LEASE)
    assert heard(probed, False) is probed


def test_after_a_probe_that_went_well_it_drains_twice_as_fast_with_each_success():
    """DOMAIN C2: from one at once up to what the policy says."""
    breaker = heard(probing(opened(3), NOW, LEASE), True)
    allowed = []
    while breaker.state is S.DRAINING:
        allowed.append(breaker.allowed)
        breaker = heard(breaker, True)
    assert allowed == [1, 2, 4]
    assert breaker == Breaker(version=breaker.version)


def test_with_one_slot_there_is_nothing_to_drain_gradually():
    """A policy of one at once is full with one."""
    policy = Policy(concurrency=1)
    breaker = heard(probing(opened(), NOW, LEASE), True, policy=policy)
    assert (breaker.state, breaker.openings) == (S.CLOSED, 0)


def test_a_failure_while_draining_halves_what_it_gets():
    """DOMAIN C2: one that fails now and then is not left alone for longer and longer."""
    draining = heard(probing(opened(), NOW, LEASE), True, True, True)
    breaker = heard(draining, False)
    assert (draining.allowed, breaker.state, breaker.allowed) == (4, S.DRAINING, 2)
    assert heard(breaker, False).allowed == 1
    assert heard(breaker, True, True).state is S.CLOSED


def test_as_many_failures_while_draining_as_before_open_it_for_longer():
    """DOMAIN C2: it was too early."""
    draining = heard(probing(opened(), NOW, LEASE), True)
    breaker = heard(draining, False, False, False)
    assert (breaker.state, breaker.openings, breaker.allowed) == (S.OPEN, 2, None)
    assert breaker.next_at == NOW + timedelta(seconds=20)


ACTIONS = st.lists(
    st.one_of(
        st.tuples(st.just("wait"), st.integers(1, 400)),
        st.tuples(st.sampled_from(["start", "well", "fail"]), st.integers(0, 7)),
    ),
    max_size=80,
)


@given(ACTIONS)
def test_whatever_happens_there_is_never_more_than_one_probe(actions):
    """DOMAIN C2: over all nodes, while each probe is heard of within its lease."""
    breaker, now, under_way = Breaker(), NOW, 0
    probes: dict[int, datetime] = {}
    for action, number in actions:
        if action == "wait":
            now += timedelta(seconds=number)
            probes = {v: until for v, until in probes.items() if until > now}
        elif action == "start" and may_probe(breaker, now):
            breaker = probing(breaker, now, LEASE)
            probes[breaker.version] = now + LEASE
        elif action == "start" and breaker.state in {S.CLOSED, S.DRAINING}:
            under_way += 1
        elif action != "start" and (probes or under_way):
            probe = next(iter(probes), None) if number % 2 or not under_way else None
            under_way -= probe is None
            probes.pop(probe or 0, None)
            breaker = heard(breaker, action == "well", at=now, probe=probe)
        # A probe that is overtaken by an answer to something older is a common call from then on.
        probes = probes if breaker.state is S.PROBING else {}
        assert len(probes) <= 1


@given(ACTIONS)
def test_wherever_it_stands_enough_successes_close_it(actions):
    """DOMAIN C2: it closes by itself."""
    breaker, now = Breaker(), NOW
    for action, number in actions:
        now += timedelta(seconds=number)
        if action == "start" and may_probe(breaker, now):
            breaker = probing(breaker, now, LEASE)
        if action in {"well", "fail"}:
            breaker = heard(breaker, action == "well", at=now, probe=breaker.version)
    closed = heard(breaker, True, True, True, True)
    assert closed == Breaker(version=closed.version)


@given(ACTIONS)
def test_each_change_has_a_higher_version(actions):
    """It is the fence: whoever saw an older one cannot write."""
    breaker = Breaker()
    for action, _ in actions:
        new = heard(breaker, action == "well", probe=breaker.version)
        assert new is breaker or new.version > breaker.version
        breaker = new


def test_every_state_and_no_other_is_in_the_table():
    """AESTHETICS 4.5: a law is a table."""
    assert {*BREAKER_STEPS} == {*S}
    assert {to for steps in BREAKER_STEPS.values() for to in steps.values()} == {*S}
