"""What the e-service sends: routed, kept with all that follows from it, and receipted once."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import cast

import pytest

from gateway.domain.case import AnswerWanted, CaseEvent, Kind, Receiver, ReceiverType, Submitter
from gateway.domain.errors import Rule, Unavailable
from gateway.domain.hsa import HsaId
from gateway.domain.lifecycle import CaseState
from gateway.domain.message import InboxKind
from gateway.domain.period import Period
from gateway.domain.person import PERSONNUMMER_OID, PersonId
from gateway.domain.routing import (
    NoRouteNow,
    NotACareUnit,
    NotACommittee,
    RegionNotActive,
    Routed,
    UnknownUnit,
)
from gateway.flow.caller import Role
from gateway.flow.intake import routed_or_refused
from gateway.flow.ports import Kept
from gateway.flow.timeline import Step, first_break
from gateway.testing.builders import (
    CASE_SYSTEM,
    DESTINATION,
    E_SERVICE,
    NOW,
    TOLVAN,
    UNIT,
    make_attachment,
    make_case,
    make_supplement,
)

COMMITTEE = HsaId("SE2321000016-PN")
CLOSED_UNIT = HsaId("SE2321000016-OLD")
STRANGER = HsaId("SE5560000002-OTHER")
CARE, TO_COMMITTEE = ReceiverType.CARE, ReceiverType.COMMITTEE


def test_a_receipt_tells_the_case_number_and_when_it_was_taken_in(town):
    """DOMAIN A1, A7: the number that the citizen and everybody else uses."""
    kept = town.submit(make_case())
    assert re.fullmatch(r"2026-\w{4}-\w{6}", kept.receipt.case_number)
    assert (kept.receipt.received_at, kept.receipt.warnings, kept.repeated) == (NOW, (), False)


def test_a_case_number_has_the_year_in_sweden(town):
    """DOMAIN A7: at midnight in Sweden it is still last year in UTC."""
    town.now = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    assert town.submit(make_case()).receipt.case_number.startswith("2027-")


def test_a_doubt_is_told_in_the_receipt(town):
    """INTEROP §6.2: accepted, with a warning that carries no number."""
    doubtful = Submitter(PersonId(PERSONNUMMER_OID, "197404188888"))
    receipt = town.submit(make_case(submitter=doubtful)).receipt
    assert receipt.warnings == ("submitter/personId: the check digit does not fit",)


def test_an_accepted_case_stands_where_its_route_says(town):
    """DOMAIN B1, B3: the selected unit stays on the case, whoever holds it."""
    record = _record(town, town.submit(make_case()))
    assert (record.state, record.region) == (CaseState.SUBMITTED, "norr")
    assert (record.unit, record.unit_name) == (UNIT, "Vårdcentralen Björken")
    assert (record.destination, record.holder) == (DESTINATION, CASE_SYSTEM)
    assert record.sender == E_SERVICE


@pytest.mark.parametrize(
    ("kind", "due_at"), [(Kind.COMPLAINT, NOW + timedelta(weeks=4)), (Kind.FEEDBACK, None)]
)
def test_only_a_complaint_has_a_due_date_and_it_is_in_four_weeks(town, kind, due_at):
    """DOMAIN A11: the clock runs for complaints."""
    assert _record(town, town.submit(make_case(kind=kind))).due_at == due_at


@pytest.mark.parametrize(
    ("kind", "promise"),
    [
        (Kind.COMPLAINT, "Du får ett svar, som regel inom fyra veckor."),
        (Kind.FEEDBACK, "Synpunkter besvaras inte var för sig utan hanteras samlat."),
    ],
)
def test_the_citizen_reads_a_confirmation_at_once(town, kind, promise):
    """DOMAIN A7: with the case number, whatever handles the case."""
    number = town.submit(make_case(kind=kind)).receipt.case_number
    (message,) = town.store.cases.inbox_messages(TOLVAN, None, 9)
    assert (message.kind, message.case_number) == (InboxKind.CASE_CONFIRMATION, number)
    assert (message.sender, message.sender_name) == (UNIT, "Vårdcentralen Björken")
    wanted = f"Vi har tagit emot ditt ärende {number} till Vårdcentralen Björken. {promise}"
    assert message.text == wanted


def test_an_accepted_case_waits_to_be_delivered_whole(town):
    """DOMAIN B1, C1: to exactly one destination."""
    case = make_case(attachments=(make_attachment(),))
    number = town.submit(case).receipt.case_number
    (claimed,) = town.claim()
    assert claimed.destination == DESTINATION
    assert (claimed.message.event, claimed.message.case_number) == (CaseEvent.SUBMITTED, number)
    assert claimed.message.case == case


def test_the_timeline_begins_with_who_sent_the_case_and_why_it_went_where(town):
    """DOMAIN B11, G1, G3."""
    number = town.submit(make_case()).receipt.case_number
    (link,) = links = town.store.cases.timeline(number)
    assert (link.entry.step, link.entry.actor) == (Step.CASE_ACCEPTED, E_SERVICE.text)
    assert link.entry.details == {
        "destination": DESTINATION,
        "holder": CASE_SYSTEM.text,
        "unit": UNIT.text,
        "route": f"{UNIT}: row units.csv:2 → {DESTINATION}",
    }
    assert first_break(links) is None


def test_a_case_to_the_committee_may_tell_a_place_instead_of_a_unit(town):
    """DOMAIN A3, B5."""
    receiver = Receiver(TO_COMMITTEE, COMMITTEE, place="på bussen")
    record = _record(town, town.submit(make_case(receiver=receiver)))
    assert (record.unit, record.unit_name) == (COMMITTEE, "Patientnämnden")


def test_a_repeat_gets_the_same_receipt_and_changes_nothing(town):
    """DOMAIN C1; DESIGN decision 9: the key comes from the sender."""
    case = make_case()
    first = town.submit(case)
    town.wait(days=2)
    again = town.submit(case)
    assert again == Kept(first.receipt, repeated=True)
    assert len(town.claim()) == len(town.store.cases.inbox_messages(TOLVAN, None, 9)) == 1


def test_a_repeat_gets_its_receipt_also_when_the_route_has_ended_since(town):
    """DESIGN decision 9: the sender that never saw the receipt must be able to get it."""
    case = make_case()
    first = town.submit(case)
    town.committee_period = Period(end=NOW)
    town.wait(days=2)
    assert town.submit(case) == Kept(first.receipt, repeated=True)
    with town.refuses(Rule.REGION_NOT_ACTIVE):
        town.submit(make_case(case_id=case.case_id, description="Något annat."))


def test_the_same_id_for_something_else_is_a_clear_conflict(town):
    """DESIGN decision 9."""
    case = make_case()
    town.submit(case)
    with town.refuses(Rule.IDEMPOTENCY_CONFLICT):
        town.submit(replace(case, answer_wanted=AnswerWanted.PHONE))


def test_the_same_id_from_another_sender_is_another_case(town):
    """DESIGN decision 9: each sender names its own."""
    case = make_case()
    other = replace(town.e_service, hsa_id=STRANGER)
    assert town.submit(case).receipt.case_number != town.submit(case, other).receipt.case_number


@pytest.mark.parametrize(
    ("receiver", "rule"),
    [
        (Receiver(CARE, STRANGER), Rule.UNKNOWN_UNIT),
        (Receiver(CARE, CLOSED_UNIT), Rule.NO_ROUTE_NOW),
        (Receiver(CARE, COMMITTEE), Rule.NOT_A_CARE_UNIT),
        (Receiver(TO_COMMITTEE, UNIT), Rule.NOT_A_COMMITTEE),
        (Receiver(CARE, None), Rule.CARE_UNIT_MISSING),
    ],
)
def test_a_case_that_has_nowhere_to_go_is_refused_and_not_kept(town, receiver, rule):
    """DOMAIN A3, B1: never both, never neither."""
    with town.refuses(rule):
        town.submit(make_case(receiver=receiver))
    assert town.store.cases.of_citizen(TOLVAN, None, None) == []


def test_no_unit_receives_before_the_committee_has_a_route(town):
    """DOMAIN B6."""
    town.committee_period = Period(end=NOW)
    with town.refuses(Rule.REGION_NOT_ACTIVE):
        town.submit(make_case())


@pytest.mark.parametrize(
    ("unrouted", "rule", "words"),
    [
        (UnknownUnit, Rule.UNKNOWN_UNIT, f"no unit {UNIT} is in the route table"),
        (NoRouteNow, Rule.NO_ROUTE_NOW, f"{UNIT} has no route that is valid now"),
        (RegionNotActive, Rule.REGION_NOT_ACTIVE, "until its patients' committee has a route"),
        (NotACommittee, Rule.NOT_A_COMMITTEE, f"{UNIT} is a care unit, not a committee"),
        (NotACareUnit, Rule.NOT_A_CARE_UNIT, f"{UNIT} is a committee, not a care unit"),
    ],
)
def test_each_way_to_have_no_route_is_told_by_its_own_rule(town, unrouted, rule, words):
    """DOMAIN B11; INTEROP §2.6: the trace is for operators and not for the sender."""
    with town.refuses(rule, words):
        routed_or_refused(unrouted(("a secret way",)), UNIT)


def test_what_is_no_answer_of_the_table_is_a_bug_and_is_told_at_once():
    """HOUSE: a union is handled whole, or not at all."""
    with pytest.raises(AssertionError):
        routed_or_refused(cast("Routed", "nowhere"), UNIT)


def test_the_event_may_be_today_in_sweden_though_it_is_yesterday_in_utc(town):
    """DOMAIN A4: not in the future, where the citizen is."""
    town.now = datetime(2026, 11, 2, 23, 30, tzinfo=UTC)
    town.submit(make_case(event_date=date(2026, 11, 3)))
    with town.refuses(Rule.EVENT_DATE_IN_FUTURE):
        town.submit(make_case(event_date=date(2026, 11, 4)))


def test_a_gateway_that_cannot_keep_anything_gives_no_receipt(town):
    """DOMAIN C1: durable before the receipt."""
    town.store.gone = True
    with pytest.raises(Unavailable):
        town.submit(make_case())


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.E_SERVICE])
def test_only_an_e_service_speaks_for_citizens(town, role):
    """DOMAIN A1: it has authenticated the citizen."""
    caller = replace(town.e_service, role=role)
    with town.refuses(Rule.NOT_PERMITTED):
        town.submit(make_case(), caller)
    with town.refuses(Rule.NOT_PERMITTED):
        town.intake.supplement("2026-0000-000000", "s1", make_supplement(), caller)
    with town.refuses(Rule.NOT_PERMITTED):
        town.intake.withdraw("2026-0000-000000", "w1", caller)


def _record(town, kept):
    return town.store.cases.find(kept.receipt.case_number)
