"""What a case's holder says: taken once, from the holder alone, and put before the citizen."""

from dataclasses import replace
from datetime import timedelta

import pytest

from gateway.domain.errors import Rule, Unavailable
from gateway.domain.hsa import HsaId
from gateway.domain.law import Limits
from gateway.domain.lifecycle import CaseState
from gateway.domain.message import InboxKind, MessageKind
from gateway.flow.caller import Role
from gateway.flow.ports import Kept
from gateway.flow.timeline import Step
from gateway.flow.words import STANDARD_TEXTS
from gateway.testing.builders import (
    CASE_SYSTEM,
    DESTINATION,
    NOW,
    TOLVAN,
    UNIT,
    make_attachment,
    make_case,
    make_case_message,
    make_new_case,
)

K = MessageKind
STRANGER = HsaId("SE2321000016-OTHER")
# What the citizen reads it as, and where the case then stands.
SAID = {
    K.RECEIVED: (InboxKind.RECEIVED, CaseState.RECEIVED),
    K.IN_PROGRESS: (InboxKind.IN_PROGRESS, CaseState.IN_PROGRESS),
    K.PARTIAL_REPLY: (InboxKind.PARTIAL_REPLY, CaseState.IN_PROGRESS),
    K.FINAL_REPLY: (InboxKind.FINAL_REPLY, CaseState.ANSWERED),
    K.SUPPLEMENT_REQUEST: (InboxKind.SUPPLEMENT_REQUEST, CaseState.AWAITING_SUPPLEMENT),
    K.CLOSED: (InboxKind.CLOSED, CaseState.CLOSED),
}


@pytest.fixture
def number(town):
    """Give the number of a case that the region's system holds."""
    return town.submit(make_case()).receipt.case_number


@pytest.mark.parametrize(("kind", "said"), SAID.items())
def test_what_the_holder_says_is_in_the_citizens_inbox(town, number, kind, said):
    """DOMAIN D1, D2: in the name of the unit that the citizen chose."""
    message = make_case_message(case_number=number, kind=kind, text="Hej!")
    town.replies.post(message, town.system)
    told = _latest(town)
    assert (told.kind, town.store.cases.find(number).state) == said
    assert (told.case_number, told.text, told.sent_at) == (number, "Hej!", NOW)
    assert (told.sender, told.sender_name) == (UNIT, "Vårdcentralen Björken")


@pytest.mark.parametrize("kind", STANDARD_TEXTS)
@pytest.mark.parametrize("text", [None, ""])
def test_what_is_said_without_words_is_told_in_a_standard_text(town, number, kind, text):
    """DOMAIN D3: fixed texts that regions cannot edit."""
    town.replies.post(make_case_message(case_number=number, kind=kind, text=text), town.system)
    assert _latest(town).text == STANDARD_TEXTS[kind]


def test_files_of_a_reply_reach_the_citizen(town, number):
    """DOMAIN D4."""
    file = make_attachment()
    town.replies.post(make_case_message(case_number=number, attachments=(file,)), town.system)
    told = _latest(town)
    assert town.store.cases.inbox_attachment(TOLVAN, told.message_id, 1) == file


def test_a_reply_stands_on_the_timeline_without_its_words(town, number):
    """DOMAIN G1, G3: who said what kind of thing, and when."""
    message = make_case_message(case_number=number, attachments=(make_attachment(),))
    town.replies.post(message, town.system)
    link = town.store.cases.timeline(number)[-1]
    assert (link.entry.step, link.entry.actor) == (Step.MESSAGE_ACCEPTED, CASE_SYSTEM.text)
    assert link.entry.details == {
        "messageKind": "FINAL_REPLY",
        "messageId": message.message_id,
        "attachments": 1,
    }


def test_a_repeat_changes_nothing_and_gets_the_same_answer(town, number):
    """DOMAIN D2."""
    message = make_case_message(case_number=number)
    first = town.replies.post(message, town.system)
    town.wait(days=1)
    assert town.replies.post(message, town.system) == Kept(first.receipt, repeated=True)
    assert len(town.store.cases.inbox_messages(TOLVAN, None, 9)) == 2


def test_a_repeat_stamped_with_a_later_time_is_still_a_repeat(town, number):
    """DOMAIN D2: it says the same; senders stamp what they send again."""
    message = make_case_message(case_number=number)
    first = town.replies.post(message, town.system)
    stamped = replace(message, sent_at=NOW + timedelta(minutes=5))
    assert town.replies.post(stamped, town.system) == Kept(first.receipt, repeated=True)


def test_a_repeat_of_the_closing_is_no_new_step(town, number):
    """DOMAIN D2: though nothing more is legal on a closed case."""
    closing = make_case_message(case_number=number, kind=K.CLOSED)
    first = town.replies.post(closing, town.system)
    assert town.replies.post(closing, town.system) == Kept(first.receipt, repeated=True)


def test_the_same_id_with_other_words_is_a_clear_conflict(town, number):
    """DESIGN decision 9."""
    message = make_case_message(case_number=number)
    town.replies.post(message, town.system)
    with town.refuses(Rule.IDEMPOTENCY_CONFLICT):
        town.replies.post(replace(message, text="Nej."), town.system)


def test_only_the_holder_may_post(town, number):
    """DOMAIN D2: and nothing is put before the citizen."""
    other = replace(town.system, hsa_id=STRANGER)
    words = f"the case is not held by {STRANGER}; only its holder may post"
    with town.refuses(Rule.NOT_THE_HOLDER, words):
        town.replies.post(make_case_message(case_number=number), other)
    assert len(town.store.cases.inbox_messages(TOLVAN, None, 9)) == 1


def test_a_refused_message_can_be_sent_again_under_the_same_id(town, number):
    """DESIGN decision 9: what was refused has left no trace."""
    message = make_case_message(case_number=number)
    with town.refuses(Rule.NOT_THE_HOLDER):
        town.replies.post(
            message, replace(town.system, units=frozenset({CASE_SYSTEM}), hsa_id=UNIT)
        )
    assert town.replies.post(message, town.system).repeated is False


def test_staff_post_on_the_cases_of_their_units(town):
    """DOMAIN E1, E2: the built-in inbox answers the same way."""
    new = make_new_case(holder=UNIT)
    town.store.cases.add([new])
    town.replies.post(make_case_message(case_number=new.number), town.nurse)
    assert _latest(town).kind is InboxKind.FINAL_REPLY


def test_staff_of_another_unit_may_not_post(town, number):
    """DOMAIN E1: to them a stranger's case does not even exist."""
    with town.refuses(Rule.CASE_UNKNOWN):
        town.replies.post(make_case_message(case_number=number), town.nurse)


def test_a_holder_may_use_its_own_id_of_the_case(town, number):
    """DOMAIN D2: told at delivery, or beside the number in an earlier message."""
    named = make_case_message(case_number=number, external_case_id="P-1", kind=K.RECEIVED)
    town.replies.post(named, town.system)
    town.replies.post(make_case_message(external_case_id="P-1"), town.system)
    assert town.store.cases.find(number).state is CaseState.ANSWERED


def test_a_holders_own_id_is_nobody_elses(town, number):
    """DOMAIN D2: another system's P-1 is another case."""
    named = make_case_message(case_number=number, external_case_id="P-1")
    town.replies.post(named, town.system)
    with town.refuses(Rule.CASE_UNKNOWN, "no case of that name is known here"):
        town.replies.post(
            make_case_message(external_case_id="P-1"), replace(town.system, hsa_id=STRANGER)
        )


@pytest.mark.parametrize(
    "named", [{"case_number": "2026-0000-000000"}, {"external_case_id": "P-1 of ours"}]
)
def test_a_message_for_no_known_case_is_refused_and_kept(town, named):
    """DOMAIN D2; DESIGN decisions 10 and 11: kept for operators, once; no name is repeated."""
    message = make_case_message(**named)
    words = "no case of that name is known here"
    for _ in range(2):
        with town.refuses(Rule.CASE_UNKNOWN, words):
            town.replies.post(message, town.system)
    ((_, unmatched),) = town.operating.unmatched(town.operator, None, 9)
    assert (unmatched.sender, unmatched.message) == (CASE_SYSTEM, message)
    assert (unmatched.received_at, unmatched.reason) == (NOW, words)


@pytest.mark.parametrize("kind", [kind for kind in K if kind is not K.FORWARD])
def test_nothing_more_is_said_on_a_closed_case(town, number, kind):
    """DOMAIN D2: closed is the end."""
    town.replies.post(make_case_message(case_number=number, kind=K.CLOSED), town.system)
    words = f"the case is CLOSED; {kind} is not legal now"
    with town.refuses(Rule.STEP_NOT_LEGAL, words):
        town.replies.post(make_case_message(case_number=number, kind=kind), town.system)


def test_a_message_that_breaks_the_law_is_refused_before_it_is_matched(town):
    """DOMAIN D2, D4: and is not kept either."""
    replies = replace(town.replies, limits=Limits(attachments=0))
    with town.refuses(Rule.TOO_MANY_ATTACHMENTS):
        replies.post(
            make_case_message(case_number="?", attachments=(make_attachment(),)), town.system
        )
    assert town.operating.unmatched(town.operator, None, 9) == []


@pytest.mark.parametrize("role", [Role.E_SERVICE, Role.OPERATOR])
def test_only_systems_and_staff_answer_citizens(town, number, role):
    """DOMAIN D2, E1: not an e-service, and not an operator."""
    caller = replace(town.system, role=role)
    with town.refuses(Rule.NOT_PERMITTED):
        town.replies.post(make_case_message(case_number=number), caller)


def test_a_reply_sends_nothing_to_the_holder(town, number):
    """DESIGN: the answer goes to the citizen, on the same line."""
    town.replies.post(make_case_message(case_number=number), town.system)
    assert len(town.store.deliveries.listed(None, DESTINATION, None, 9)) == 1


def _latest(town):
    return town.store.cases.inbox_messages(TOLVAN, None, 9)[-1]


def test_a_reply_that_names_two_cases_is_refused_and_changes_neither(town, number):
    """DOMAIN D1, D2: a guess would show it to the wrong citizen."""
    other = town.submit(make_case()).receipt.case_number
    town.replies.post(make_case_message(case_number=other, external_case_id="P-1"), town.system)
    message = make_case_message(message_id="m-2", case_number=number, external_case_id="P-1")
    with town.refuses(Rule.CASE_AMBIGUOUS, "caseNumber alone"):
        town.replies.post(message, town.system)
    assert len(town.store.cases.timeline(number)) == 1


def test_a_reply_that_overtakes_our_receipt_may_be_sent_again(town, number):
    """DOMAIN D2: the holder's own id of the case comes with its answer to our delivery."""
    town.claim()
    message = make_case_message(case_number=None, external_case_id="P-1")
    with pytest.raises(Unavailable, match="on its way"):
        town.replies.post(message, town.system)
