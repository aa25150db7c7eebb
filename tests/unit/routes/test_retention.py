"""How long a region keeps its ended cases, as it stands in its file (DOMAIN E4)."""

import pytest

from gateway.domain.retention import KEPT_FOR_EVER, Retention
from gateway.routes.difference import How, What, difference
from gateway.testing.builders import NOW

REGION = "nordmark/region.toml"
KEPT = "[retention]\ncomplaint_months = 24\nfeedback_months = 12\n"


def test_a_region_keeps_for_ever_unless_it_says_otherwise(table):
    """DOMAIN E4: nothing is disposed of unless it is set."""
    assert {region.retention for region in table.regions.values()} == {KEPT_FOR_EVER}


def test_a_region_says_how_long_it_keeps_what(files, table_of):
    """DOMAIN E4: per region and kind."""
    files[REGION] += KEPT
    assert table_of(files).regions["nordmark"].retention == Retention(24, 12)
    assert table_of(files).regions["sydvik"].retention == KEPT_FOR_EVER


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("complaint_months = 0", "42: bad-period: complaint_months must be 1 to 1200 months"),
        ("feedback_months = 1201", "42: bad-period: feedback_months must be 1 to 1200 months"),
        ("complaint_months = true", "42: wrong-type: complaint_months must be a whole number"),
        ("months = 24", "42: unknown-key: 'months' is not known here"),
    ],
)
def test_a_time_that_cannot_be_meant_is_told(files, told_of, written, found):
    """DOMAIN B10: at its line."""
    files[REGION] += f"\n[retention]\n{written}\n"
    (told,) = told_of(files)
    assert told.startswith(f"{REGION}:{found}")


def test_another_time_is_told_in_the_comparison(files, table_of):
    """DOMAIN B10: no unit moves because of it."""
    before = table_of(files)
    files[REGION] += KEPT
    found = difference(before, table_of(files), NOW, {})
    (change,) = found.changes
    assert (change.what, change.how, found.moves) == (What.RETENTION, How.CHANGED, ())
    words = "complaints for ever, feedback for ever ⇒ complaints 24 months, feedback 12 months"
    assert (change.words, change.national) == (words, False)
