"""The inboxes: a citizen's own, and a unit's staff's; nobody reads anybody else's."""

from dataclasses import replace
from datetime import timedelta

import pytest

from gateway.domain.errors import Rule
from gateway.domain.hsa import HsaId
from gateway.domain.message import InboxKind
from gateway.domain.person import PersonId
from gateway.flow.caller import INBOX_ROLES, Role
from gateway.flow.timeline import Step
from gateway.testing.builders import (
    AGDA,
    NOW,
    TOLVAN,
    UNIT,
    make_attachment,
    make_case,
    make_case_message,
    make_message,
    make_new_case,
)
from gateway.testing.memory import MemoryStore

NOT_A_PERSON = PersonId("1.2.3", "191212121212")


@pytest.fixture
def number(town):
    """Give the number of a case whose citizen has been answered, with a file."""
    number = town.submit(make_case()).receipt.case_number
    town.wait(hours=1)
    reply = make_case_message(case_number=number, attachments=(make_attachment(),))
    town.replies.post(reply, town.system)
    return number


@pytest.fixture
def shown(town):
    """Give the number of a case that lies before the staff of the unit."""
    new = make_new_case(holder=UNIT)
    town.store.cases.add([new])
    town.store.unit_inboxes.put(make_message(case_number=new.number))
    return new.number


def test_a_citizen_reads_their_cases_with_the_messages(town, number):
    """DOMAIN A1, D1, D5."""
    (case,) = town.citizens.own_cases(TOLVAN, town.e_service, None, None)
    assert case.record.number == number
    assert [message.kind for message in case.messages] == [
        InboxKind.CASE_CONFIRMATION,
        InboxKind.FINAL_REPLY,
    ]


def test_a_citizen_may_ask_for_one_case_and_for_what_is_new(town, number):
    """CONTRACT GetCaseMessages: by number, and since a time, that time included."""
    town.submit(make_case())
    since = NOW + timedelta(hours=1)
    (case,) = town.citizens.own_cases(TOLVAN, town.e_service, number, since)
    assert [message.kind for message in case.messages] == [InboxKind.FINAL_REPLY]


@pytest.mark.usefixtures("number")
def test_another_citizen_finds_nothing(town):
    """DOMAIN A8: an inbox is its owner's."""
    assert town.citizens.own_cases(AGDA, town.e_service, None, None) == []
    assert town.citizens.messages(AGDA, town.e_service, None, 9) == []


@pytest.mark.usefixtures("number")
def test_messages_come_in_pages_oldest_first(town):
    """CONTRACT REST: keyset pages."""
    (first,) = town.citizens.messages(TOLVAN, town.e_service, None, 1)
    (second,) = town.citizens.messages(TOLVAN, town.e_service, first.message_id, 9)
    assert [first.kind, second.kind] == [InboxKind.CASE_CONFIRMATION, InboxKind.FINAL_REPLY]
    assert second.attachments == (make_attachment(),)


@pytest.mark.usefixtures("number")
def test_a_citizen_fetches_a_file_of_their_own_message(town):
    """DOMAIN D4."""
    _, message = town.citizens.messages(TOLVAN, town.e_service, None, 9)
    file = town.citizens.attachment(TOLVAN, town.e_service, message.message_id, 1)
    assert file == make_attachment()


@pytest.mark.usefixtures("number")
def test_a_file_that_is_not_there_or_is_somebody_elses_looks_the_same(town):
    """DOMAIN A8: an inbox is its owner's."""
    _, message = town.citizens.messages(TOLVAN, town.e_service, None, 9)
    for person, place in ((TOLVAN, 0), (TOLVAN, 2), (AGDA, 1)):
        with town.refuses(Rule.CASE_UNKNOWN, "attachment: this citizen has no such attachment"):
            town.citizens.attachment(person, town.e_service, message.message_id, place)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.E_SERVICE])
def test_a_citizens_inbox_is_read_through_an_e_service_only(town, role):
    """DOMAIN A1: it has authenticated the citizen; an operator has not."""
    caller = replace(town.e_service, role=role)
    with town.refuses(Rule.NOT_PERMITTED):
        town.citizens.own_cases(TOLVAN, caller, None, None)
    with town.refuses(Rule.NOT_PERMITTED):
        town.citizens.messages(TOLVAN, caller, None, 9)
    with town.refuses(Rule.NOT_PERMITTED):
        town.citizens.attachment(TOLVAN, caller, "m1", 1)


def test_a_citizen_is_named_by_a_whole_identity(town):
    """DOMAIN A8: refused without telling the number."""
    with town.refuses(Rule.PERSON_ID_INVALID, "personId: the OID is none of"):
        town.citizens.own_cases(NOT_A_PERSON, town.e_service, None, None)


def test_staff_see_the_cases_of_their_units_without_content(town, shown):
    """DOMAIN E1: one list; a case distributor sees that a case exists."""
    (item,) = town.staff.items(town.nurse, None, 9)
    assert (item.record.number, item.arrived_at) == (shown, NOW)
    assert make_case().description not in repr(item)


@pytest.mark.usefixtures("shown")
def test_staff_of_other_units_see_nothing(town):
    """DOMAIN E1: only staff of that unit, or its coordinator, see anything."""
    elsewhere = replace(town.nurse, units=frozenset({HsaId("SE2321000016-ELSE")}))
    assert town.staff.items(elsewhere, None, 9) == []


def test_reading_a_case_is_on_its_timeline_with_the_reader(town, shown):
    """DOMAIN E1, G3: who read what."""
    town.wait(minutes=5)
    record, case, added = town.staff.read(shown, town.nurse)
    assert record.number == shown
    assert (case.submitter.person_id, added) == (TOLVAN, ())
    entry = town.store.cases.timeline(shown)[-1].entry
    assert (entry.step, entry.actor) == (Step.CASE_READ, town.nurse.hsa_id.text)
    assert entry.at == NOW + timedelta(minutes=5)


def test_a_strangers_case_does_not_even_exist(town, number):
    """DOMAIN E1: the same answer for both, and no reading on the timeline."""
    before = town.store.cases.timeline(number)
    for name in (number, "2026-0000-000000"):
        with town.refuses(Rule.CASE_UNKNOWN, "no case of that name is known here"):
            town.staff.read(name, town.nurse)
    assert town.store.cases.timeline(number) == before


def test_a_case_disposed_of_since_it_was_found_is_unknown(town, shown):
    """DOMAIN E4: disposal may come between two looks."""

    class Disposed:
        find = town.store.cases.find
        content = MemoryStore().cases.content

    with town.refuses(Rule.CASE_UNKNOWN):
        replace(town.staff, cases=Disposed()).read(shown, town.nurse)


@pytest.mark.parametrize("role", sorted(set(Role) - INBOX_ROLES))
def test_the_built_in_inbox_is_for_staff_only(town, shown, role):
    """DOMAIN E1: not even operators read cases."""
    caller = replace(town.nurse, role=role)
    with town.refuses(Rule.NOT_PERMITTED):
        town.staff.items(caller, None, 9)
    with town.refuses(Rule.NOT_PERMITTED):
        town.staff.read(shown, caller)
