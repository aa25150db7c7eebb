"""What becomes of a case whose submitter nobody knows: all that becomes of others (A9)."""

import asyncio
from dataclasses import replace
from uuid import uuid4

import pytest

from gateway.domain.anonymous import NOBODY
from gateway.domain.case import AnswerWanted, Patient, Relation, Submitter
from gateway.domain.case_code import CaseCodes
from gateway.domain.errors import Refusal, Rule
from gateway.domain.message import InboxKind
from gateway.domain.statistics import UNKNOWN, age_group, sex
from gateway.flow.anonymous import Anonymous
from gateway.testing.builders import (
    TOLVAN,
    make_attachment,
    make_case,
    make_case_message,
    make_supplement,
)

CODES = CaseCodes(b"one secret of thirty-two letters")


@pytest.fixture
def door(town):
    """The door of those whom nobody knows."""
    return Anonymous(town.intake, town.store.cases, CODES)


@pytest.fixture
def case():
    """A case that says nothing about who sent it."""
    return make_case(case_id=str(uuid4()), submitter=NOBODY)


@pytest.fixture
def submit(town, door):
    """Submit a case, and give its receipt and its code."""

    def submit(case, *, anonymous=True):
        town.anonymous = anonymous
        return asyncio.run(door.submit(case, town.e_service))

    return submit


def test_the_answer_is_read_with_the_code(town, door, submit, case):
    """DOMAIN A9, D1: whatever system answers."""
    kept, code = submit(case)
    town.replies.post(make_case_message(case_number=kept.receipt.case_number), town.system)
    told = [one.kind for one in door.messages(code, town.e_service, None, 9)]
    assert told == [InboxKind.CASE_CONFIRMATION, InboxKind.FINAL_REPLY]
    assert door.case(code, town.e_service).record.number == kept.receipt.case_number


def test_a_complaint_has_its_due_date_as_always(town, door, submit, case):
    """DOMAIN A11."""
    _, code = submit(case)
    assert door.case(code, town.e_service).record.due_at is not None


def test_a_region_that_does_not_take_them_refuses_but_knows_a_repeat(town, submit, case):
    """DOMAIN A9, C1: a setting of the region, and what was kept keeps its receipt."""
    with town.refuses(Rule.ANONYMOUS_NOT_TAKEN, "Region Norr takes cases of people who sign in"):
        submit(case, anonymous=False)
    first = submit(case)
    again = submit(case, anonymous=False)
    assert (again[0].receipt, again[0].repeated, again[1]) == (first[0].receipt, True, first[1])


def test_other_content_under_the_same_id_gets_no_code(town, submit, case):
    """DOMAIN C1."""
    submit(case)
    with town.refuses(Rule.IDEMPOTENCY_CONFLICT):
        submit(replace(case, description="Något annat."))


def test_without_a_secret_none_is_taken_and_no_code_known(town, submit, case):
    """DOMAIN A9: whatever the region says."""
    _, code = submit(case)
    shut = Anonymous(town.intake, town.store.cases, None)
    with town.refuses(Rule.ANONYMOUS_NOT_TAKEN, "not set up"):
        asyncio.run(shut.submit(case, town.e_service))
    with town.refuses(Rule.CASE_UNKNOWN):
        shut.messages(code, town.e_service, None, 9)


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("case_id", "1"),
        ("answer_wanted", AnswerWanted.PHONE),
        ("submitter", Submitter(NOBODY.person_id, email="tolvan@example.com")),
        ("patient", Patient(TOLVAN, Relation.GUARDIAN, power_of_attorney=False)),
        ("attachments", (make_attachment(),)),
    ],
)
def test_what_would_tell_who_it_is_is_refused(town, submit, case, part, value):
    """DOMAIN A9: and the words do not repeat it."""
    with town.refuses(Rule.SCHEMA) as refused:
        submit(replace(case, **{part: value}))
    assert "tolvan" not in str(refused.value)


def test_a_code_of_a_case_that_was_not_kept_is_unknown(town, door, case):
    """DOMAIN A9: well made, but nothing was ever sent."""
    code = CODES.code_of(town.e_service.hsa_id, case.case_id)
    for ask in (
        lambda: door.messages(code, town.e_service, None, 9),
        lambda: door.case(code, town.e_service),
        lambda: door.attachment(code, town.e_service, str(uuid4()), 1),
        lambda: door.withdraw(code, "w-1", town.e_service),
    ):
        with town.refuses(Rule.CASE_UNKNOWN):
            ask()


def test_a_supplement_goes_the_way_of_the_case_and_files_only_when_asked_for(
    town, door, submit, case
):
    """DOMAIN A10."""
    kept, code = submit(case)
    with_file = make_supplement(attachments=(make_attachment(),))
    with town.refuses(Rule.ATTACHMENTS_NOT_ALLOWED):
        door.supplement(code, "s-1", with_file, town.e_service)
    town.ask_for_files(kept.receipt.case_number)
    assert not door.supplement(code, "s-1", with_file, town.e_service).repeated


def test_no_case_system_and_no_staff_use_a_code(town, door, submit, case):
    """DOMAIN E1: codes are for submitters, through their e-service."""
    _, code = submit(case)
    for caller in (town.system, town.nurse, town.operator):
        with pytest.raises(Refusal, match="may not"):
            door.messages(code, caller, None, 9)


def test_age_and_sex_are_not_known(town, submit, case):
    """DOMAIN F1."""
    _, code = submit(case)
    submitter = CODES.submitter_of(code)
    assert (age_group(submitter, case.event_date), sex(submitter)) == (UNKNOWN, UNKNOWN)


def test_nobody_is_asked_by_their_number(town, submit, case):
    """DOMAIN A9: the number is in the case, and opens nothing."""
    submitter = CODES.submitter_of(submit(case)[1])
    assert submitter
    with town.refuses(Rule.PERSON_ID_INVALID):
        town.citizens.own_cases(submitter, town.e_service, None, None)
    with town.refuses(Rule.PERSON_ID_INVALID):
        town.submit(make_case(submitter=Submitter(submitter)))
