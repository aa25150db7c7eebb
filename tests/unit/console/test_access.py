"""Every form of the pages, for every role, at one's own unit and at another (DOMAIN E1)."""

import pytest

from gateway.console.steps import FORMS
from gateway.flow.access import Verb, may
from gateway.flow.caller import INBOX_ROLES
from tests.unit.console.conftest import OTHER_UNIT, UNIT

ROLES = sorted(INBOX_ROLES)
REFUSED = {403, 404}
FILLED = {"text": "Hej", "unit": UNIT.text, "to": OTHER_UNIT.text}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("role", ROLES)
def test_a_form_is_taken_from_those_who_may_at_their_own_unit(browse, number, role, form):
    """Also when it was not shown; of a case with the care nobody corrects the unit (A3)."""
    status = browse(role).send(number, form, **FILLED).status_code
    taken = may(role, FORMS[form].verb) and form != "correct-unit"
    assert (status not in REFUSED) is taken


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("role", ROLES)
def test_no_form_is_taken_from_another_unit(browse, number, store, role, form):
    """404 for what they may not know of, and nothing changed."""
    before = len(store.cases.timeline(number))
    assert browse(role, OTHER_UNIT).send(number, form, **FILLED).status_code == 404
    assert len(store.cases.timeline(number)) == before


@pytest.mark.parametrize("role", ROLES)
def test_only_what_is_possible_now_and_allowed_is_shown(browse, number, role):
    """A case that is new: nothing to reopen, to verify, or to close before it is classified."""
    shown = browse(role).get(f"/cases/{number}").text
    now = FORMS.keys() - {"reopen", "verify-relation", "close"}
    allowed = {name for name in now if may(role, FORMS[name].verb)}
    assert {
        name for name in FORMS if f'<details class="ds-details" id="{name}"' in shown
    } == allowed


@pytest.mark.parametrize("role", ROLES)
def test_the_content_is_shown_to_those_who_may_read(browse, number, role):
    """Who assigns sees that a case exists (E1)."""
    shown = browse(role).get(f"/cases/{number}").text
    assert ("alert(1)" in shown) is may(role, Verb.READ_CASE)
