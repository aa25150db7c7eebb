"""Themes and measures on pages: feedback seen together, and what is done about it (F3, F4)."""

import re

import pytest

from gateway.console.staff.theme_page import FORMS
from gateway.domain.case import Kind, Receiver, ReceiverType
from gateway.domain.lifecycle import CaseState
from gateway.flow.access import Verb, may
from gateway.flow.caller import INBOX_ROLES, Role
from gateway.testing.builders import make_case
from tests.unit.console.conftest import OTHER_UNIT, UNIT, submitted

MEASURE = {"text": "Nya stolar", "level": "UNIT", "responsible": "Enhetschefen"}


@pytest.fixture
def theme(receiver):
    made = receiver.fill("/themes", "/themes", title="Stolarna", level="UNIT", owner=UNIT.text)
    return made.headers["location"].removeprefix("/console").partition("?")[0]


@pytest.fixture
def feedback(doors, store):
    receiver = Receiver(ReceiverType.CARE, UNIT)
    return submitted(doors, store, make_case(kind=Kind.FEEDBACK, receiver=receiver))


def test_a_theme_is_made_once_and_listed(receiver, theme):
    """F4: a double click makes no other."""
    assert theme in receiver.get("/themes").text
    assert receiver.get("/themes").text.count("Stolarna") == 1


def test_a_theme_without_a_name_is_told_at_its_field(receiver):
    """Nothing is made."""
    answer = receiver.fill("/themes", "/themes", title="", level="UNIT", owner=UNIT.text)
    assert (answer.status_code, 'href="#make-theme-title"' in answer.text) == (422, True)


def test_feedback_is_put_in_a_theme_on_its_own_page_and_taken_out(receiver, theme, feedback):
    """F4: and from the page of the theme again."""
    receiver.send(feedback, "put-in-theme", theme=theme.rpartition("/")[2])
    assert feedback in receiver.get(theme).text
    receiver.fill(theme, f"{theme}/take-out", number=feedback)
    assert feedback not in receiver.get(theme).text
    receiver.fill(theme, f"{theme}/put", number=feedback.lower())
    assert feedback in receiver.get(theme).text


def test_a_case_of_another_unit_is_unknown_to_a_theme(browse, theme, feedback):
    """E1: told in the form, which stays open."""
    answer = browse(Role.CASE_RECEIVER).fill(theme, f"{theme}/put", number="2026-AAAA-AAAAAA")
    assert answer.status_code == 404
    assert 'id="put" open' in answer.text


def test_a_theme_is_closed_with_one_word_to_all(receiver, theme, feedback, store):
    """F4: feedback gets no reply of its own."""
    receiver.send(feedback, "classify", problems="1", field="PRIMARY_CARE")
    receiver.fill(theme, f"{theme}/put", number=feedback)
    answer = receiver.fill(theme, f"{theme}/close-theme", text="Vi har bytt stolarna.")
    assert answer.status_code == 303
    assert store.cases.find(feedback).state is CaseState.CLOSED
    assert "Vi har bytt stolarna." in receiver.get(theme).text


@pytest.mark.parametrize("where", ["theme", "case"])
def test_a_measure_is_recorded_followed_up_and_evaluated(receiver, theme, feedback, where):
    """F3: on a theme or on a case, as a log that all share."""
    there = theme if where == "theme" else f"/cases/{feedback}"
    receiver.fill(there, f"{there}/record-measure", **MEASURE)
    shown = receiver.get(there).text
    for measure in re.findall(r'value="((?:FOLLOW_UP|EVALUATION)/[^"]*)"', shown):
        receiver.fill(there, f"{there}/note-measure", measure=measure, text="Gjort.")
    shown = receiver.get(there).text
    assert ("Nya stolar" in shown, shown.count("Gjort.")) == (True, 2)
    assert 'id="note-measure"' not in shown


@pytest.mark.parametrize("role", sorted(INBOX_ROLES))
@pytest.mark.parametrize("form", FORMS)
def test_a_theme_is_for_those_who_may_work_on_it(browse, theme, role, form):
    """E1, F4: those of the unit; to other units it does not exist, and others may not."""
    may_work = may(role, Verb.WORK_ON_THEMES)
    own, other = browse(role), browse(role, OTHER_UNIT)
    assert own.get(theme).status_code == (200 if may_work else 403)
    assert other.get(theme).status_code == (404 if may_work else 403)
    assert (own.fill("/cases", f"{theme}/{form}").status_code == 403) is not may_work
    assert other.fill("/cases", f"{theme}/{form}").status_code == (404 if may_work else 403)
