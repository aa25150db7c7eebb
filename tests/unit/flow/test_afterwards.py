"""What the citizen does to a case afterwards: adds to it, or takes it back."""

from dataclasses import replace

from gateway.domain.case import CaseEvent
from gateway.domain.errors import Rule
from gateway.domain.hsa import HsaId
from gateway.domain.law import Limits
from gateway.domain.lifecycle import CaseState
from gateway.domain.message import MessageKind
from gateway.flow.ports import Kept
from gateway.flow.timeline import Step
from gateway.testing.builders import (
    DESTINATION,
    make_attachment,
    make_case,
    make_case_message,
    make_supplement,
)

STRANGER = HsaId("SE5560000002-OTHER")


def test_a_supplement_goes_the_same_way_after_the_case(town):
    """DOMAIN A10, C3: the case before its supplements, one at a time."""
    number = town.submit(make_case()).receipt.case_number
    town.ask_for_files(number)
    supplement = make_supplement(attachments=(make_attachment(),))
    town.intake.supplement(number, "s1", supplement, town.e_service)
    assert [claimed.message.event for claimed in town.claim()] == [CaseEvent.SUBMITTED]
    _, second = town.store.deliveries.listed(None, DESTINATION, None, 9)
    assert (second.event, second.case_number) == (CaseEvent.SUPPLEMENTED, number)
    assert town.timeline(number)[-1] == (Step.CASE_SUPPLEMENTED, {"destination": DESTINATION})


def test_a_supplement_that_was_asked_for_sets_the_case_going_again(town):
    """DOMAIN A10, D2."""
    number = town.submit(make_case()).receipt.case_number
    asked = make_case_message(case_number=number, kind=MessageKind.SUPPLEMENT_REQUEST)
    town.replies.post(asked, town.system)
    kept = town.intake.supplement(number, "s1", make_supplement(), town.e_service)
    assert _record(town, kept).state is CaseState.IN_PROGRESS


def test_a_repeated_supplement_goes_out_once(town):
    """DESIGN decision 9."""
    number = town.submit(make_case()).receipt.case_number
    first = town.intake.supplement(number, "s1", make_supplement(), town.e_service)
    again = town.intake.supplement(number, "s1", make_supplement(), town.e_service)
    assert again == Kept(first.receipt, repeated=True)
    with town.refuses(Rule.IDEMPOTENCY_CONFLICT):
        town.intake.supplement(number, "s1", make_supplement(text="Nej."), town.e_service)
    assert len(town.store.deliveries.listed(None, None, None, 9)) == 2


def test_a_supplement_says_something_or_brings_a_file(town):
    """DOMAIN A10: blanks alone would send the handler to look for nothing."""
    number = town.submit(make_case()).receipt.case_number
    town.ask_for_files(number)
    with town.refuses(Rule.TEXT_MISSING):
        town.intake.supplement(number, "s1", make_supplement(text=" "), town.e_service)
    brings = make_supplement(text=" ", attachments=(make_attachment(),))
    assert not town.intake.supplement(number, "s1", brings, town.e_service).repeated


def test_files_wait_until_the_handler_asks_for_them(town):
    """DOMAIN A10, D4: whoever holds the case, the built-in inbox or a system."""
    number = town.submit(make_case()).receipt.case_number
    supplement = make_supplement(attachments=(make_attachment(),))
    with town.refuses(Rule.ATTACHMENTS_NOT_ALLOWED, "send the text without files"):
        town.intake.supplement(number, "s1", supplement, town.e_service)
    town.ask_for_files(number)
    assert not town.intake.supplement(number, "s1", supplement, town.e_service).repeated


def test_the_files_of_a_supplement_keep_the_limits(town):
    """DOMAIN A10."""
    intake = replace(town.intake, limits=Limits(attachments=0))
    number = town.submit(make_case()).receipt.case_number
    with town.refuses(Rule.TOO_MANY_ATTACHMENTS):
        intake.supplement(
            number, "s1", make_supplement(attachments=(make_attachment(),)), town.e_service
        )


def test_a_withdrawn_case_stays_and_its_holder_is_told(town):
    """CONTRACT ProcessCase WITHDRAWN: nothing disappears."""
    number = town.submit(make_case()).receipt.case_number
    kept = town.intake.withdraw(number, "w1", town.e_service)
    assert _record(town, kept).state is CaseState.WITHDRAWN
    *_, last = town.store.deliveries.listed(None, DESTINATION, None, 9)
    assert last.event is CaseEvent.WITHDRAWN
    assert town.timeline(number)[-1][0] is Step.CASE_WITHDRAWN
    assert town.intake.withdraw(number, "w1", town.e_service) == Kept(kept.receipt, repeated=True)


def test_a_closed_case_takes_nothing_more_from_the_citizen(town):
    """DOMAIN A10: until it is closed."""
    number = town.submit(make_case()).receipt.case_number
    town.replies.post(make_case_message(case_number=number, kind=MessageKind.CLOSED), town.system)
    with town.refuses(Rule.STEP_NOT_LEGAL, "the case is CLOSED and cannot take a SUPPLEMENT now"):
        town.intake.supplement(number, "s1", make_supplement(), town.e_service)
    with town.refuses(Rule.STEP_NOT_LEGAL):
        town.intake.withdraw(number, "w1", town.e_service)


def test_an_unknown_case_and_a_strangers_case_look_the_same(town):
    """DOMAIN E1: nobody can find out which cases there are."""
    number = town.submit(make_case()).receipt.case_number
    stranger = replace(town.e_service, hsa_id=STRANGER)
    for name in (number, "2026-0000-000000"):
        with town.refuses(Rule.CASE_UNKNOWN, "no case of that name is known here"):
            town.intake.withdraw(name, "w1", stranger)
        with town.refuses(Rule.CASE_UNKNOWN, "no case of that name is known here"):
            town.intake.supplement(name, "s1", make_supplement(), stranger)


def _record(town, kept):
    return town.store.cases.find(kept.receipt.case_number)
