"""The verbs of those who handle cases, each under the case's lock, once, with a timeline entry."""

from dataclasses import replace

import pytest

from gateway.domain.case import Patient, Receiver, ReceiverType, Relation
from gateway.domain.errors import Rule
from gateway.domain.handling import REOPEN_WITHIN, UNHANDLED, Classification
from gateway.domain.hsa import HsaId
from gateway.domain.lifecycle import CaseState
from gateway.domain.message import InboxKind, MessageKind
from gateway.flow.caller import INBOX_ROLES, Caller, Role
from gateway.flow.handling.act import Asked
from gateway.flow.handling.assigning import Handler
from gateway.flow.handling.case_handling import CaseHandling
from gateway.flow.ports import Change
from gateway.flow.timeline import Step
from gateway.testing.builders import (
    AGDA,
    CASE_SYSTEM,
    TOLVAN,
    make_attachment,
    make_case,
    make_case_message,
    make_entry,
    make_supplement,
)
from gateway.testing.store_contract.acts import change
from tests.unit.flow.conftest import COMMITTEE

NURSE = Handler(HsaId("SE2321000016-NURSE"), "Sköterskan")
ENOUGH = Classification(("3.4",), "SOMATIC_CARE", "6.2")
PATIENT = Patient(AGDA, Relation.GUARDIAN, power_of_attorney=False)
K = MessageKind


class Desk:
    """A case at an inbox, and its staff in every role."""

    def __init__(self, town, case):
        self.town = town
        self.number = town.submit(case).receipt.case_number
        self.verbs = CaseHandling(town.table, town.store.cases, town.store.handlings, town.clock)
        self._keys = 0

    def asked(self, role=Role.CASE_RECEIVER, seen=None, key=None, units=(CASE_SYSTEM,)):
        """Ask in a role, under a new key."""
        self._keys += 1
        hsa_id = HsaId(f"SE2321000016-{role.name}")
        caller = Caller(hsa_id, role.value, role, frozenset(units))
        return Asked(self.number, key or f"k-{self._keys}", caller, seen)

    def say(self, kind, seen=None, **more):
        """Post a message as the case receiver."""
        message = make_case_message(case_number=self.number, kind=kind, **more)
        return self.town.replies.post(message, self.asked().caller, seen)

    @property
    def handling(self):
        """How the case is handled."""
        return self.town.store.handlings.find(self.number)

    @property
    def state(self):
        """Where the case stands."""
        return self.town.store.cases.find(self.number).state

    @property
    def last(self):
        """The last step on the timeline, and its details."""
        return self.town.timeline(self.number)[-1]

    def told(self):
        """What the citizen was told last."""
        return self.town.store.cases.inbox_messages(TOLVAN, None, 99)[-1]

    def close(self):
        """Classify and close."""
        self.verbs.classify(self.asked(), ENOUGH)
        self.say(K.CLOSED)


@pytest.fixture
def desk(town):
    """A case that nobody has touched."""
    return Desk(town, make_case(patient=PATIENT))


def test_a_case_that_nobody_touched_has_no_handling(desk):
    """HOUSE: nothing is written when a case is accepted."""
    assert desk.handling == UNHANDLED


def test_a_distributor_assigns_and_takes_away(desk):
    """DOMAIN E1, E2: without reading; the name is not on the timeline."""
    desk.verbs.assign(desk.asked(Role.CASE_DISTRIBUTOR), NURSE)
    assert (desk.handling.assigned_to, desk.handling.assigned_name) == (NURSE.hsa_id, NURSE.name)
    step, details = desk.last
    assert (step, details["to"]) == (Step.CASE_ASSIGNED, NURSE.hsa_id.text)
    assert NURSE.name not in details.values()
    desk.verbs.assign(desk.asked(Role.CASE_DISTRIBUTOR), None)
    assert (desk.handling.assigned_to, desk.last[0]) == (None, Step.CASE_UNASSIGNED)


def test_a_repeat_changes_nothing(desk):
    """DESIGN decision 9: once per key."""
    first = desk.verbs.assign(desk.asked(key="same"), NURSE)
    again = desk.verbs.assign(desk.asked(key="same"), NURSE)
    assert again == replace(first, repeated=True)
    with desk.town.refuses(Rule.IDEMPOTENCY_CONFLICT):
        desk.verbs.assign(desk.asked(key="same"), None)


def test_the_second_of_two_handlers_is_told_what_the_first_did(desk):
    """DOMAIN E2: who, what and when; and nothing is changed."""
    seen = desk.verbs.read(desk.number, desk.asked().caller).version
    desk.verbs.assign(desk.asked(Role.COORDINATOR, seen), NURSE)
    words = "case.assigned by SE2321000016-COORDINATOR at 2026-11-02T09:00:00+00:00"
    with desk.town.refuses(Rule.CASE_OVERTAKEN, words):
        desk.verbs.assign(desk.asked(seen=seen), None)
    with desk.town.refuses(Rule.CASE_OVERTAKEN, words):
        desk.say(K.FINAL_REPLY, seen=seen)
    assert desk.handling.assigned_to == NURSE.hsa_id


def test_reading_and_delivering_overtake_nobody(desk):
    """DOMAIN E2: two who read at the same time are not in each other's way."""
    seen = desk.verbs.read(desk.number, desk.asked().caller).version
    desk.town.staff.read(desk.number, desk.asked(Role.COORDINATOR).caller)
    assert not desk.verbs.assign(desk.asked(seen=seen), NURSE).repeated


@pytest.mark.parametrize(
    "step",
    [Step.CASE_REMINDED, Step.CASE_THEMED, Step.CASE_UNTHEMED, Step.MEASURE_RECORDED],
)
def test_what_changes_nothing_for_a_handler_overtakes_nobody(desk, step):
    """DOMAIN E2: a reminder, a theme and a measure are no reason to decide anew."""
    seen = desk.verbs.read(desk.number, desk.asked().caller).version
    entry = replace(make_entry(), step=step)
    change(desk.town.store, desk.number, lambda case: Change(case.state, entry))
    assert not desk.verbs.assign(desk.asked(seen=seen), NURSE).repeated


def test_the_relation_is_verified_once(desk):
    """DOMAIN A6: who did it first answers for it."""
    desk.verbs.verify_relation(desk.asked())
    desk.town.wait(hours=1)
    desk.verbs.verify_relation(desk.asked(Role.COORDINATOR))
    assert desk.handling.relation_verified_by == "SE2321000016-CASE_RECEIVER"
    assert desk.handling.relation_verified_at < desk.town.now


def test_who_submits_for_themselves_has_no_relation_to_verify(town):
    """DOMAIN A6."""
    desk = Desk(town, make_case())
    with town.refuses(Rule.STEP_NOT_LEGAL, "the submitter is the patient"):
        desk.verbs.verify_relation(desk.asked())


@pytest.fixture
def committee_desk(town):
    """A case that stands with the committee."""
    return Desk(town, make_case(receiver=Receiver(ReceiverType.COMMITTEE, COMMITTEE)))


def test_the_committee_corrects_the_unit_and_the_case_stays(committee_desk):
    """DOMAIN A3: for follow-up; nobody else of the staff may."""
    desk = committee_desk
    before = desk.town.store.cases.find(desk.number)
    unit = HsaId("SE2321000016-9Z9Z")
    desk.verbs.correct_unit(desk.asked(Role.COMMITTEE_STAFF), unit)
    assert (desk.handling.corrected_unit, desk.last[0]) == (unit, Step.UNIT_CORRECTED)
    assert desk.town.store.cases.find(desk.number) == before
    with desk.town.refuses(Rule.NOT_PERMITTED):
        desk.verbs.correct_unit(desk.asked(Role.CASE_RECEIVER), unit)


def test_the_unit_of_a_case_with_the_care_is_not_corrected(desk):
    """DOMAIN A3, E1: not by the committee's staff either, who may have a care unit too."""
    with desk.town.refuses(Rule.NOT_PERMITTED, "only the patients' committee corrects"):
        desk.verbs.correct_unit(desk.asked(Role.COMMITTEE_STAFF), HsaId("SE2321000016-9Z9Z"))
    assert desk.handling.corrected_unit is None


def test_a_personal_number_is_nobodys_hsa_id(desk, committee_desk):
    """DOMAIN E4, G3: it would stay on the timeline when the case is disposed of."""
    number = HsaId(TOLVAN.number)
    with desk.town.refuses(Rule.HSA_ID_INVALID, "handlerHsaId"):
        desk.verbs.assign(desk.asked(), Handler(number, "Sköterskan"))
    with desk.town.refuses(Rule.HSA_ID_INVALID, "careUnitHsaId"):
        committee_desk.verbs.correct_unit(committee_desk.asked(Role.COMMITTEE_STAFF), number)
    with desk.town.refuses(Rule.HSA_ID_INVALID, "careUnitHsaId"):
        desk.say(K.PARTIAL_REPLY, care_unit=number)
    with desk.town.refuses(Rule.HSA_ID_INVALID, "forwardTo"):
        desk.say(K.FORWARD, forward_to=number)


def test_a_personal_number_in_a_key_is_blotted_on_the_timeline(desk):
    """DOMAIN E4, G3."""
    desk.verbs.assign(desk.asked(key=f"k {TOLVAN.number}"), NURSE)
    assert desk.last[1]["messageId"] == "k <number>"
    desk.say(K.PARTIAL_REPLY, message_id=f"m {TOLVAN.number}")
    assert desk.last[1]["messageId"] == "m <number>"


def test_a_case_is_closed_when_it_is_classified(desk):
    """DOMAIN E2: at least one problem, and a field of operation."""
    with desk.town.refuses(Rule.NOT_CLASSIFIED, "classify the case first"):
        desk.say(K.CLOSED)
    desk.verbs.classify(desk.asked(), Classification(("3.4",)))
    with desk.town.refuses(Rule.NOT_CLASSIFIED):
        desk.say(K.CLOSED)
    desk.close()
    assert (desk.state, desk.handling.classification) == (CaseState.CLOSED, ENOUGH)
    assert desk.handling.closed_at == desk.town.now


def test_codes_are_those_of_the_tables(desk):
    """DOMAIN Classification: each that is wrong is told."""
    wrong = Classification(("3.4", "99"), "MOON", "x")
    with pytest.raises(Exception, match=r"problems/2.*perceivedProblem.*fieldOfOperation"):
        desk.verbs.classify(desk.asked(), wrong)


def test_the_timeline_does_not_tell_what_a_case_is_about(desk):
    """DOMAIN E1: a distributor sees it."""
    desk.verbs.classify(desk.asked(), ENOUGH)
    step, details = desk.last
    assert (step, details["problems"]) == (Step.CASE_CLASSIFIED, 1)
    distributor = desk.asked(Role.CASE_DISTRIBUTOR).caller
    assert desk.verbs.read(desk.number, distributor).handling.classification == Classification()


def test_an_external_system_classifies_and_corrects_in_its_message(desk):
    """DOMAIN E2: it may, and is not forced to before it closes."""
    message = make_case_message(case_number=desk.number, kind=K.CLOSED, text=None)
    desk.town.replies.post(replace(message, classification=ENOUGH), desk.town.system)
    assert desk.handling.classification == ENOUGH


def test_only_a_committee_corrects_by_message(desk):
    """DOMAIN A3: and this case is with the care."""
    message = make_case_message(case_number=desk.number, care_unit=HsaId("SE2321000016-9Z9Z"))
    with desk.town.refuses(Rule.NOT_PERMITTED, "careUnitHsaId: only the patients' committee"):
        desk.town.replies.post(message, desk.town.system)


def test_a_closed_case_is_reopened_and_the_citizen_told(desk):
    """DOMAIN E2: in plain Swedish."""
    desk.close()
    desk.verbs.reopen(desk.asked(), "Vi har fått veta mer.")
    assert (desk.state, desk.handling.closed_at) == (CaseState.IN_PROGRESS, None)
    told = desk.told()
    assert told.kind is InboxKind.IN_PROGRESS
    assert told.text == (
        f"Ditt ärende {desk.number} är öppnat igen och hanteras av Vårdcentralen Björken. "
        "Vi har fått veta mer."
    )


def test_a_case_closed_long_ago_stays_closed(desk):
    """DOMAIN E2: within a set time."""
    desk.close()
    desk.town.now += REOPEN_WITHIN
    desk.verbs.reopen(desk.asked())
    desk.close()
    desk.town.now += REOPEN_WITHIN
    desk.town.wait(seconds=1)
    with desk.town.refuses(Rule.STEP_NOT_LEGAL, "a new case is needed"):
        desk.verbs.reopen(desk.asked())


def test_a_closed_case_takes_nothing_but_to_be_reopened(desk):
    """ISSUE: a clear message and nothing changed."""
    desk.close()
    words = "the case is CLOSED; nobody can assign a case to a handler that stands so"
    with desk.town.refuses(Rule.STEP_NOT_LEGAL, words):
        desk.verbs.assign(desk.asked(), NURSE)
    assert desk.handling.assigned_to is None


@pytest.mark.parametrize("role", sorted(INBOX_ROLES))
def test_another_units_case_does_not_exist(desk, role):
    """DOMAIN E1: 404, whatever is asked for."""
    strange = desk.asked(role, units=(HsaId("SE2321000016-XXXX"),))
    verbs = desk.verbs
    for act in (
        lambda: verbs.assign(strange, NURSE),
        lambda: verbs.verify_relation(strange),
        lambda: verbs.classify(strange, ENOUGH),
        lambda: verbs.reopen(strange),
        lambda: verbs.read(desk.number, strange.caller),
    ):
        with desk.town.refuses(Rule.CASE_UNKNOWN):
            act()


def test_a_reply_names_a_national_text(desk):
    """DOMAIN D3: the citizen reads it whole; unknown, or of another kind, is refused."""
    desk.say(K.PARTIAL_REPLY, text=None, standard_text="WILL_CALL")
    assert desk.told().text.startswith("Vi kommer att ringa dig")
    with desk.town.refuses(Rule.CODE_UNKNOWN):
        desk.say(K.FINAL_REPLY, text=None, standard_text="WILL_CALL")
    with desk.town.refuses(Rule.EVENT_NOT_ACCEPTED):
        desk.say(K.PARTIAL_REPLY, text="Hej", standard_text="WILL_CALL")


def test_the_first_contact_is_the_first_word_of_a_human(desk):
    """DOMAIN A11: that it was received is told by machines."""
    desk.say(K.RECEIVED, text="Mottaget.")
    assert desk.handling.first_contact_at is None
    desk.say(K.PARTIAL_REPLY)
    first = desk.town.now
    desk.town.wait(days=1)
    desk.say(K.FINAL_REPLY)
    assert desk.handling.first_contact_at == first


def test_a_question_is_answered_in_words(desk):
    """DOMAIN D4: the citizen is told how; e-services see a request as ever."""
    desk.say(K.COUNTER_QUESTION, text="När hände det?")
    assert desk.state is CaseState.AWAITING_SUPPLEMENT
    assert desk.told().kind is InboxKind.SUPPLEMENT_REQUEST
    assert desk.told().text.endswith("Du svarar genom att komplettera ditt ärende med text.")
    with desk.town.refuses(Rule.ATTACHMENTS_NOT_ALLOWED):
        _supplement(desk)


def test_files_are_taken_while_the_handler_allows_them(desk):
    """DOMAIN A10, D4: and no longer when that is taken back."""
    desk.say(K.SUPPLEMENT_REQUEST, attachments_allowed=True)
    assert _supplement(desk).receipt.case_number == desk.number
    desk.say(K.SUPPLEMENT_REQUEST, attachments_allowed=False)
    with desk.town.refuses(Rule.ATTACHMENTS_NOT_ALLOWED):
        _supplement(desk)


def test_only_a_request_says_whether_files_are_taken(desk):
    """DOMAIN D4."""
    with desk.town.refuses(Rule.EVENT_NOT_ACCEPTED, "only a SUPPLEMENT_REQUEST"):
        desk.say(K.PARTIAL_REPLY, attachments_allowed=True)


def test_a_case_taken_back_is_closed_without_classification(desk):
    """DOMAIN E2: nobody needs to find out what it was about; it ended when it was taken back."""
    town = desk.town
    town.intake.withdraw(desk.number, "w-1", town.e_service)
    ended = town.now
    town.wait(days=1)
    desk.say(K.CLOSED)
    assert desk.handling.closed_at == ended


def _supplement(desk):
    desk._keys += 1
    added = make_supplement(attachments=(make_attachment(),))
    key, town = f"s-{desk._keys}", desk.town
    return town.intake.supplement(desk.number, key, added, town.e_service)
