"""A pace: no second ever sees more starts than it says (DOMAIN C2)."""

from math import inf

from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.pace import Pace


@given(st.integers(1, 20), st.lists(st.floats(0, 0.6), max_size=100))
def test_no_second_sees_more_than_the_rate(rate, waits):
    """DOMAIN C2: rate, per destination, in one worker."""
    pace, now, starts = Pace(rate), 1000.0, []
    for wait in waits:
        now += wait
        room = pace.room(now)
        pace.start(room, now)
        starts += [now] * room
        assert len([start for start in starts if start > now - 1]) <= rate


def test_below_one_a_second_there_is_one_in_so_many_seconds():
    """0.1 a second is one in ten seconds."""
    pace = Pace(0.1)
    pace.start(1, 100.0)
    assert [pace.room(now) for now in (100.0, 109.9, 110.0)] == [0, 0, 1]


def test_without_a_rate_there_is_no_limit():
    """The default."""
    pace = Pace(inf)
    pace.start(1000, 1.0)
    assert pace.room(1.0) > 1_000_000
