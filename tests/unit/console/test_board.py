"""The board of whoever has many units, and the list that it leads to (A11, B3, E1)."""

import pytest

from gateway.flow.caller import Role
from tests.unit.console.conftest import OTHER_UNIT, UNIT


@pytest.fixture
def coordinator(browse):
    return browse(Role.COORDINATOR)


def test_the_board_leads_to_the_cases_of_a_unit(coordinator, number):
    """A11, B3: counted by the unit that was selected."""
    shown = coordinator.get("/board").text
    there = f"/cases?unit={UNIT.text}&amp;shelf=OPEN&amp;assigned=NOBODY"
    assert f'href="/console{there}"' in shown
    assert number in coordinator.get(there.replace("&amp;", "&")).text


def test_the_list_is_of_one_unit_and_stays_so_on_the_next_page(coordinator, number):
    """B3: the filter is kept in the form and in the links."""
    assert number not in coordinator.get(f"/cases?unit={OTHER_UNIT}").text
    assert f'name="unit" value="{UNIT}"' in coordinator.get(f"/cases?unit={UNIT}").text


@pytest.mark.parametrize(
    ("role", "there"), [(Role.CASE_RECEIVER, False), (Role.COORDINATOR, True)]
)
def test_the_board_is_in_the_menu_of_who_has_many_units(browse, role, there):
    """E1: whoever has one needs none."""
    assert ('href="/console/board"' in browse(role).get("/cases").text) is there
