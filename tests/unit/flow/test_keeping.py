"""Diary numbers, holds and packages: told once, on the timeline, by those who may (E3, E4)."""

from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import replace
from itertools import islice
from threading import Event

import pytest

from gateway.domain.errors import Rule, Unavailable
from gateway.domain.hsa import HsaId
from gateway.domain.keeping import Keeping
from gateway.flow.archive_package import Archiving
from gateway.flow.caller import Role
from gateway.flow.keeping import KeepingCases
from gateway.flow.timeline import Step
from gateway.testing.builders import UNIT, make_new_case

UNKNOWN = "2026-0000-000000"


@pytest.fixture
def keeping(town):
    return KeepingCases(town.store.cases, town.store.keepings, town.clock)


@pytest.fixture
def archiving(town):
    return Archiving(town.store.cases, town.store.case_files, _written, town.clock)


def _written(file):
    return f"{file.record.number} {file.timeline[-1].entry.actor}".encode()


@pytest.fixture
def number(town):
    """Give the number of a case that the staff of the unit hold."""
    new = make_new_case(holder=UNIT)
    town.store.cases.add([new])
    return new.number


def test_a_diary_number_is_recorded_once(town, keeping, number):
    """DOMAIN E3, E4: that it is, is on the timeline; saying it again changes nothing."""
    for _ in range(2):
        assert keeping.record_diary_number(number, "PN 7", town.nurse).diary_number == "PN 7"
    assert town.timeline(number)[1:] == [(Step.DIARY_NUMBER_RECORDED, {})]
    assert keeping.read(number, town.nurse).diary_number == "PN 7"


def test_a_hold_is_set_and_lifted_with_reasons(town, keeping, number):
    """DOMAIN E4: which are not on the timeline, that others read and that is never disposed of."""
    held = keeping.hold(number, "Domstolen om 19121212-1212", town.nurse).hold
    assert (held.reason, held.by) == ("Domstolen om <number>", town.nurse.acts_as)
    lifted = keeping.lift(number, "Målet är över", town.nurse)
    assert lifted == Keeping(lift_reason="Målet är över")
    assert town.timeline(number)[1:] == [(Step.HOLD_SET, {}), (Step.HOLD_LIFTED, {})]


def test_why_a_case_is_held_is_for_those_who_may_hold_it(town, keeping, number):
    """DOMAIN E1, E4: who only assigns sees that it is, by whom and since when."""
    distributor = replace(town.nurse, role=Role.CASE_DISTRIBUTOR)
    keeping.record_diary_number(number, "PN 7", town.nurse)
    hold = keeping.hold(number, "Domstol", town.nurse).hold
    shown = keeping.read(number, distributor)
    assert shown == Keeping("PN 7", replace(hold, reason=""))
    keeping.lift(number, "Målet är över", town.nurse)
    assert keeping.read(number, distributor) == Keeping("PN 7")
    assert keeping.read(number, town.operator).lift_reason == "Målet är över"


def test_saying_a_hold_again_changes_nothing(town, keeping, number):
    """DOMAIN E4: neither setting nor lifting; another reason is told."""
    keeping.lift(number, "Som det var", town.nurse)
    told = [keeping.hold(number, reason, town.nurse).hold.reason for reason in "AAB"]
    assert told == ["A", "A", "B"]
    assert len(town.timeline(number)[1:]) == 2


def test_an_operator_holds_any_case_and_reads_none(town, keeping, archiving, number):
    """DOMAIN E1, E4."""
    assert keeping.hold(number, "Tillsyn", town.operator).hold
    assert keeping.read(number, town.operator).hold
    with town.refuses(Rule.NOT_PERMITTED):
        archiving.package(number, town.operator)
    with town.refuses(Rule.NOT_PERMITTED):
        keeping.record_diary_number(number, "PN 7", town.operator)


def test_what_an_operator_holds_only_an_operator_lifts(town, keeping, number):
    """DOMAIN E4: nor do staff take it over with a reason of their own."""
    keeping.hold(number, "Tillsyn", town.nurse)
    assert keeping.hold(number, "Tillsyn", town.operator).hold.by_operator
    for change in (keeping.lift, keeping.hold):
        with town.refuses(Rule.NOT_PERMITTED, "an operator has set this hold"):
            change(number, "Annat", town.nurse)
    assert keeping.hold(number, "Tillsyn", town.nurse).hold.by == town.operator.acts_as
    assert keeping.lift(number, "Klart", town.operator).hold is None


def test_what_staff_hold_an_operator_lifts_too(keeping, town, number):
    """DOMAIN E4."""
    assert not keeping.hold(number, "Domstol", town.nurse).hold.by_operator
    assert keeping.lift(number, "Målet är över", town.operator).hold is None


def test_a_package_is_for_those_who_may_read_the_case(town, archiving, number):
    """DOMAIN E1, E3, G3: with the reading itself at its end."""
    package = archiving.package(number, town.nurse)
    assert package == f"{number} {town.nurse.acts_as}".encode()
    assert town.timeline(number)[-1] == (Step.CASE_EXPORTED, {})


def test_when_some_wait_for_packages_others_are_asked_to_come_back(town, archiving, number):
    """DOMAIN E3, G1: a long case takes seconds; what was not taken is not on the timeline."""
    go_on = Event()
    busy = replace(archiving, write=lambda _: b"" if go_on.wait(20) else None)
    with ThreadPoolExecutor(8) as threads:
        asking = [threads.submit(busy.package, number, town.nurse) for _ in range(8)]
        for _ in islice(as_completed(asking), 4):
            pass
        go_on.set()
    ended = [one.exception() for one in asking]
    assert [type(one) for one in ended if one is not None] == [Unavailable] * 4
    assert len(town.timeline(number)[1:]) == 4


def test_strangers_learn_nothing_of_a_case(town, keeping, archiving, number):
    """DOMAIN E1: to them it does not exist."""
    stranger = replace(town.nurse, units=frozenset({HsaId("SE2321000016-MORE")}))
    for asked in (number, UNKNOWN):
        with town.refuses(Rule.CASE_UNKNOWN):
            archiving.package(asked, stranger)
        with town.refuses(Rule.CASE_UNKNOWN):
            keeping.read(asked, stranger)
        with town.refuses(Rule.CASE_UNKNOWN):
            keeping.record_diary_number(asked, "PN 7", stranger)
        with town.refuses(Rule.CASE_UNKNOWN):
            keeping.hold(asked, "Skäl", stranger)
    assert len(town.timeline(number)) == 1


def test_whoever_may_not_read_takes_no_package(town, archiving, number):
    """DOMAIN E1: a distributor knows of the case, and a system has its own copy."""
    distributor = replace(town.nurse, role=Role.CASE_DISTRIBUTOR)
    for caller in (distributor, town.system, town.e_service):
        with town.refuses(Rule.NOT_PERMITTED):
            archiving.package(number, caller)
