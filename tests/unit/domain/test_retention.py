"""How long ended cases are kept, in whole days in Sweden (DOMAIN E4)."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.case import Kind
from gateway.domain.retention import KEPT_FOR_EVER, Retention, due_at, ended_before

MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 the strategy adds UTC


def at(text):
    """An instant, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("ended", "months", "due"),
    [
        ("2026-03-10T09:00", 24, "2028-03-10T23:00"),
        ("2026-12-31T12:00", 1, "2027-01-31T23:00"),
        ("2026-08-31T12:00", 6, "2027-02-28T23:00"),
        ("2027-08-31T12:00", 6, "2028-02-29T23:00"),
        ("2026-03-10T23:30", 12, "2027-03-11T23:00"),
        ("2026-06-10T12:00", 1, "2026-07-10T22:00"),
    ],
)
def test_a_case_is_due_when_the_same_day_is_over(ended, months, due):
    """DOMAIN E4: in Sweden, months later, or on the last day of a shorter month."""
    assert due_at(at(ended), months) == at(due)


@given(MOMENTS, MOMENTS, st.integers(1, 1200))
def test_what_ended_before_is_what_is_due(ended, now, months):
    """DOMAIN E4: nothing before it is due, and nothing forgotten."""
    assert (due_at(ended, months) <= now) == (ended < ended_before(now, months))


@given(MOMENTS, st.integers(1, 1200))
def test_a_case_is_kept_for_its_months_at_least(ended, months):
    """DOMAIN E4: a month has 28 days or more."""
    assert due_at(ended, months) - ended > timedelta(days=28 * months)


def test_each_kind_has_its_own_time():
    """DOMAIN E4: and nothing is disposed of unless it is set."""
    kept = Retention(24, 12)
    assert [kept.months(kind) for kind in (Kind.COMPLAINT, Kind.FEEDBACK)] == [24, 12]
    assert {KEPT_FOR_EVER.months(kind) for kind in Kind} == {None}
    assert str(Retention(None, 12)) == "complaints for ever, feedback 12 months"
