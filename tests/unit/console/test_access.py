"""Every form of the pages, for every role, at one's own unit and at another (DOMAIN E1)."""

import pytest

from gateway.console.staff.steps import FORMS
from gateway.domain.case import Receiver, ReceiverType
from gateway.flow.access import Verb, may
from gateway.flow.caller import INBOX_ROLES, Role
from gateway.settings.sign_in import CONSOLE_ROLES
from gateway.testing.builders import make_case
from tests.unit.console.conftest import COMMITTEE, OTHER_UNIT, UNIT, submitted

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
    later = {"reopen", "verify-relation", "close", "correct-unit"}
    now = FORMS.keys() - later - {"put-in-theme", "note-measure", "lift-hold"}
    allowed = {name for name in now if may(role, FORMS[name].verb)}
    assert {
        name for name in FORMS if f'<details class="ds-details" id="{name}"' in shown
    } == allowed


@pytest.mark.parametrize("role", ROLES)
def test_the_content_is_shown_to_those_who_may_read(browse, number, role):
    """Who assigns sees that a case exists (E1)."""
    shown = browse(role).get(f"/cases/{number}").text
    assert ("alert(1)" in shown) is may(role, Verb.READ_CASE)


# Who may see a page at all: what is needed for it.
PAGES = {
    "/cases": Verb.LIST_CASES,
    "/board": Verb.LIST_CASES,
    "/register": Verb.REGISTER_CASE,
    "/themes": Verb.WORK_ON_THEMES,
    "/follow-up": Verb.SEE_STATISTICS,
    "/follow-up/csv": Verb.SEE_STATISTICS,
    "/follow-up/json": Verb.SEE_STATISTICS,
}


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", sorted(CONSOLE_ROLES))
def test_a_page_is_for_those_who_may_do_something_there(browse, role, page):
    """E1: whoever follows up has no inbox, and whoever assigns no statistics."""
    status = browse(role).get(page).status_code
    assert status == (200 if may(role, PAGES[page]) else 403)


@pytest.mark.parametrize("role", sorted(CONSOLE_ROLES - INBOX_ROLES))
@pytest.mark.parametrize("page", ["", "/attachments/1", "/package"])
def test_who_follows_up_sees_no_case(browse, number, role, page):
    """F2: statistics, and nothing that leads to a person."""
    assert browse(role).get(f"/cases/{number}{page}").status_code == 403


@pytest.mark.parametrize("role", sorted(CONSOLE_ROLES - INBOX_ROLES))
def test_no_form_is_taken_from_who_follows_up(browse, number, store, role):
    """E1: not one, and nothing changed."""
    before, browser = len(store.cases.timeline(number)), browse(role)
    assert {browser.send(number, form, **FILLED).status_code for form in FORMS} == {403}
    assert len(store.cases.timeline(number)) == before


@pytest.mark.parametrize("role", ROLES)
def test_a_package_is_for_those_who_may_export(browse, number, role):
    """E3: of their own unit's cases; a case of another unit does not exist."""
    status = browse(role).get(f"/cases/{number}/package").status_code
    assert status == (200 if may(role, Verb.EXPORT_CASE) else 403)
    assert browse(role, OTHER_UNIT).get(f"/cases/{number}/package").status_code == 404


def test_the_committee_corrects_the_unit_of_the_cases_it_has(browse, doors, store):
    """A3: there the form is shown, and on a case with the care it is not."""
    case = make_case(receiver=Receiver(ReceiverType.COMMITTEE, COMMITTEE))
    number = submitted(doors, store, case)
    shown = browse(Role.COMMITTEE_STAFF, COMMITTEE).get(f"/cases/{number}").text
    assert 'id="correct-unit"' in shown
