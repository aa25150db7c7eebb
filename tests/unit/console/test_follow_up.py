"""Statistics on a page: bars and numbers, with what is small hidden (F1, F2)."""

import csv
import io
from dataclasses import replace
from functools import partial

import pytest

from gateway.domain.handling import Classification
from gateway.flow.caller import Role
from gateway.flow.ports import Change
from gateway.testing.builders import make_entry
from gateway.testing.store_contract.acts import accept, change, close
from tests.unit.console.conftest import OTHER_UNIT, UNIT

ASKED = "year=2026&part=&area="


@pytest.fixture
def follow_up(browse):
    return browse(Role.FOLLOW_UP)


@pytest.fixture
def closed(store):
    """Give what classifies and closes some cases."""

    def some(many):
        for _ in range(many):
            number = accept(store).number
            change(store, number, classified)
            change(store, number, close())

    return some


def classified(case):
    found = Classification(("1",), "PRIMARY_CARE")
    handled = partial(replace, classification=found)
    return Change(case.state, make_entry(), handled=handled)


def test_whoever_follows_up_comes_to_the_statistics_first(follow_up):
    """E1: there is no inbox for them, and no way to one."""
    shown = follow_up.get("/follow-up").text
    assert follow_up.get("/").headers["location"] == "/console/follow-up"
    assert 'href="/console/cases"' not in shown


def test_few_are_hidden_and_have_no_bar(follow_up, closed):
    """F2: a page tells as little as a table does."""
    closed(4)
    shown = follow_up.get(f"/follow-up?{ASKED}norr&parameter=SEX").text
    assert "dolt" in shown
    assert 'class="now" width="100.0%"' not in shown


def test_enough_are_shown_as_a_bar_beside_their_number(follow_up, closed):
    """F1: the same number for those who see the bar and those who hear the table."""
    closed(12)
    shown = follow_up.get(f"/follow-up?{ASKED}norr&parameter=CLOSED_MONTH").text
    assert '<td class="number">12</td>' in shown
    assert '<rect class="now" width="100.0%"' in shown


@pytest.mark.parametrize("part", ["", "Q4", "11"])
def test_a_period_is_a_year_a_quarter_or_a_month(follow_up, part):
    """F2: compared with the one before, of the same length."""
    answer = follow_up.get(f"/follow-up?year=2026&part={part}&area=norr")
    assert {"": "2025", "Q4": "2026-Q3", "11": "2026-10"}[part] in answer.text


def test_the_same_is_saved_as_csv_and_json(follow_up, closed):
    """F2: for those who go on with it elsewhere."""
    closed(12)
    rows = csv.reader(io.StringIO(follow_up.get(f"/follow-up/csv?{ASKED}norr").text))
    told = follow_up.get(f"/follow-up/json?{ASKED}norr")
    assert ["12", "0"] in [row[-2:] for row in rows]
    assert told.json()["total"] == {"cases": 12, "casesBefore": 0}
    assert "statistik-norr-2026.json" in told.headers["content-disposition"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        (f"unit={UNIT}", 200),
        (f"unit={OTHER_UNIT}", 403),
        ("unit=SE0000000000-X", 422),
        ("area=a/b/c/d", 422),
        ("year=20xx&area=", 400),
    ],
)
def test_what_cannot_be_asked_for_is_told_at_the_form(receiver, query, status):
    """F2: staff see their own unit, the regions and the nation."""
    answer = receiver.get(f"/follow-up?{query}")
    assert (answer.status_code, 'role="alert"' in answer.text) == (status, status != 200)


def test_values_are_named_in_the_readers_language(follow_up, closed):
    """Swedish first, English second."""
    closed(12)
    answer = follow_up.get(
        f"/follow-up?{ASKED}norr&parameter=FIELD_OF_OPERATION",
        headers={"Accept-Language": "en"},
    )
    assert "Primary care" in answer.text
