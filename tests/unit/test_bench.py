"""What is made of the rounds of a measurement."""

import pytest

from bench.limits import Limit
from bench.rounds import ratio, turns
from bench.sections import measured


def test_subjects_take_turns_so_that_a_slow_minute_hits_all_alike():
    """Anchors 14: single runs are worth little; every round has every subject."""
    assert [*turns(["ours", "peer"], 2)] == [(0, "ours"), (0, "peer"), (1, "peer"), (1, "ours")]


def test_a_ratio_is_taken_within_each_round_and_not_of_the_medians():
    """Anchors 14: a machine that is slow for a round is slow for both."""
    assert ratio([100, 40, 90], [10, 4, 10]) == 10


def test_a_ratio_goes_by_the_rounds_that_both_have():
    """Anchors 14: what is measured once is beside the first round of what is measured often."""
    assert ratio([30], [10, 1, 1]) == 3


def test_a_limit_is_kept_up_to_its_bound_and_not_beyond():
    """Issue: measured, and said honestly."""
    kept = [Limit("", 10, measured, "", at_least=True).kept for measured in (9.9, 10, 11)]
    assert kept == [False, True, True]
    kept = [Limit("", 10, measured, "", at_least=False).kept for measured in (9.9, 10, 11)]
    assert kept == [True, True, False]


@pytest.mark.parametrize(
    ("value", "bound", "at_least", "told"),
    [
        (14.012, 15, True, "14"),
        (14.96, 15, True, "14.96"),
        (15.04, 15, True, "15"),
        (2999.6, 3000, True, "2,999.6"),
        (20.04, 20, False, "20.04"),
        (0, 0, False, "0"),
    ],
)
def test_what_was_measured_is_told_as_finely_as_its_verdict_needs(value, bound, at_least, told):
    """Issue: measured, and said honestly: 14.96 of at least 15 does not look like 15."""
    assert measured(Limit("", bound, value, "", at_least=at_least)) == told
