"""
The law of a destination's circuit breaker, as a table: when it is called, and how much at once.

    CLOSED   it answers, or has not failed often enough
    OPEN     it does not answer, and nobody calls it before `next_at`
    PROBING  one delivery, over all nodes, finds out; if nothing is heard by `next_at`, another may
    DRAINING it answers again, and gets little at first
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from gateway.domain.policy import LONGEST_BREAKER_WAIT_S, Policy


class BreakerState(StrEnum):
    """Where a breaker stands."""

    CLOSED = "CLOSED"
    OPEN = "OPEN"
    PROBING = "PROBING"
    DRAINING = "DRAINING"


class BreakerStep(StrEnum):
    """What can happen to a breaker."""

    ANSWER = "ANSWER"
    FAIL = "FAIL"
    TRIP = "TRIP"
    PROBE = "PROBE"
    GIVE_BACK = "GIVE_BACK"
    FILL = "FILL"


_S, _T = BreakerState, BreakerStep

BREAKER_STEPS: dict[BreakerState, dict[BreakerStep, BreakerState]] = {
    _S.CLOSED: {_T.ANSWER: _S.CLOSED, _T.FAIL: _S.CLOSED, _T.TRIP: _S.OPEN},
    # What was under way when it opened can still come back: an answer is as good as a probe's.
    _S.OPEN: {_T.PROBE: _S.PROBING, _T.ANSWER: _S.DRAINING},
    _S.PROBING: {
        _T.PROBE: _S.PROBING,
        _T.GIVE_BACK: _S.OPEN,
        _T.TRIP: _S.OPEN,
        _T.ANSWER: _S.DRAINING,
    },
    _S.DRAINING: {
        _T.ANSWER: _S.DRAINING,
        _T.FAIL: _S.DRAINING,
        _T.FILL: _S.CLOSED,
        _T.TRIP: _S.OPEN,
    },
}


@dataclass(frozen=True, slots=True)
class Breaker:
    """
    Whether one destination is called.

    `version` counts its changes, and is the fence of who writes the next one. `failures` and
    `openings` are in a row. `failing_since` is the first of those failures. `allowed` is how many
    deliveries one worker may have under way while DRAINING.
    """

    version: int = 0
    state: BreakerState = BreakerState.CLOSED
    failures: int = 0
    openings: int = 0
    failing_since: datetime | None = None
    next_at: datetime | None = None
    allowed: int | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """
    What an attempt says of the system as a whole: a refusal, too, shows that it is alive.

    `probe` is the version that `probing` gave, when the attempt was that probe.
    """

    well: bool
    at: datetime
    probe: int | None = None


def may_probe(breaker: Breaker, now: datetime) -> bool:
    """Tell whether a probe may begin: the wait is over, or the last probe was never heard of."""
    due = breaker.next_at is not None and breaker.next_at <= now
    return due and BreakerStep.PROBE in BREAKER_STEPS[breaker.state]


def stands(breaker: Breaker, now: datetime) -> BreakerState:
    """Tell where a breaker stands: with a probe that was never heard of, none is under way."""
    if breaker.state is BreakerState.PROBING and may_probe(breaker, now):
        return BreakerState.OPEN
    return breaker.state


def probing(breaker: Breaker, now: datetime, lease: timedelta) -> Breaker:
    """Begin a probe, which has until the end of the lease; only when `may_probe`."""
    return _stepped(breaker, BreakerStep.PROBE, next_at=now + lease)


def given_back(breaker: Breaker, now: datetime) -> Breaker:
    """Give a probe back for which there was nothing to send."""
    return _stepped(breaker, BreakerStep.GIVE_BACK, next_at=now)


def after(breaker: Breaker, answered: Answered, policy: Policy, luck: float) -> Breaker:
    """
    Tell where the breaker stands after an attempt; the same value when nothing has changed.

    `luck`, 0 to 1, shortens a wait, so that not all that went down together is probed together.
    """
    if answered.well:
        return _after_an_answer(breaker, policy)
    return _after_a_failure(breaker, answered, policy, luck)


def _after_an_answer(breaker: Breaker, policy: Policy) -> Breaker:
    match breaker.state:
        case BreakerState.CLOSED if breaker.failures == 0:
            return breaker
        case BreakerState.CLOSED:
            return _stepped(breaker, BreakerStep.ANSWER, failures=0, failing_since=None)
        case BreakerState.DRAINING:
            return _draining(breaker, 2 * (breaker.allowed or 1), policy)
        case _:
            return _draining(breaker, 1, policy)


def _draining(breaker: Breaker, allowed: int, policy: Policy) -> Breaker:
    draining = _stepped(
        breaker,
        BreakerStep.ANSWER,
        failures=0,
        failing_since=None,
        next_at=None,
        allowed=allowed,
    )
    if allowed < policy.concurrency:
        return draining
    return _stepped(draining, BreakerStep.FILL, openings=0, allowed=None)


def _after_a_failure(breaker: Breaker, answered: Answered, policy: Policy, luck: float) -> Breaker:
    match breaker.state:
        case BreakerState.CLOSED | BreakerState.DRAINING if (
            breaker.failures + 1 < policy.breaker_failures
        ):
            return _stepped(
                breaker,
                BreakerStep.FAIL,
                failures=breaker.failures + 1,
                failing_since=breaker.failing_since or answered.at,
                # It may have got too much at once; one that is down fails until the breaker opens.
                allowed=breaker.allowed and max(1, breaker.allowed // 2),
            )
        case BreakerState.PROBING if answered.probe != breaker.version:
            # It began before the probe, or its probe was taken over: it says nothing new.
            return breaker
        case BreakerState.OPEN:
            return breaker
        case _:
            return _tripped(breaker, answered.at, policy, luck)


def _tripped(breaker: Breaker, at: datetime, policy: Policy, luck: float) -> Breaker:
    wait_s = _wait_s(breaker.openings, policy, luck)
    return _stepped(
        breaker,
        BreakerStep.TRIP,
        failures=breaker.failures + 1,
        openings=breaker.openings + 1,
        failing_since=breaker.failing_since or at,
        next_at=at + timedelta(seconds=wait_s),
        allowed=None,
    )


def _wait_s(openings: int, policy: Policy, luck: float) -> float:
    # So many doublings are over the longest wait from any start that a policy can have.
    doubled = policy.breaker_wait_s * 2.0 ** min(openings, 30)
    return min(doubled, LONGEST_BREAKER_WAIT_S) * (1 - policy.jitter * luck)


def _stepped(breaker: Breaker, step: BreakerStep, **changes: object) -> Breaker:
    state = BREAKER_STEPS[breaker.state][step]
    # The names are those of the fields, each given its own type by the callers above.
    return replace(breaker, version=breaker.version + 1, state=state, **changes)  # type: ignore[arg-type]
