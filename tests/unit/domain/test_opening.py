"""Opening hours: read as they are written, in Swedish time, also when the clocks change."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.opening import ALWAYS, hours_fault, is_open, longest_closed, opens_next
from gateway.domain.period import SWEDEN

OFFICE = "Mon-Fri 07:00-18:00"


def at(text):
    """Read a time in Sweden."""
    return datetime.fromisoformat(text).replace(tzinfo=SWEDEN)


@pytest.mark.parametrize(
    ("hours", "moment", "expected"),
    [
        (ALWAYS, "2026-03-01T03:00", True),
        (OFFICE, "2026-03-02T07:00", True),
        (OFFICE, "2026-03-02T06:59", False),
        (OFFICE, "2026-03-06T17:59", True),
        (OFFICE, "2026-03-06T18:00", False),
        (OFFICE, "2026-03-07T12:00", False),
        (f"{OFFICE}, Sat 10:00-14:00", "2026-03-07T12:00", True),
        ("Sun 22:00-24:00, Mon 00:00-06:00", "2026-03-02T05:00", True),
        ("Sat-Mon 08:00-09:00", "2026-03-01T08:30", True),
    ],
)
def test_hours_are_those_of_swedish_clocks(hours, moment, expected):
    """DOMAIN C2."""
    assert is_open(hours, at(moment)) is expected


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-03-02T06:00", "2026-03-02T07:00"),
        ("2026-03-02T07:00", "2026-03-03T07:00"),
        ("2026-03-06T18:00", "2026-03-09T07:00"),
        ("2026-03-28T12:00", "2026-03-30T07:00"),
    ],
)
def test_the_next_opening_is_told_also_over_a_change_of_the_clocks(moment, opens):
    """DOMAIN G1: when it is called again."""
    assert opens_next(OFFICE, at(moment)) == at(opens)


@pytest.mark.parametrize(
    ("hours", "moment", "opens"),
    [
        ("Sun 02:30-04:00", "2026-03-28T20:00Z", "2026-03-29T01:00Z"),
        ("Sun 02:00-03:00", "2026-03-28T20:00Z", "2026-04-05T00:00Z"),
        ("Sun 02:00-03:00", "2026-03-22T05:00Z", "2026-04-05T00:00Z"),
        ("Sun 02:30-04:00", "2026-10-25T00:15Z", "2026-10-25T00:30Z"),
        ("Sun 02:30-04:00", "2026-10-25T01:15Z", "2026-10-25T01:30Z"),
        ("Sun 01:00-02:30", "2026-10-25T00:45Z", "2026-10-25T01:00Z"),
        ("Sun 01:30-02:15, Sun 02:45-04:00", "2026-10-25T01:15Z", "2026-10-25T01:45Z"),
    ],
)
def test_the_next_opening_is_told_in_the_night_that_the_clocks_are_set(hours, moment, opens):
    """DOMAIN G1: 02:00 to 03:00 is not there in March and twice in October."""
    since, told = datetime.fromisoformat(moment), opens_next(hours, datetime.fromisoformat(moment))
    assert told == datetime.fromisoformat(opens)
    minutes = int((told - since) / timedelta(minutes=1))
    openings = [is_open(hours, since + timedelta(minutes=passed)) for passed in range(minutes + 1)]
    assert openings == [*[False] * minutes, True]


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)))  # noqa: DTZ001 made Swedish below
def test_it_is_open_at_the_next_opening(moment):
    """What is told is true."""
    opening = opens_next(OFFICE, moment.replace(tzinfo=SWEDEN))
    assert is_open(OFFICE, opening)
    assert not is_open(OFFICE, opening - timedelta(minutes=1))


@pytest.mark.parametrize(
    ("hours", "closed"), [(ALWAYS, 0), (OFFICE, 61), ("Mon 08:00-09:00", 167)]
)
def test_the_longest_closed_time_is_told_in_hours(hours, closed):
    """A patience that is shorter can never see an open door."""
    assert longest_closed(hours) == timedelta(hours=closed)


@pytest.mark.parametrize(
    "text", ["", "weekdays", "mon 07:00-18:00", "Mon 7:00-18:00", "Mon 07:00-25:00", "Mon 07:00"]
)
def test_what_are_no_hours_is_told_with_how_to_write_them(text):
    """The message says what to do."""
    assert "write 'always', or as 'Mon-Fri 07:00-18:00" in str(hours_fault(text))


def test_hours_that_close_before_they_open_are_told():
    """A night is two parts."""
    assert "closes before it opens" in str(hours_fault("Mon 18:00-07:00"))
    assert hours_fault(OFFICE) is None
