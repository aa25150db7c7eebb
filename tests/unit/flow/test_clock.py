"""The clock of complaints: due dates, reminders and counts (DOMAIN A11)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from gateway.domain.case import Kind
from gateway.domain.errors import Rule
from gateway.domain.hsa import HsaId
from gateway.flow.caller import Role
from gateway.flow.clock import REMINDED_AT_ONCE, Clocks, due_at
from gateway.flow.timeline import GATEWAY, Step
from gateway.flow.unit_list import Assigned, Due, Filters, Order, Shelf
from gateway.testing.builders import NOW, UNIT, make_case, make_message
from gateway.testing.store_contract.acts import accept

DAY = timedelta(days=1)


@pytest.fixture
def clocks(town):
    """The clock of the town's complaints."""
    return Clocks(town.store.due_dates, town.clock)


def test_a_complaint_is_due_when_its_region_says_and_feedback_never(town):
    """DOMAIN A11: four weeks where nothing else is said."""
    table = town.table()
    quick = replace(table.regions["norr"], answer_within_days=14)
    quicker = replace(table, regions={"norr": quick})
    assert due_at(table, "norr", Kind.COMPLAINT, NOW) == NOW + 28 * DAY
    assert due_at(quicker, "norr", Kind.COMPLAINT, NOW) == NOW + 14 * DAY
    assert due_at(table, "norr", Kind.FEEDBACK, NOW) is None


def test_each_complaint_is_reminded_of_twice_at_most(town, clocks):
    """DOMAIN A11: when it is soon due, and when it is overdue."""
    number = accept(town.store, due_at=NOW + 28 * DAY).number
    for _ in range(40):
        while clocks.remind():
            pass
        town.wait(days=1)
    links = [link.entry for link in town.store.cases.timeline(number)[1:]]
    assert [(e.step, e.actor, e.details) for e in links] == [
        (Step.CASE_REMINDED, GATEWAY, {"due": "SOON"}),
        (Step.CASE_REMINDED, GATEWAY, {"due": "OVERDUE"}),
    ]
    assert [entry.at - NOW for entry in links] == [22 * DAY, 29 * DAY]


def test_reminding_goes_on_while_there_is_more(town, clocks):
    """DOMAIN A11: a step is short, however much is overdue."""
    for _ in range(REMINDED_AT_ONCE + 1):
        accept(town.store, due_at=NOW - DAY)
    assert [clocks.remind() for _ in range(3)] == [True, True, False]


def test_staff_count_their_inboxes_and_regions_theirs(town, clocks):
    """DOMAIN A11, E1: counts only, of what each may know of."""
    number = accept(town.store, holder=UNIT, due_at=NOW - DAY).number
    accept(town.store, due_at=NOW + DAY)
    town.store.unit_inboxes.put(make_message(case_number=number))
    follow_up = replace(town.nurse, role=Role.FOLLOW_UP, units=frozenset())
    (mine,) = clocks.counts(town.nurse)
    (all_of_it,) = clocks.counts(replace(follow_up, regions=frozenset({"norr"})))
    assert (mine.open, mine.soon, mine.overdue) == (1, 0, 1)
    assert (all_of_it.open, all_of_it.soon, all_of_it.overdue) == (2, 1, 1)
    assert clocks.counts(replace(follow_up, regions=frozenset({"söder"}))) == []
    assert clocks.counts(replace(follow_up, role=Role.NATIONAL)) == [all_of_it]


@pytest.mark.parametrize("role", [Role.E_SERVICE, Role.CASE_SYSTEM, Role.INTEGRATOR])
def test_others_count_nothing(town, clocks, role):
    """DOMAIN E1."""
    with town.refuses(Rule.NOT_PERMITTED):
        clocks.counts(replace(town.nurse, role=role))


def test_staff_find_what_is_due_and_whose_it_is(town):
    """DOMAIN A11, E1: filters in a member of staff's own words."""
    for days in (-1, 3, 20):
        number = accept(town.store, holder=UNIT, due_at=NOW + days * DAY).number
        town.store.unit_inboxes.put(make_message(case_number=number))
    found = {due: town.staff.items(town.nurse, None, 9, Filters(due=due)) for due in Due}
    assert [[item.record.due_at for item in items] for items in found.values()] == [
        [NOW + 3 * DAY],
        [NOW - DAY],
    ]
    assert town.staff.items(town.nurse, None, 9, Filters(assigned=Assigned.ME)) == []
    assert len(town.staff.items(town.nurse, None, 9, Filters(assigned=Assigned.NOBODY))) == 3


@pytest.mark.parametrize(
    ("filters", "words"),
    [
        (Filters(due=Due.SOON, order=Order.NEWEST), "order: what is due"),
        (Filters(order=Order.DUE, shelf=Shelf.CLOSED), "state: no case that is CLOSED"),
    ],
)
def test_filters_that_fit_nothing_together_are_refused(town, filters, words):
    """DOMAIN A11: with what to do instead."""
    with town.refuses(Rule.SCHEMA, words):
        town.staff.items(town.nurse, None, 9, filters)


def test_feedback_is_not_among_what_is_due(town):
    """DOMAIN A11: it is handled together, and not by a date."""
    feedback = make_case(kind=Kind.FEEDBACK)
    number = accept(town.store, feedback, holder=HsaId(UNIT.text)).number
    town.store.unit_inboxes.put(make_message(case_number=number))
    assert town.staff.items(town.nurse, None, 9, Filters(order=Order.DUE)) == []
    assert len(town.staff.items(town.nurse, None, 9)) == 1
