"""Feedback handled together by theme, and measures that improve something (DOMAIN F3, F4)."""

from dataclasses import replace
from datetime import date

import pytest
from uuid_utils.compat import uuid7

from gateway.domain.case import Kind
from gateway.domain.errors import Refusal, Rule
from gateway.domain.handling import Classification
from gateway.domain.hsa import HsaId
from gateway.domain.lifecycle import CaseState
from gateway.domain.message import InboxKind
from gateway.domain.theme import MeasureLevel, MeasureStep, ThemeLevel
from gateway.flow.caller import INBOX_ROLES, Role
from gateway.flow.measures import Measures, Wish
from gateway.flow.ports import Change
from gateway.flow.themes import Themes
from gateway.flow.timeline import Step
from gateway.testing.builders import TOLVAN, UNIT, make_case, make_entry
from gateway.testing.store_contract.acts import accept, change
from tests.unit.flow.conftest import COMMITTEE

WORD = "Vi har bytt stolarna i väntrummet."
WISH = Wish("k", "Köpa stolar", MeasureLevel.UNIT, "Enhetschefen", date(2026, 12, 1))


@pytest.fixture
def themes(town):
    """The verbs on themes."""
    return Themes(town.table, town.store.themes, town.store.cases, town.replies, town.clock)


@pytest.fixture
def measures(town, themes):
    """The verbs on measures."""
    return Measures(town.store.measures, themes, town.store.cases, town.clock)


@pytest.fixture
def theme(town, themes):
    """A theme of the nurse's unit."""
    return themes.make("k1", "Stolarna", ThemeLevel.UNIT, UNIT, town.nurse)


@pytest.fixture
def committee(town):
    """Somebody of the region's committee."""
    return replace(
        town.nurse,
        hsa_id=HsaId("SE2321000016-PNH"),
        role=Role.COMMITTEE_STAFF,
        units=frozenset({COMMITTEE}),
    )


def arrived(town, kind=Kind.FEEDBACK, holder=UNIT, *, classified=True):
    """Take in a case that a unit of ours holds."""
    number = accept(town.store, make_case(kind=kind), holder=holder).number
    what = Classification(("1",), "1") if classified else Classification()
    change(
        town.store,
        number,
        lambda case: Change(
            case.state, make_entry(), handled=lambda before: replace(before, classification=what)
        ),
    )
    return number


def test_the_same_key_makes_no_other_theme(town, themes, theme):
    """DOMAIN F4: a form that is sent twice makes one."""
    assert themes.make("k1", "Stolarna", ThemeLevel.UNIT, UNIT, town.nurse) == theme
    assert theme.region == "norr"
    assert themes.listed(town.nurse, None, 9) == [theme]


@pytest.mark.parametrize(
    ("title", "level"), [("Telefonen", ThemeLevel.UNIT), ("Stolarna", ThemeLevel.REGION)]
)
def test_the_same_key_for_another_theme_is_refused(town, themes, theme, title, level):
    """DOMAIN F4: whoever wished for it must not believe that it was made."""
    with town.refuses(Rule.IDEMPOTENCY_CONFLICT):
        themes.make("k1", title, level, UNIT, town.nurse)
    assert themes.listed(town.nurse, None, 9) == [theme]


def test_a_theme_is_made_for_one_of_the_callers_units(town, themes, committee):
    """DOMAIN E1."""
    with town.refuses(Rule.NOT_PERMITTED, "does not work at"):
        themes.make("k", "Stolarna", ThemeLevel.UNIT, UNIT, committee)


@pytest.mark.parametrize("role", [*sorted(set(Role) - INBOX_ROLES), Role.CASE_DISTRIBUTOR])
def test_themes_are_for_those_who_read_cases(town, themes, theme, role):
    """DOMAIN E1: a distributor assigns without reading."""
    with town.refuses(Rule.NOT_PERMITTED):
        themes.read(theme.id, replace(town.nurse, role=role))


def test_a_region_shares_its_themes_and_a_unit_does_not(town, themes, theme, committee):
    """DOMAIN F4: what others may not know of does not exist for them."""
    shared = themes.make("k2", "Telefonen", ThemeLevel.REGION, UNIT, town.nurse)
    assert themes.listed(committee, None, 9) == [shared]
    assert themes.read(shared.id, committee) == shared
    with town.refuses(Rule.THEME_UNKNOWN):
        themes.read(theme.id, committee)


def test_cases_of_the_callers_units_are_put_in_and_taken_out(town, themes, theme):
    """DOMAIN F4: and that is on their timelines."""
    number = arrived(town)
    assert themes.put(theme.id, number, town.nurse).cases == 1
    assert [case.number for case in themes.cases_of(theme.id, town.nurse, None, 9)] == [number]
    assert themes.take_out(theme.id, number, town.nurse).cases == 0
    with town.refuses(Rule.STEP_NOT_LEGAL, "not in this theme"):
        themes.take_out(theme.id, number, town.nurse)


def test_a_timeline_does_not_tell_which_theme(town, themes, theme):
    """DOMAIN E4, F4: it outlives what it is about, and a theme has a title."""
    number = arrived(town)
    themes.put(theme.id, number, town.nurse)
    themes.close(theme.id, WORD, town.nurse)
    told = town.timeline(number)
    assert (Step.CASE_THEMED, {}) in told
    assert str(theme.id) not in repr(told)


def test_others_cases_are_put_in_no_theme(town, themes, theme):
    """DOMAIN E1: to the staff of other units a case does not even exist."""
    theirs = arrived(town, holder=COMMITTEE)
    for number in (theirs, "2026-0000-000000"):
        with town.refuses(Rule.CASE_UNKNOWN):
            themes.put(theme.id, number, town.nurse)


def test_a_theme_is_closed_with_one_word_to_all_who_wrote(town, themes, theme):
    """DOMAIN A11, F4: feedback gets no reply of its own; a complaint is left to get one."""
    feedback, complaint = arrived(town), arrived(town, Kind.COMPLAINT)
    for number in (feedback, complaint):
        themes.put(theme.id, number, town.nurse)
    closing = themes.close(theme.id, WORD, town.nurse)
    assert (closing.told, closing.left, closing.theme.closing_text) == (1, (), WORD)
    states = [town.store.cases.find(number).state for number in (feedback, complaint)]
    assert states == [CaseState.CLOSED, CaseState.SUBMITTED]
    last = town.store.cases.of_citizen(TOLVAN, feedback, None)[0].messages[-1]
    assert (last.kind, WORD in last.text) == (InboxKind.CLOSED, True)


def test_closing_again_goes_on_where_it_stopped(town, themes, theme):
    """DOMAIN F4: nobody is told twice; who uses other words is told who was first."""
    number = arrived(town, classified=False)
    themes.put(theme.id, number, town.nurse)
    ((left, reason),) = themes.close(theme.id, WORD, town.nurse).left
    assert (left, "classif" in reason) == (number, True)
    assert themes.close(theme.id, WORD, town.nurse).told == 0
    with town.refuses(Rule.STEP_NOT_LEGAL, town.nurse.hsa_id.text):
        themes.close(theme.id, "Annat", town.nurse)


def test_a_theme_closed_without_a_word_leaves_its_cases(town, themes, theme):
    """DOMAIN F4: and takes no more."""
    number = arrived(town)
    themes.put(theme.id, number, town.nurse)
    assert themes.close(theme.id, None, town.nurse).told == 0
    assert town.store.cases.find(number).state is CaseState.SUBMITTED
    with town.refuses(Rule.STEP_NOT_LEGAL, "has closed the theme"):
        themes.put(theme.id, arrived(town), town.nurse)
    assert [one.id for one in themes.listed(town.nurse, None, 9, closed=True)] == [theme.id]


def test_a_theme_is_closed_by_those_who_keep_it(town, themes, committee):
    """DOMAIN E1: the region sees it, and does not close it."""
    shared = themes.make("k2", "Telefonen", ThemeLevel.REGION, UNIT, town.nurse)
    with town.refuses(Rule.NOT_PERMITTED, "only its staff"):
        themes.close(shared.id, WORD, committee)


def test_a_measure_is_recorded_followed_up_and_evaluated(town, themes, measures, theme):
    """DOMAIN F3: once each; the second is told by whom."""
    made = measures.record_on_theme(theme.id, WISH, town.nurse)
    assert measures.record_on_theme(theme.id, WISH, town.nurse) == made
    for step in MeasureStep:
        measures.note(made.id, step, "Stolarna är på plats.", town.nurse)
    (noted,) = measures.of_theme(theme.id, town.nurse)
    assert (noted.followed_up.by, noted.evaluated.by) == (town.nurse.acts_as,) * 2
    with town.refuses(Rule.STEP_NOT_LEGAL, town.nurse.acts_as):
        measures.note(made.id, MeasureStep.FOLLOW_UP, "Igen", town.nurse)


def test_a_measure_on_a_case_is_on_its_timeline(town, measures):
    """DOMAIN F3: what it is, and not what it says."""
    number = arrived(town, Kind.COMPLAINT)
    made = measures.record_on_case(number, WISH, town.nurse)
    assert measures.of_case(number, town.nurse) == [made]
    assert town.timeline(number)[-1] == (
        Step.MEASURE_RECORDED,
        {"measure": str(made.id), "level": "UNIT"},
    )


class Stale:
    """Cases as they were when somebody looked at them."""

    def __init__(self, record):
        self.record = record

    def find(self, number):
        """Read one as it was."""
        return self.record


def test_nothing_is_written_on_a_case_that_was_disposed_of_meanwhile(
    town, themes, measures, theme
):
    """DESIGN decision 9, DOMAIN E4: it is looked at again when it is locked."""
    number = arrived(town)
    stale = Stale(town.store.cases.find(number))
    change(town.store, number, lambda _: Change(CaseState.DISPOSED, make_entry()))
    with town.refuses(Rule.CASE_DISPOSED):
        replace(measures, cases=stale).record_on_case(number, WISH, town.nurse)
    for verb in (replace(themes, cases=stale).put, replace(themes, cases=stale).take_out):
        with town.refuses(Rule.CASE_DISPOSED):
            verb(theme.id, number, town.nurse)


def test_measures_on_a_theme_are_followed_up_by_those_who_keep_it(
    town, themes, measures, committee
):
    """DOMAIN E1, F3: the region sees how it went, and does not say it."""
    shared = themes.make("k2", "Telefonen", ThemeLevel.REGION, UNIT, town.nurse)
    made = measures.record_on_theme(shared.id, WISH, town.nurse)
    for step in MeasureStep:
        with town.refuses(Rule.NOT_PERMITTED, "only its staff"):
            measures.note(made.id, step, "Klart", committee)
    assert measures.of_theme(shared.id, committee) == [made]


@pytest.mark.parametrize(
    "other",
    [
        replace(WISH, what="Köpa bord"),
        replace(WISH, level=MeasureLevel.SYSTEM),
        replace(WISH, responsible="Vaktmästaren"),
        replace(WISH, due=None),
    ],
)
def test_the_same_key_for_another_measure_is_refused(town, measures, theme, other):
    """DOMAIN F3: on a theme and on a case."""
    number = arrived(town)
    for record, where in (
        (measures.record_on_theme, theme.id),
        (measures.record_on_case, number),
    ):
        record(where, WISH, town.nurse)
        with town.refuses(Rule.IDEMPOTENCY_CONFLICT):
            record(where, other, town.nurse)
    assert len(measures.of_case(number, town.nurse)) == 1


def test_others_measures_do_not_exist(town, measures, theme, committee):
    """DOMAIN E1: as with the theme and the case that they are on."""
    number = arrived(town)
    on_theme = measures.record_on_theme(theme.id, WISH, town.nurse).id
    on_case = measures.record_on_case(number, WISH, town.nurse).id
    for one in (on_theme, on_case, uuid7()):
        with town.refuses(Rule.MEASURE_UNKNOWN):
            measures.note(one, MeasureStep.FOLLOW_UP, "Klart", committee)
    with pytest.raises(Refusal):
        measures.of_case(number, committee)
