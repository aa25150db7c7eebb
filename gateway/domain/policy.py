"""How patiently a destination is tried: slots, time-outs, waits between attempts (DOMAIN C2)."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf, isfinite

from gateway.domain import opening

# Each slot is a thread.
_MOST_SLOTS = 100
_SECONDS_A_DAY = 86_400
_LONGEST_PATIENCE_DAYS = 365
# A call that takes longer keeps its slot, and a worker that stops, for longer than anybody waits.
_LONGEST_TIMEOUT_S = 3600
# The longest that a breaker waits before it probes again, however often it has failed.
LONGEST_BREAKER_WAIT_S = 300.0


@dataclass(frozen=True, slots=True)
class Policy:
    """
    What one destination can bear, and how long it is waited for.

    `concurrency` is how many deliveries one worker may have under way at once. `jitter` is the
    share of a wait, 0 to 1, that luck may take away. After `patience_days` in all a delivery is
    parked (DOMAIN C4). `rate_per_s` is the most that one worker starts in any second. Outside
    `opening_hours` nothing is started. After `breaker_failures` failures in a row the destination
    is left alone, at first for `breaker_wait_s`; see domain/breaker.py.
    """

    concurrency: int = 4
    connect_timeout_s: float = 2.0
    read_timeout_s: float = 29.0
    first_retry_s: float = 10.0
    retry_factor: float = 3.0
    longest_retry_s: float = 3600.0
    jitter: float = 0.2
    patience_days: float = 3.0
    rate_per_s: float = inf
    opening_hours: str = opening.ALWAYS
    breaker_failures: int = 5
    breaker_wait_s: float = 10.0

    def delay_s(self, attempt: int, luck: float) -> float:
        """
        Tell the seconds to wait after failed attempt number `attempt`, counted from 1.

        The wait grows by the factor up to the longest; `luck`, 0 to 1, only makes it shorter, so
        that deliveries which failed together do not all come back together.
        """
        return self._full_delay_s(attempt) * (1 - self.jitter * luck)

    def _full_delay_s(self, attempt: int) -> float:
        try:
            return min(
                self.first_retry_s * self.retry_factor ** (attempt - 1), self.longest_retry_s
            )
        except OverflowError:
            return self.longest_retry_s


def policy_faults(policy: Policy) -> list[str]:
    """Tell why deliveries could never work under this policy; empty when they can."""
    return [
        *_number_faults(policy),
        *_leaving_faults(policy),
        *_order_faults(policy),
        *_hours_faults(policy),
    ]


def _number_faults(policy: Policy) -> Iterator[str]:
    if policy.concurrency < 1:
        yield f"concurrency is {policy.concurrency}; nothing would ever be sent; use at least 1"
    if policy.concurrency > _MOST_SLOTS:
        yield f"concurrency is {policy.concurrency}; a worker has at most {_MOST_SLOTS} slots"
    for name in _ABOVE_ZERO:
        value = getattr(policy, name)
        if not (isfinite(value) and value > 0):
            yield f"{name} is {value}; it must be more than 0"
    for name in ("connect_timeout_s", "read_timeout_s"):
        if getattr(policy, name) > _LONGEST_TIMEOUT_S:
            yield f"{name} is {getattr(policy, name)}; at most {_LONGEST_TIMEOUT_S}, an hour"
    if not 0 <= policy.jitter <= 1:
        yield f"jitter is {policy.jitter}; it is a share, from 0 to 1"


def _leaving_faults(policy: Policy) -> Iterator[str]:
    """Tell why a destination would be called too often, or left alone for too long."""
    if not policy.rate_per_s > 0:
        words = "it must be more than 0; for no limit, leave it out"
        yield f"rate_per_s is {policy.rate_per_s}; {words}"
    elif policy.rate_per_s < 1 / _SECONDS_A_DAY:
        yield f"rate_per_s is {policy.rate_per_s}; at least 0.0000116, which is one a day"
    if policy.breaker_failures < 1:
        yield f"breaker_failures is {policy.breaker_failures}; use at least 1"
    if policy.breaker_wait_s > LONGEST_BREAKER_WAIT_S:
        yield f"breaker_wait_s is {policy.breaker_wait_s}; at most {LONGEST_BREAKER_WAIT_S:g}"


def _order_faults(policy: Policy) -> Iterator[str]:
    # `not >=` rather than `<`: TOML can say nan, and nan must not slip through.
    if not policy.retry_factor >= 1:
        yield f"retry_factor is {policy.retry_factor}; below 1 the waits would shrink"
    if policy.longest_retry_s < policy.first_retry_s:
        yield (
            f"longest_retry_s is {policy.longest_retry_s}, "
            f"shorter than first_retry_s, {policy.first_retry_s}"
        )
    if policy.patience_days > _LONGEST_PATIENCE_DAYS:
        yield f"patience_days is {policy.patience_days}; a case cannot wait for more than a year"
    for name in ("read_timeout_s", "longest_retry_s"):
        if policy.patience_days * _SECONDS_A_DAY < getattr(policy, name):
            yield f"patience_days is {policy.patience_days}, shorter than one {name}"


def _hours_faults(policy: Policy) -> Iterator[str]:
    if words := opening.hours_fault(policy.opening_hours):
        yield f"opening_hours: {words}"
        return
    closed = opening.longest_closed(policy.opening_hours)
    if policy.patience_days * _SECONDS_A_DAY <= closed.total_seconds():
        hours = closed.total_seconds() / 3600
        yield (
            f"patience_days is {policy.patience_days}, not longer than the {hours:g} hours in a "
            "row that opening_hours are closed"
        )


_ABOVE_ZERO = (
    "connect_timeout_s",
    "read_timeout_s",
    "first_retry_s",
    "longest_retry_s",
    "patience_days",
    "breaker_wait_s",
)
