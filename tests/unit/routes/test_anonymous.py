"""Whether a region takes cases of people who do not say who they are, as it stands in its file."""

import pytest

from gateway.routes.difference import How, What, difference
from gateway.testing.builders import NOW

REGION = "nordmark/region.toml"
CODE, TAKEN = 'code = "91"\n', 'code = "91"\nanonymous = true\n'
EXAMPLE = """
[[examples]]
why = "Utan namn"
hsa_id = "SE2321009101-VC"
anonymous = true
at = 2026-06-01
goes_to = "{}"
"""


def test_a_region_takes_them_only_when_it_says_so(files, table_of):
    """DOMAIN A9: a setting of each region."""
    files[REGION] = files[REGION].replace(CODE, TAKEN)
    regions = table_of(files).regions
    assert (regions["nordmark"].anonymous, regions["sydvik"].anonymous) == (True, False)


def test_what_is_neither_true_nor_false_is_told(files, told_of):
    """DOMAIN B10: at its line."""
    files[REGION] = files[REGION].replace(CODE, 'code = "91"\nanonymous = "ja"\n')
    (told,) = told_of(files)
    assert told.startswith(f"{REGION}:3: wrong-type: anonymous must be true or false")


@pytest.mark.parametrize(
    ("code", "right", "wrong"), [(TAKEN, "inkorg", "nowhere"), (CODE, "nowhere", "inkorg")]
)
def test_an_example_says_whether_they_are_taken(files, told_of, code, right, wrong):
    """DOMAIN A9, B10: run at every check."""
    files[REGION] = files[REGION].replace(CODE, code)
    assert told_of({**files, REGION: files[REGION] + EXAMPLE.format(right)}) == []
    (told,) = told_of({**files, REGION: files[REGION] + EXAMPLE.format(wrong)})
    assert "failed-example: 'Utan namn' must go to" in told


def test_taking_them_is_told_in_the_comparison(files, table_of):
    """DOMAIN B10: no unit moves because of it."""
    before = table_of(files)
    files[REGION] = files[REGION].replace(CODE, TAKEN)
    found = difference(before, table_of(files), NOW, {})
    (change,) = found.changes
    assert (change.what, change.how, found.moves) == (What.ANONYMOUS, How.CHANGED, ())
    assert (change.words.endswith(": taken"), change.national) == (True, False)
