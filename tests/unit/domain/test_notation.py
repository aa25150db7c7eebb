"""The one notation: what is written is read back the same, and absent things leave no trace."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.case import (
    AnswerWanted,
    Attachment,
    Case,
    CaseEvent,
    Kind,
    Receiver,
    ReceiverType,
    Submitter,
    Supplement,
)
from gateway.domain.content import InMemory
from gateway.domain.hsa import HsaId
from gateway.domain.message import CaseMessage, Message, MessageKind
from gateway.domain.notation import (
    case_from_json,
    case_message_from_json,
    case_message_to_json,
    case_to_json,
    message_to_json,
    supplement_from_json,
    supplement_to_json,
)
from gateway.domain.person import PERSONNUMMER_OID, PersonId

cases = st.from_type(Case)
supplements = st.from_type(Supplement)
instants = st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=2))]))
case_messages = st.builds(CaseMessage, sent_at=instants)

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
FILE = Attachment("intyg.pdf", "application/pdf", InMemory(b"\x00\xff"))
CASE = Case(
    case_id="e-1",
    kind=Kind.FEEDBACK,
    receiver=Receiver(ReceiverType.CARE, HsaId("SE2321000016-2SG8")),
    event_date=date(2026, 3, 1),
    answer_wanted=AnswerWanted.NONE,
    submitter=Submitter(PersonId(PERSONNUMMER_OID, "191212121212")),
    description="Trevligt bemötande.",
)
SHORTEST = {
    "caseId": "e-1",
    "kind": "FEEDBACK",
    "receiver": {"type": "CARE", "hsaId": "SE2321000016-2SG8"},
    "eventDate": "2026-03-01",
    "answerWanted": "NONE",
    "submitter": {"personId": {"oid": "1.2.752.129.2.1.3.1", "number": "191212121212"}},
    "description": "Trevligt bemötande.",
}


@given(cases)
def test_a_case_is_read_back_as_it_was_written(case):
    """DOMAIN A1: the same case whichever door, store or adapter it passes."""
    assert case_from_json(_over_the_wire(case_to_json(case))) == case


@given(supplements)
def test_a_supplement_is_read_back_as_it_was_written(supplement):
    """DOMAIN A10."""
    assert supplement_from_json(_over_the_wire(supplement_to_json(supplement))) == supplement


@given(case_messages)
def test_a_holders_message_is_read_back_as_it_was_written(message):
    """DOMAIN D2."""
    assert case_message_from_json(_over_the_wire(case_message_to_json(message))) == message


@given(cases)
def test_nothing_absent_is_written(case):
    """DOMAIN A1: two requests that say the same are equal, so nothing is ever null or empty."""
    values = list(_values(case_to_json(case)))
    assert None not in values
    assert [] not in values


def test_the_shortest_case_is_written_with_the_names_of_the_contracts():
    """CONTRACT ProcessCase: the keys are the element names."""
    assert case_to_json(CASE) == SHORTEST


def test_the_content_of_a_file_is_base64_and_can_be_left_out():
    """DOMAIN D4: lists of files are read without their content."""
    case = replace(CASE, attachments=(FILE,))
    without = {"fileName": "intyg.pdf", "mediaType": "application/pdf"}
    assert case_to_json(case)["attachments"] == [without | {"content": "AP8="}]
    assert case_to_json(case, with_content=False)["attachments"] == [without]


@given(case_messages)
def test_files_without_content_are_read_as_empty(message):
    """DOMAIN D4: name and type are still told."""
    written = case_message_to_json(message, with_content=False)
    empty = tuple(replace(file, content=InMemory(b"")) for file in message.attachments)
    assert case_message_from_json(_over_the_wire(written)).attachments == empty


def test_the_same_instant_is_written_the_same_in_every_zone():
    """DOMAIN A1, D2: a repeat is the same message though one door tells Swedish time."""
    swedish = NOON.astimezone(timezone(timedelta(hours=1)))
    message = CaseMessage("m1", MessageKind.RECEIVED, NOON, case_number="2026-1234-567890")
    assert case_message_to_json(replace(message, sent_at=swedish)) == case_message_to_json(message)


def test_what_a_destination_must_know_carries_the_whole_case():
    """CONTRACT ProcessCase outbound: the case as submitted, with the event and the number."""
    unit = HsaId("SE2321000016-2SG8")
    message = Message("m1", CaseEvent.SUBMITTED, "2026-1234-567890", NOON, unit, CASE)
    assert message_to_json(message) == {
        "messageId": "m1",
        "caseEvent": "SUBMITTED",
        "caseNumber": "2026-1234-567890",
        "sentTime": "2026-03-02T12:00:00+00:00",
        "case": SHORTEST,
    }


def test_what_the_citizen_added_goes_along():
    """DOMAIN A10: text and files."""
    unit = HsaId("SE2321000016-2SG8")
    supplement = Supplement("Här är intyget.", (FILE,))
    event = CaseEvent.SUPPLEMENTED
    message = Message("m2", event, "2026-1234-567890", NOON, unit, CASE, supplement)
    assert supplement_from_json(message_to_json(message)["supplement"]) == supplement


def _over_the_wire(notation):
    return json.loads(json.dumps(notation))


def _values(notation):
    for value in notation.values():
        yield value
        if isinstance(value, dict):
            yield from _values(value)
