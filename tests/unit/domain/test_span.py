"""Years, quarters and months, with the one before."""

import pytest

from gateway.domain.span import Span


@pytest.mark.parametrize(
    ("text", "before", "whole"),
    [
        ("2026", "2025", None),
        ("2026-Q3", "2026-Q2", "2026"),
        ("2026-Q1", "2025-Q4", "2026"),
        ("2026-07", "2026-06", "2026-Q3"),
        ("2026-01", "2025-12", "2026-Q1"),
    ],
)
def test_a_period_knows_the_one_before_and_what_it_is_part_of(text, before, whole):
    """DOMAIN F2: month, quarter and year, compared with the period before."""
    span = Span.of(text)
    assert span is not None
    assert (str(span), str(span.before)) == (text, before)
    assert (str(span.whole) if span.whole else None) == whole


@pytest.mark.parametrize("text", ["", "26", "2026-13", "2026-Q5", "2026-7", "2026-Q3-01", "1926"])
def test_what_is_no_period_is_none(text):
    """DOMAIN F2."""
    assert Span.of(text) is None


def test_the_parts_of_a_period_are_the_whole_of_it():
    """DOMAIN F2: so that nothing is counted twice, or never."""
    year = Span(2026)
    assert [str(part) for part in year.parts] == ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"]
    months = [month for quarter in year.parts for month in quarter.months]
    assert tuple(months) == year.months
    assert [str(part) for part in year.parts[1].parts] == list(year.parts[1].months)
    assert year.parts[0].parts[0].parts == ()
