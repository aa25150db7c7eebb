"""Disposal by the rules of the regions: nothing too early, nothing forgotten (DOMAIN E4)."""

from dataclasses import replace

import pytest

from gateway.domain.case import Kind
from gateway.domain.errors import Rule
from gateway.domain.lifecycle import CaseState
from gateway.domain.message import MessageKind
from gateway.domain.retention import Retention
from gateway.flow.keeping import KeepingCases
from gateway.flow.retention import Retaining
from gateway.testing.builders import NOW, TOLVAN, UNIT, make_case, make_case_message
from gateway.testing.store_contract.acts import accept, change, close, deliver_one


@pytest.fixture
def retaining(town):
    """Keep complaints for two years, and feedback for ever."""
    return kept(town, Retention(complaint_months=24))


def kept(town, retention):
    """Let the region keep its cases so long."""

    def table():
        table = town.table()
        return replace(
            table, regions={"norr": replace(table.regions["norr"], retention=retention)}
        )

    return Retaining(table, town.store.retentions, town.clock)


@pytest.fixture
def number(town):
    """Give the number of a case that has ended."""
    return ended(town)


def ended(town, **only_what_matters):
    number = accept(town.store, make_case(**only_what_matters)).number
    deliver_one(town.store)
    change(town.store, number, close())
    return number


def test_what_is_due_is_listed_and_nothing_is_done(town, retaining, number):
    """DOMAIN E4: a dry run, with since when and by which rule; no personal data."""
    town.wait(days=732)
    (due,) = retaining.due(town.operator)
    assert due.case.number == number
    assert due.since.isoformat() == "2028-11-02T23:00:00+00:00"
    assert due.rule == "COMPLAINT 24 months, routes v1"
    assert (due.stopped_by, town.store.cases.content(number) is None) == (None, False)


def test_nothing_is_due_before_its_day_is_over(town, retaining, number):
    """DOMAIN E4: not by an hour."""
    town.now = NOW.replace(year=2028, hour=22, minute=59)
    assert list(retaining.due(town.operator)) == []
    assert list(retaining.dispose(town.operator)) == []
    town.wait(minutes=1)
    assert [due.case.number for due in retaining.due(town.operator)] == [number]


def test_what_a_region_keeps_for_ever_is_never_due(town, retaining):
    """DOMAIN E4: each kind by its own rule, and none unless it is set."""
    ended(town, kind=Kind.FEEDBACK)
    town.wait(days=36_500)
    assert list(retaining.due(town.operator)) == []
    (due,) = kept(town, Retention(feedback_months=1)).due(town.operator)
    assert due.case.kind is Kind.FEEDBACK


def test_what_is_due_is_disposed_of_with_a_proof(town, retaining, number):
    """DOMAIN E4: when, by whom, by which rule."""
    town.wait(days=732)
    ((_, disposal),) = retaining.dispose(town.operator)
    assert (disposal.number, disposal.by) == (number, town.operator.acts_as)
    assert (disposal.disposed_at, disposal.rule) == (town.now, "COMPLAINT 24 months, routes v1")
    assert retaining.disposals(town.operator, None, 10) == [disposal]
    assert list(retaining.dispose(town.operator)) == []
    assert retaining.wipe(town.operator)


def test_a_held_case_is_kept_and_told(town, retaining, number):
    """DOMAIN E4: until the hold is lifted."""
    keeping = KeepingCases(town.store.cases, town.store.keepings, town.clock)
    keeping.hold(number, "Domstolen", town.operator)
    town.wait(days=732)
    ((due, disposal),) = retaining.dispose(town.operator)
    assert (disposal, due.stopped_by) == (
        None,
        f"legal hold by {town.operator.acts_as}: Domstolen",
    )
    keeping.lift(number, "Avgjort", town.operator)
    ((_, disposal),) = retaining.dispose(town.operator)
    assert disposal


def test_a_case_with_an_undone_delivery_is_kept_and_told(town, retaining):
    """DOMAIN C1, E4."""
    change(town.store, accept(town.store).number, close())
    town.wait(days=732)
    ((due, disposal),) = retaining.dispose(town.operator)
    assert (disposal, due.stopped_by) == (None, "a delivery of it is not done")


def test_many_are_read_page_by_page(town, retaining, monkeypatch):
    """DOMAIN E4: each in a transaction of its own, and those that are kept stop no others."""
    monkeypatch.setattr("gateway.flow.retention._PAGE", 2)
    numbers = [ended(town) for _ in range(5)]
    keeping = KeepingCases(town.store.cases, town.store.keepings, town.clock)
    keeping.hold(numbers[1], "Domstolen", town.operator)
    town.wait(days=732)
    done = {due.case.number: bool(gone) for due, gone in retaining.dispose(town.operator)}
    assert done == {number: number != numbers[1] for number in numbers}


def test_only_operators_dispose(town, retaining):
    """DOMAIN E1."""
    verbs = retaining.due, retaining.dispose, retaining.wipe
    for verb in verbs:
        with town.refuses(Rule.NOT_PERMITTED):
            list(verb(town.nurse))


def test_whoever_asks_for_a_disposed_case_is_told(town, retaining):
    """DOMAIN E4: its staff, its system and its e-service; the citizen sees it no more."""
    new = accept(town.store, holder=UNIT)
    deliver_one(town.store)
    change(town.store, new.number, close())
    town.wait(days=732)
    assert [gone for _, gone in retaining.dispose(town.operator)] != [None]
    with town.refuses(Rule.CASE_DISPOSED):
        town.staff.read(new.number, town.nurse)
    with town.refuses(Rule.CASE_DISPOSED):
        town.replies.post(make_case_message(case_number=new.number), town.nurse)
    with town.refuses(Rule.CASE_DISPOSED):
        town.intake.withdraw(new.number, "w-1", town.e_service)
    assert town.citizens.own_cases(TOLVAN, town.e_service, None, None) == []


def test_its_timeline_stays_for_operators(town, retaining, number):
    """DOMAIN E4, G3: the proof."""
    town.wait(days=732)
    list(retaining.dispose(town.operator))
    record, links = town.operating.case(number, town.operator)
    assert (record.state, len(links)) == (CaseState.DISPOSED, 4)


def test_a_submission_that_is_sent_again_gets_its_first_receipt(town, retaining):
    """DOMAIN A1, E4: however long ago."""
    case = make_case()
    first = town.submit(case)
    deliver_one(town.store)
    number = first.receipt.case_number
    closing = make_case_message(case_number=number, kind=MessageKind.CLOSED, text=None)
    town.replies.post(closing, town.system)
    town.wait(days=732)
    list(retaining.dispose(town.operator))
    again = town.submit(case)
    assert (again.receipt, again.repeated) == (first.receipt, True)
    with town.refuses(Rule.CASE_DISPOSED):
        town.replies.post(closing, town.system)
