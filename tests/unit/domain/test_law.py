"""What a request must be for Växel to take it in; every broken rule is told, with its place."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from gateway.domain.case import (
    AnswerWanted,
    Attachment,
    Case,
    Kind,
    Patient,
    Receiver,
    ReceiverType,
    Relation,
    Submitter,
)
from gateway.domain.content import InMemory
from gateway.domain.errors import Refusal, Rule
from gateway.domain.hsa import HsaId
from gateway.domain.law import (
    Limits,
    attachment_faults,
    case_faults,
    case_message_faults,
    case_warnings,
)
from gateway.domain.message import CaseMessage, MessageKind
from gateway.domain.person import PERSONNUMMER_OID, PersonId

TODAY = date(2026, 3, 2)
UNIT = HsaId("SE2321000016-2SG8")
BLANK = HsaId("SE2321000016-2SG8 ")
TOLVAN = PersonId(PERSONNUMMER_OID, "191212121212")
DOUBTFUL = PersonId(PERSONNUMMER_OID, "197404188888")
BROKEN = PersonId(PERSONNUMMER_OID, "19121212-1212")
TO_CARE = Receiver(ReceiverType.CARE, UNIT)
TO_COMMITTEE = Receiver(ReceiverType.COMMITTEE, HsaId("SE2321000016-PN"))
PDF = Attachment("intyg.pdf", "application/pdf", InMemory(b"%PDF"))
CASE = Case(
    case_id="1",
    kind=Kind.COMPLAINT,
    receiver=TO_CARE,
    event_date=TODAY,
    answer_wanted=AnswerWanted.INBOX,
    submitter=Submitter(TOLVAN),
    description="Jag fick vänta hela natten.",
)
CHILD = Patient(
    PersonId(PERSONNUMMER_OID, "200208012393"), Relation.GUARDIAN, power_of_attorney=False
)
MESSAGE = CaseMessage("m1", MessageKind.RECEIVED, datetime(2026, 3, 2, tzinfo=UTC), "2026-A-B")
SMALL = Limits(attachment_bytes=4, attachments=2, media_types=frozenset({"application/pdf"}))

# What differs from a case without faults, and the one rule it breaks, and where.
BROKEN_RULES = [
    ({"receiver": replace(TO_CARE, hsa_id=None)}, Rule.CARE_UNIT_MISSING, "receiver/hsaId"),
    ({"receiver": replace(TO_CARE, hsa_id=BLANK)}, Rule.HSA_ID_INVALID, "receiver/hsaId"),
    ({"receiver": replace(TO_CARE, place="hemma")}, Rule.PLACE_ON_CARE_CASE, "receiver/place"),
    ({"receiver": replace(TO_COMMITTEE, hsa_id=None)}, Rule.COMMITTEE_MISSING, "receiver/hsaId"),
    (
        {"receiver": replace(TO_COMMITTEE, care_unit=BLANK)},
        Rule.HSA_ID_INVALID,
        "receiver/careUnitHsaId",
    ),
    ({"event_date": TODAY + timedelta(days=1)}, Rule.EVENT_DATE_IN_FUTURE, "eventDate"),
    ({"event_date": date(1899, 12, 31)}, Rule.SCHEMA, "eventDate"),
    ({"submitter": Submitter(BROKEN)}, Rule.PERSON_ID_INVALID, "submitter/personId"),
    ({"patient": replace(CHILD, person_id=BROKEN)}, Rule.PERSON_ID_INVALID, "patient/personId"),
    (
        {"patient": replace(CHILD, relation=Relation.REPRESENTATIVE)},
        Rule.POWER_OF_ATTORNEY_MISSING,
        "patient/powerOfAttorney",
    ),
    ({"description": ""}, Rule.TEXT_MISSING, "description"),
    ({"description": " \n\t"}, Rule.TEXT_MISSING, "description"),
    ({"attachments": (PDF, PDF, PDF)}, Rule.TOO_MANY_ATTACHMENTS, "attachments"),
    (
        {"attachments": (PDF, replace(PDF, content=InMemory(b"%PDF-")))},
        Rule.ATTACHMENT_TOO_LARGE,
        "attachments/2",
    ),
    (
        {"attachments": (replace(PDF, media_type="text/html"),)},
        Rule.MEDIA_TYPE_NOT_ACCEPTED,
        "attachments/1",
    ),
]

ACCEPTED = [
    {},
    {"kind": Kind.FEEDBACK, "answer_wanted": AnswerWanted.NONE},
    {"event_date": date(1900, 1, 1)},
    {"receiver": TO_COMMITTEE},
    {"receiver": replace(TO_COMMITTEE, place="i väntrummet", care_unit=UNIT)},
    {"patient": CHILD},
    {"patient": replace(CHILD, relation=Relation.RELATED_PERSON)},
    {"patient": replace(CHILD, relation=Relation.REPRESENTATIVE, power_of_attorney=True)},
    {"submitter": Submitter(DOUBTFUL)},
    {"attachments": (PDF, PDF)},
]


@pytest.mark.parametrize("changes", ACCEPTED, ids=str)
def test_a_case_that_keeps_the_law_has_no_faults(changes):
    """DOMAIN A2 to A6, A8, A11: what may be submitted."""
    assert case_faults(replace(CASE, **changes), TODAY, SMALL) == []


@pytest.mark.parametrize(("changes", "rule", "where"), BROKEN_RULES)
def test_a_broken_rule_is_told_with_its_place(changes, rule, where):
    """DOMAIN A2 to A6, A8: which rule, and where in the request."""
    faults = case_faults(replace(CASE, **changes), TODAY, SMALL)
    assert [(fault.rule, fault.where) for fault in faults] == [(rule, where)]


def test_every_broken_rule_is_told_at_once():
    """DOMAIN A1: the sender mends everything in one go."""
    care = Receiver(ReceiverType.CARE, None, place="hemma", care_unit=BLANK)
    case = replace(CASE, receiver=care, submitter=Submitter(BROKEN), description="")
    assert [fault.rule for fault in case_faults(case, TODAY, SMALL)] == [
        Rule.CARE_UNIT_MISSING,
        Rule.PLACE_ON_CARE_CASE,
        Rule.HSA_ID_INVALID,
        Rule.PERSON_ID_INVALID,
        Rule.TEXT_MISSING,
    ]


def test_a_refusal_tells_nothing_about_the_people():
    """DOMAIN A8; DESIGN decision 11: no personal data in fault texts."""
    submitter = Submitter(BROKEN, "Tolvan Tolvansson", "070-1234567", "tolvan@example.se")
    patient = Patient(BROKEN, Relation.REPRESENTATIVE, power_of_attorney=False, name="Agda")
    receiver = Receiver(ReceiverType.CARE, None, place="hemma hos Agda")
    case = replace(CASE, submitter=submitter, patient=patient, receiver=receiver)
    words = str(Refusal(*case_faults(case, TODAY, SMALL)))
    for personal in (BROKEN.number, "Tolvan", "070", "@", "Agda", CASE.description):
        assert personal not in words


def test_doubts_are_told_by_place_and_without_the_number():
    """INTEROP §6.2: a wrong check digit is accepted with a warning."""
    case = replace(CASE, submitter=Submitter(DOUBTFUL), patient=replace(CHILD, person_id=DOUBTFUL))
    assert case_warnings(case) == (
        "submitter/personId: the check digit does not fit",
        "patient/personId: the check digit does not fit",
    )


def test_a_case_without_doubts_has_no_warnings():
    """INTEROP §6.2: the official test numbers are right."""
    assert case_warnings(replace(CASE, patient=CHILD)) == ()


def test_limits_of_attachments_are_five_mebibytes_and_ten_unless_set():
    """DOMAIN A10, D4: what a file may be."""
    full = replace(PDF, content=InMemory(bytes(5 * 1024 * 1024)))
    assert attachment_faults((full, *[PDF] * 9), Limits()) == []


def _said(kind, text):
    to = HsaId("SE2321000016-3C4D") if kind is MessageKind.FORWARD else None
    return replace(MESSAGE, kind=kind, text=text, forward_to=to)


@pytest.mark.parametrize("kind", MessageKind)
def test_a_message_with_its_words_has_no_faults(kind):
    """DOMAIN D2: what a holder may say."""
    message = _said(kind, "Vi har läst ditt ärende.")
    assert case_message_faults(message, SMALL) == []


@pytest.mark.parametrize("kind", MessageKind)
@pytest.mark.parametrize("text", [None, "", "  "])
def test_only_replies_and_requests_for_a_supplement_need_words(kind, text):
    """DOMAIN D2, D3: RECEIVED, IN_PROGRESS, FORWARD and CLOSED speak for themselves."""
    silent = {
        MessageKind.RECEIVED,
        MessageKind.IN_PROGRESS,
        MessageKind.FORWARD,
        MessageKind.CLOSED,
    }
    faults = case_message_faults(_said(kind, text), SMALL)
    wanted = [] if kind in silent else [(Rule.TEXT_MISSING, "text")]
    assert [(fault.rule, fault.where) for fault in faults] == wanted


def test_a_message_names_its_case_by_either_id():
    """DOMAIN D2: Växel's number, or the id that the holder gave it."""
    external = replace(MESSAGE, case_number=None, external_case_id="EXT-1")
    assert case_message_faults(external, SMALL) == []
    (fault,) = case_message_faults(replace(MESSAGE, case_number=None), SMALL)
    assert (fault.rule, fault.where) == (Rule.CASE_UNKNOWN, "caseNumber")


def test_the_attachments_of_a_message_keep_the_same_limits():
    """DOMAIN D4: a handler's files are checked as a citizen's are."""
    (fault,) = case_message_faults(replace(MESSAGE, attachments=(PDF, PDF, PDF)), SMALL)
    assert fault.rule is Rule.TOO_MANY_ATTACHMENTS


@pytest.mark.parametrize("name", ["Läkarbrev 2 (kopia).pdf", "a.b.c", "…", 'it\'s "here".png'])
def test_a_file_may_have_any_plain_name(name):
    """DOMAIN D4: people name their files as they like."""
    assert attachment_faults((replace(PDF, file_name=name),), SMALL) == []


@pytest.mark.parametrize(
    "name", ["", " ", ".", "..", "../x", "a/b.pdf", "a\\b", "a\nb", "a\x00", "\u202efdp.exe"]
)
def test_a_file_name_that_could_harm_whoever_writes_it_to_a_disk_is_refused(name):
    """DOMAIN D4: hostile until shown otherwise."""
    (fault,) = attachment_faults((replace(PDF, file_name=name),), SMALL)
    assert (fault.rule, fault.where) == (Rule.FILE_NAME_NOT_ACCEPTED, "attachments/1/fileName")


@pytest.mark.parametrize("media_type", ["Application/PDF", "application/pdf; charset=binary"])
def test_media_types_are_compared_as_the_web_does(media_type):
    """DOMAIN D4: letters' case and parameters make no other type."""
    assert attachment_faults((replace(PDF, media_type=media_type),), SMALL) == []


@pytest.mark.parametrize("rest", [";\r\nX-Evil: 1", ";€", "; charset", "; a=" + "a" * 127])
def test_a_media_type_that_no_header_can_carry_is_refused(rest):
    """DOMAIN D4: nobody could ever fetch the file."""
    file = replace(PDF, media_type=f"application/pdf{rest}")
    (fault,) = attachment_faults((file,), SMALL)
    assert (fault.rule, fault.where) == (Rule.MEDIA_TYPE_NOT_ACCEPTED, "attachments/1")


@pytest.mark.parametrize("kind", [kind for kind in MessageKind if kind != MessageKind.FORWARD])
def test_only_a_forward_says_where_to(kind):
    """DOMAIN D6: whoever took the wrong kind would believe that the case has moved."""
    message = replace(MESSAGE, kind=kind, text="Hej", forward_to=HsaId("SE2321000016-X"))
    (fault,) = case_message_faults(message, SMALL)
    assert (fault.rule, fault.where) == (Rule.EVENT_NOT_ACCEPTED, "forwardTo")
