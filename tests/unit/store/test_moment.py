"""Moments are kept in UTC, and sort as they are."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.dialects import postgresql, sqlite

from gateway.store.moment import Moment, sortable
from gateway.testing.builders import NOW

SQLITE = sqlite.dialect()
STOCKHOLM = ZoneInfo("Europe/Stockholm")


def test_moments_in_sqlite_sort_as_they_are():
    """SQLite has no such type: text of a fixed width stands for it."""
    steps = [timedelta(0), timedelta(microseconds=1), timedelta(seconds=1), timedelta(days=40)]
    texts = [str(Moment().process_bind_param(NOW + step, SQLITE)) for step in steps]
    assert texts == sorted(texts)


def test_the_same_moment_in_another_time_zone_is_the_same_text():
    """A time zone is how a moment is shown, not what it is."""
    there = NOW.astimezone(STOCKHOLM)
    texts = [Moment().process_bind_param(moment, SQLITE) for moment in (NOW, there)]
    assert texts[0] == texts[1]


def test_moments_an_hour_apart_are_told_apart_where_clocks_are_set_back():
    """To Python they are equal, since they show the same time."""
    shown = datetime(2026, 10, 25, 2, 30, tzinfo=STOCKHOLM)
    texts = [sortable(one) for one in (shown, shown.replace(fold=1))]
    assert texts == ["2026-10-25T00:30:00.000000+00:00", "2026-10-25T01:30:00.000000+00:00"]


@pytest.mark.parametrize("value", [NOW.isoformat(), NOW.astimezone(STOCKHOLM)], ids=["text", "pg"])
def test_moments_come_back_in_utc(value):
    """Whatever time zone the database's session has."""
    moment = Moment().process_result_value(value, SQLITE)
    assert moment == NOW
    assert moment.tzinfo is UTC


@pytest.mark.parametrize("dialect", [SQLITE, postgresql.dialect()], ids=["sqlite", "postgresql"])
def test_a_moment_without_a_time_zone_is_refused(dialect):
    """It would mean something else on every machine."""
    with pytest.raises(ValueError, match="use UTC"):
        Moment().process_bind_param(NOW.replace(tzinfo=None), dialect)
