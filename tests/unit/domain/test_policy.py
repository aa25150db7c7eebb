"""Waits grow, are capped, and only get shorter by luck (DOMAIN C2)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.policy import Policy, policy_faults


def test_waits_grow_by_the_factor_up_to_the_longest():
    """DOMAIN C2: back-off."""
    policy = Policy(first_retry_s=10, retry_factor=3, longest_retry_s=100, jitter=0)
    assert [policy.delay_s(attempt, 0) for attempt in (1, 2, 3, 4)] == [10, 30, 90, 100]


def test_luck_takes_away_at_most_the_share_of_jitter():
    """DOMAIN C2: deliveries that failed together come back apart."""
    policy = Policy(first_retry_s=10, jitter=0.2)
    assert policy.delay_s(1, 0) == 10
    assert policy.delay_s(1, 1) == pytest.approx(8)


@given(st.integers(1, 10**6), st.floats(0, 1))
def test_a_wait_is_never_longer_than_the_longest(attempt, luck):
    """DOMAIN C2: however many attempts there have been."""
    assert 0 < Policy().delay_s(attempt, luck) <= Policy().longest_retry_s


def test_the_default_policy_has_no_faults():
    """What is left out is sensible."""
    assert policy_faults(Policy()) == []


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"concurrency": 0}, "concurrency is 0"),
        ({"connect_timeout_s": 0}, "connect_timeout_s is 0"),
        ({"read_timeout_s": float("nan")}, "read_timeout_s is nan"),
        ({"first_retry_s": -1}, "first_retry_s is -1"),
        ({"retry_factor": 0.5}, "retry_factor is 0.5"),
        ({"jitter": 1.5}, "jitter is 1.5"),
        ({"longest_retry_s": 5}, "shorter than first_retry_s"),
        ({"patience_days": 0.0001, "longest_retry_s": 8, "first_retry_s": 1}, "read_timeout_s"),
        ({"patience_days": 0.01}, "shorter than one longest_retry_s"),
        ({"patience_days": 366}, "more than a year"),
        ({"rate_per_s": 0}, "rate_per_s is 0"),
        ({"rate_per_s": 1e-6}, "at least 0.0000116, which is one a day"),
        ({"connect_timeout_s": 3601}, "connect_timeout_s is 3601; at most 3600, an hour"),
        ({"read_timeout_s": 7200}, "read_timeout_s is 7200; at most 3600, an hour"),
        ({"rate_per_s": float("nan")}, "rate_per_s is nan"),
        ({"breaker_failures": 0}, "breaker_failures is 0"),
        ({"breaker_wait_s": 0}, "breaker_wait_s is 0"),
        ({"breaker_wait_s": 301}, "at most 300"),
        ({"opening_hours": "nights"}, "opening_hours: 'nights' are no opening hours"),
        ({"opening_hours": "Mon 08:00-09:00"}, "the 167 hours in a row"),
    ],
)
def test_a_policy_under_which_nothing_could_work_is_told(values, told):
    """DOMAIN C2: found before any case waits."""
    [fault] = policy_faults(Policy(**values))
    assert told in fault
