"""A citizen finds a unit, or the committee: also who lives in another region."""

from tests.unit.console.conftest import COMMITTEE, OTHER_UNIT, UNIT


def test_the_committees_are_offered_before_anything_is_searched_for(come):
    """DOMAIN A13, A14: the way out, open to all."""
    shown = come().get("/choose")
    assert shown.status_code == 200
    assert f"/citizen/new?unit={COMMITTEE}" in shown.text


def test_a_unit_is_found_by_its_place_with_its_committee_beside_it(come):
    """DOMAIN A2, A14: both ways to complain about the same unit."""
    shown = come().get("/choose?text=luleå").text
    assert f'href="/citizen/new?unit={UNIT}"' in shown
    assert f'href="/citizen/new?unit={COMMITTEE}&amp;about={OTHER_UNIT}"' in shown


def test_nothing_found_says_what_to_do(come):
    """DOMAIN A14: the committee is still there."""
    shown = come().get("/choose?text=xyzzy").text
    assert "Ingen mottagning hittades" in shown
    assert f"/citizen/new?unit={COMMITTEE}" in shown


def test_what_is_searched_for_is_text(come):
    """Whoever makes a link makes no script."""
    assert "<script" not in come().get("/choose?text=<script>&after=x").text


def test_the_first_page_tells_what_this_is_to_all(come):
    """What one can do, and that nobody reads it at once."""
    shown = come().get("/").text
    assert "som regel inom fyra veckor" in shown
    assert "112" in shown
