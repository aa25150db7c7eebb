"""Who is calling, and whom they act for."""

import itertools
from dataclasses import replace

import pytest

from gateway.domain.errors import Refusal, Rule
from gateway.domain.hsa import HsaId
from gateway.flow.caller import Caller, Role, require
from gateway.testing.builders import make_case, make_case_message, make_supplement

SYSTEM = HsaId("SE5565594230-BCQ")
UNIT = HsaId("SE2321000016-2SG8")
STRANGER = HsaId("SE2321000016-XXXX")
BEHIND = {"originalConsumer": "SE1-FIRST", "onBehalfOf": "SE1-PRINCIPAL"}


def test_a_system_acts_for_itself_whatever_the_case_of_the_letters():
    """DOMAIN D2; INTEROP §6.1: only the system that holds the case."""
    caller = Caller(SYSTEM, "Platina", Role.CASE_SYSTEM, frozenset({UNIT}))
    assert caller.acts_for(HsaId("se5565594230-bcq"))
    assert not caller.acts_for(UNIT)


def test_staff_act_for_their_units_and_never_for_themselves():
    """DOMAIN E1: only staff of that unit, or its coordinator."""
    caller = Caller(SYSTEM, "Sköterskan", Role.CASE_RECEIVER, frozenset({UNIT}))
    assert caller.acts_for(UNIT)
    assert not caller.acts_for(STRANGER)
    assert not caller.acts_for(SYSTEM)


@pytest.mark.parametrize(("known_as", "wanted"), list(itertools.product(Role, Role)))
def test_a_door_lets_through_the_roles_it_is_for_and_no_other(known_as, wanted):
    """DOMAIN A1, D2, E1, G1: deny by default."""
    caller = Caller(SYSTEM, "Någon", known_as)
    if known_as is wanted:
        require(caller, wanted)
    else:
        with pytest.raises(Refusal, match=f"known as {known_as}; this is for {wanted}") as refused:
            require(caller, wanted)
        assert [fault.rule for fault in refused.value.faults] == [Rule.NOT_PERMITTED]


def test_a_refused_caller_is_told_every_role_that_may():
    """HOUSE: an error tells what is wrong and what to do."""
    caller = Caller(SYSTEM, "Drift", Role.OPERATOR)
    with pytest.raises(Refusal, match="this is for case-system or case-receiver"):
        require(caller, Role.CASE_SYSTEM, Role.CASE_RECEIVER)


def test_who_stands_behind_is_on_every_line_of_the_timeline(town):
    """DOMAIN G3, INTEROP §1.6: and changes nothing else: the same case is a repeat (C1)."""
    e_service, case = _with_others(town.e_service), make_case()
    number = town.submit(case, e_service).receipt.case_number
    assert town.submit(case).repeated
    town.intake.supplement(number, "m-1", make_supplement(), e_service)
    town.replies.post(make_case_message(case_number=number), _with_others(town.system))
    town.intake.withdraw(number, "m-2", e_service)
    told = [details for _, details in town.timeline(number)]
    assert [details.items() >= BEHIND.items() for details in told] == [True] * 4


def test_who_has_said_nothing_about_others_adds_nothing(town):
    """The timeline of a usual case has no empty words."""
    number = town.submit(make_case()).receipt.case_number
    ((_, details),) = town.timeline(number)
    assert details.keys().isdisjoint(BEHIND)


def _with_others(caller):
    first, principal = HsaId("SE1-FIRST"), HsaId("SE1-PRINCIPAL")
    return replace(caller, original_consumer=first, on_behalf_of=principal)
