"""What citizens see and do of their own cases, whatever page asks (DOMAIN A1, A6, A10)."""

import pytest

from gateway.domain.case import Supplement
from gateway.domain.errors import Rule
from gateway.domain.permission import Permissions
from gateway.flow.own_cases import OwnCases
from gateway.testing.builders import AGDA, TOLVAN, UNIT, make_case


@pytest.fixture
def own(town):
    store = town.store
    return OwnCases(store.citizen_cases, town.citizens, store.cases, store.handlings, town.intake)


@pytest.fixture
def number(town):
    return town.submit(make_case()).receipt.case_number


def test_a_citizen_reads_what_they_wrote_and_what_can_be_done(town, own, number):
    """DOMAIN A10: until it is closed it can be added to, and taken back."""
    case = own.read(TOLVAN, town.e_service, number)
    assert case.case.description == make_case().description
    assert (case.is_supplemented_here, case.is_withdrawn_here, case.may_attach) == (
        True,
        True,
        False,
    )


def test_files_can_be_attached_when_the_handler_has_asked(town, own, number):
    """DOMAIN D4: per case."""
    town.ask_for_files(number)
    assert own.read(TOLVAN, town.e_service, number).may_attach


def test_a_case_that_was_taken_back_is_only_read(town, own, number):
    """DOMAIN A10: nothing more can be done to it."""
    own.withdraw(TOLVAN, town.e_service, number, "1")
    case = own.read(TOLVAN, town.e_service, number)
    assert (case.is_supplemented_here, case.is_withdrawn_here) == (False, False)


@pytest.mark.parametrize(
    "act",
    [
        lambda own, who, number: own.read(AGDA, who, number),
        lambda own, who, number: own.supplement(AGDA, who, number, "1", Supplement("Hej")),
        lambda own, who, number: own.withdraw(AGDA, who, number, "1"),
    ],
    ids=["read", "supplement", "withdraw"],
)
def test_to_another_citizen_it_does_not_exist(town, own, number, act):
    """DOMAIN A1: whatever is tried, and nothing is changed."""
    before = town.timeline(number)
    with town.refuses(Rule.CASE_UNKNOWN):
        act(own, town.e_service, number)
    assert town.timeline(number) == before


def test_a_supplement_sent_twice_is_one(town, own, number):
    """DOMAIN A10: by its key."""
    first, second = (
        own.supplement(TOLVAN, town.e_service, number, "1", Supplement("Hej")) for _ in range(2)
    )
    assert (first.repeated, second.repeated) == (False, True)


def test_only_an_e_service_lists_a_citizens_cases(town, own, number):
    """DOMAIN E1: staff see units, not people."""
    assert len(own.listed(TOLVAN, town.e_service, None, 9)) == 1
    with town.refuses(Rule.NOT_PERMITTED):
        own.listed(TOLVAN, town.nurse, None, 9)


def test_an_address_that_nobody_has_permitted_is_refused_before_anything_is_written(town, own):
    """INTEROP §2.4: the gateway's own pages are an e-service like every other."""
    own.require_way(town.e_service, UNIT)
    town.permissions = Permissions(())
    with town.refuses(Rule.NOT_PERMITTED):
        own.require_way(town.e_service, UNIT)
