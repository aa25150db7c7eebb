"""Registering what began outside: who may, what becomes of it, and the dialogue after it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from gateway.domain.case import CaseEvent, Receiver, ReceiverType
from gateway.domain.destination import INBOX
from gateway.domain.errors import Refusal, Rule
from gateway.domain.hsa import HsaId
from gateway.domain.lifecycle import CaseState
from gateway.domain.message import MessageKind
from gateway.domain.period import ALWAYS
from gateway.domain.permission import Permission, Permissions
from gateway.domain.registration import Channel, Registration
from gateway.flow.caller import Caller, Role
from gateway.flow.permission import PROCESS_CASE
from gateway.flow.registering import Registering
from gateway.flow.timeline import Step
from gateway.testing.builders import (
    E_SERVICE,
    NOW,
    TOLVAN,
    UNIT,
    make_case,
    make_case_message,
    make_supplement,
)

YESTERDAY = NOW - timedelta(days=1)


@pytest.fixture
def registering(town):
    store = town.store
    return Registering(
        town.table, store.cases, store.registered_cases, town.clock, town.limits, town.files
    )


@pytest.fixture
def call():
    return Registration(make_case(), Channel.PHONE, YESTERDAY, "AVV-1")


@pytest.fixture
def number(town, registering, call):
    return registering.register(call, town.system).receipt.case_number


def test_a_registered_case_is_received_by_its_holder_already(town, number):
    """DOMAIN A12: and is not delivered to who has it."""
    case = town.store.cases.find(number)
    assert (case.state, case.holder) == (CaseState.RECEIVED, town.system.hsa_id)
    assert (case.external_case_id, case.channel) == ("AVV-1", Channel.PHONE)
    assert town.claim() == []


def test_the_citizen_is_told_how_and_when_it_came_in(town, number):
    """DOMAIN A7, A12."""
    [message] = town.citizens.messages(TOLVAN, town.e_service, None, 9)
    assert message.text == (
        f"Vårdcentralen Björken har registrerat ditt ärende {number}, "
        "som kom in per telefon 2026-11-01, här. Du får ett svar, som regel inom fyra veckor."
    )


def test_the_time_to_answer_runs_from_when_it_came_in(town, number):
    """DOMAIN A11."""
    case = town.store.cases.find(number)
    assert (case.received_at, case.due_at) == (YESTERDAY, YESTERDAY + timedelta(weeks=4))


def test_the_timeline_tells_who_registered_it_and_how_it_came_in(town, number):
    """DOMAIN G3."""
    [(step, details)] = town.timeline(number)
    assert step is Step.CASE_REGISTERED
    assert (details["channel"], details["unit"]) == ("PHONE", UNIT.text)


def test_the_same_again_gets_the_same_receipt(town, registering, call, number):
    """DOMAIN A1: and nothing is written twice."""
    again = registering.register(call, town.system)
    assert (again.repeated, again.receipt.case_number) == (True, number)
    assert len(town.citizens.messages(TOLVAN, town.e_service, None, 9)) == 1


def test_the_same_again_gets_its_receipt_when_the_route_has_ended(town, registering, call, number):
    """DOMAIN A1: what is on disk is on disk."""
    gone = replace(registering, table=lambda: replace(town.table(), units={}))
    assert gone.register(call, town.system).receipt.case_number == number


def test_other_content_under_the_same_id_is_refused(town, registering, call, number):
    """DOMAIN A1: how it came in is content too."""
    with town.refuses(Rule.IDEMPOTENCY_CONFLICT):
        registering.register(replace(call, channel=Channel.LETTER), town.system)


def test_only_who_would_have_got_the_case_may_register_it(town, registering, call):
    """DOMAIN B1, D2."""
    stranger = Caller(HsaId("SE2321000016-OTHER"), "Ett annat", Role.CASE_SYSTEM)
    with town.refuses(Rule.NOT_THE_HOLDER, "do not go to SE2321000016-OTHER"):
        registering.register(call, stranger)


def test_staff_of_a_unit_whose_cases_go_elsewhere_may_not(town, registering, call):
    """DOMAIN B1, E1: the unit has one receiver, and it is not the inbox."""
    with town.refuses(Rule.NOT_THE_HOLDER):
        registering.register(call, town.nurse)


@pytest.mark.parametrize("role", [Role.CASE_SYSTEM, Role.CASE_RECEIVER])
def test_what_is_registered_where_the_inbox_is_lies_there(town, registering, call, role):
    """DOMAIN A12, E1: whoever registers it for its holder, staff or a system with its HSA-id."""
    units = town.table().units
    (row,) = units[UNIT.key]
    inbox = replace(row, to=replace(row.to, adapter=INBOX, system=None))
    there = replace(registering, table=lambda: replace(town.table(), units={UNIT.key: (inbox,)}))
    caller = replace(town.nurse, role=role, hsa_id=UNIT)
    number = there.register(call, caller).receipt.case_number
    items = town.store.unit_inboxes.items(frozenset({UNIT}), None, 9)
    assert [item.record.number for item in items] == [number]


def test_an_id_that_another_open_case_has_is_refused(town, registering, call, number):
    """DOMAIN A12, D2: replies that name it would fit both; the same again is no other case."""
    other = replace(call, case=replace(call.case, case_id="other"))
    with town.refuses(Rule.CASE_AMBIGUOUS, "another open case of yours"):
        registering.register(other, town.system)
    assert registering.register(call, town.system).receipt.case_number == number
    assert not registering.register(replace(other, external_case_id=None), town.system).repeated


@pytest.mark.parametrize("role", [Role.E_SERVICE, Role.CASE_DISTRIBUTOR, Role.OPERATOR])
def test_who_holds_no_cases_registers_none(town, registering, call, role):
    """DOMAIN E1."""
    with town.refuses(Rule.NOT_PERMITTED):
        registering.register(call, replace(town.system, role=role))


def test_every_broken_rule_is_told(town, registering, call):
    """DOMAIN A2-A8: the same law as for what a citizen sends."""
    unnamed = replace(call.case, receiver=Receiver(ReceiverType.CARE, None), description=" ")
    late = replace(call, case=unnamed, received_at=NOW + timedelta(hours=1))
    with pytest.raises(Refusal) as refused:
        registering.register(late, town.system)
    assert [fault.rule for fault in refused.value.faults] == [
        Rule.CARE_UNIT_MISSING,
        Rule.TEXT_MISSING,
        Rule.RECEIVED_IN_FUTURE,
    ]


def test_the_dialogue_goes_on_as_for_any_case(town, number):
    """DOMAIN A10, A12, D2: replies come in by its own name, and supplements go out."""
    reply = make_case_message(external_case_id="AVV-1", kind=MessageKind.PARTIAL_REPLY)
    town.replies.post(reply, town.system)
    town.intake.supplement(number, "s-1", make_supplement(), town.e_service)
    [claimed] = town.claim()
    assert claimed.message.event is CaseEvent.SUPPLEMENTED
    assert town.store.cases.find(number).state is CaseState.IN_PROGRESS


def test_any_e_service_speaks_for_the_citizen_of_a_registered_case(town, number):
    """DOMAIN A12: none has sent it, and the citizen may use any."""
    other = replace(town.e_service, hsa_id=HsaId("SE5560000002-OTHER"))
    assert not town.intake.withdraw(number, "w-1", other).repeated
    assert town.operating.case(number, other)[0].state is CaseState.WITHDRAWN


def test_an_e_service_without_permission_sees_no_registered_case(town, number):
    """DOMAIN A12, INTEROP §2.4: nor acts on it; the one that may send to its unit does both."""
    row = Permission(E_SERVICE, PROCESS_CASE, UNIT, ALWAYS, False, "permissions.csv", 2)
    town.permissions = Permissions((row,))
    other = replace(town.e_service, hsa_id=HsaId("SE5560000002-OTHER"))
    for ask in (town.operating.case, lambda one, who: town.intake.withdraw(one, "w-1", who)):
        with town.refuses(Rule.NOT_PERMITTED, "has no permission"):
            ask(number, other)
    assert town.operating.case(number, town.e_service)[0].state is CaseState.RECEIVED
