"""What a request must be for Växel to take it in, beyond its shape; every broken rule is told."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from gateway.domain import person
from gateway.domain.case import (
    Attachment,
    Case,
    Patient,
    Receiver,
    ReceiverType,
    Relation,
    Supplement,
)
from gateway.domain.coding import classification_faults, standard_text_faults
from gateway.domain.errors import Fault, Rule
from gateway.domain.hsa import HsaId, is_loose
from gateway.domain.message import KINDS_WITH_TEXT, CaseMessage, MessageKind
from gateway.domain.person import PersonId, without_numbers
from gateway.domain.sniffing import is_media_type, kind_of

# It is told with other words around it, within what a text may be in the contracts.
LONGEST_REASON = 10_000
# No contract of ours can say a day before it: whatever looks like one was typed half.
FIRST_DAY = date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class Limits:
    """What attachments may be; sizes in bytes."""

    attachment_bytes: int = 5 * 1024 * 1024
    attachments: int = 10
    media_types: frozenset[str] = frozenset(
        {"application/pdf", "image/jpeg", "image/png", "text/plain"}
    )


def case_faults(case: Case, today: date, limits: Limits) -> list[Fault]:
    """
    Tell every rule that a submitted case breaks (DOMAIN A2–A6, A8).

    `today` is the date in Sweden.
    """
    return [
        *receiver_faults(case.receiver),
        *event_date_faults(case.event_date, today),
        *_person_faults(case.submitter.person_id, "submitter/personId"),
        *(_patient_faults(case.patient) if case.patient else ()),
        *text_faults(case.description, "description"),
        *attachment_faults(case.attachments, limits),
    ]


def case_warnings(case: Case) -> tuple[str, ...]:
    """Tell what was accepted but looks wrong, without any personal data in the words."""
    people = [("submitter/personId", case.submitter.person_id)]
    if case.patient:
        people.append(("patient/personId", case.patient.person_id))
    return tuple(f"{where}: {text}" for where, who in people for text in person.warnings(who))


def supplement_faults(supplement: Supplement, limits: Limits) -> list[Fault]:
    """Tell every rule that a supplement breaks: it says something, or brings a file (A10)."""
    says = () if supplement.attachments else text_faults(supplement.text, "supplement/text")
    return [*says, *attachment_faults(supplement.attachments, limits)]


def case_message_faults(message: CaseMessage, limits: Limits) -> list[Fault]:
    """Tell every rule that a holder's message breaks on its own (DOMAIN D2)."""
    return [
        *_naming_faults(message),
        *standard_text_faults(message),
        *_handling_faults(message),
        *attachment_faults(message.attachments, limits),
    ]


def forward_faults(to: HsaId | None, text: str | None) -> Iterator[Fault]:
    """Tell every rule that the asking for a forward breaks on its own (DOMAIN D6)."""
    if to is None:
        words = "say where to, by the HSA-id of a unit, a committee or a coordinator"
        yield Fault(Rule.FORWARD_TO_MISSING, "forwardTo", words)
    yield from named_hsa_faults(to, "forwardTo")
    if text and len(text) > LONGEST_REASON:
        words = f"{len(text)} characters; a word on the way has at most {LONGEST_REASON}"
        yield Fault(Rule.SCHEMA, "text", words)


def hsa_faults(hsa_id: HsaId | None, where: str) -> Iterator[Fault]:
    """Tell what is wrong with an HSA-id that somebody gave, if they did."""
    if hsa_id is not None and not is_loose(hsa_id.text):
        words = "letters, digits, '-' and '_' only, 1 to 255 characters, no blanks"
        yield Fault(Rule.HSA_ID_INVALID, where, words)


def named_hsa_faults(hsa_id: HsaId | None, where: str) -> Iterator[Fault]:
    """Tell what is wrong with an HSA-id that goes on a timeline, which outlives all (E4, G3)."""
    yield from hsa_faults(hsa_id, where)
    if hsa_id is not None and without_numbers(hsa_id.text) != hsa_id.text:
        words = "it looks like a personal number; give the HSA-id from the directory"
        yield Fault(Rule.HSA_ID_INVALID, where, words)


def receiver_faults(receiver: Receiver) -> Iterator[Fault]:
    """Tell what is wrong with where a case is sent (DOMAIN A2, A3)."""
    if receiver.type is ReceiverType.CARE:
        yield from _care_faults(receiver)
    elif receiver.hsa_id is None:
        words = "say which committee by its HSA-id"
        yield Fault(Rule.COMMITTEE_MISSING, "receiver/hsaId", words)
    yield from hsa_faults(receiver.hsa_id, "receiver/hsaId")
    yield from hsa_faults(receiver.care_unit, "receiver/careUnitHsaId")


def event_date_faults(event_date: date, today: date) -> Iterator[Fault]:
    """Tell what is wrong with the day of an event; `today` is the date in Sweden (A4)."""
    if event_date > today:
        words = "the event cannot be after today; for a course of care give the day it began"
        yield Fault(Rule.EVENT_DATE_IN_FUTURE, "eventDate", words)
    if event_date < FIRST_DAY:
        yield Fault(Rule.SCHEMA, "eventDate", f"a day cannot be before {FIRST_DAY}")


def text_faults(text: str | None, where: str) -> Iterator[Fault]:
    """Tell when nothing is said where something must be."""
    if not (text and text.strip()):
        yield Fault(Rule.TEXT_MISSING, where, "say something; nothing or only blanks were sent")


def attachment_faults(attachments: tuple[Attachment, ...], limits: Limits) -> list[Fault]:
    """Tell what is wrong with the attachments, by their number counted from 1."""
    if len(attachments) > limits.attachments:
        words = f"{len(attachments)} were sent; send at most {limits.attachments}"
        return [Fault(Rule.TOO_MANY_ATTACHMENTS, "attachments", words)]
    return [f for n, a in enumerate(attachments, 1) for f in _attachment_faults(n, a, limits)]


def file_faults(file_name: str, media_type: str, where: str, limits: Limits) -> Iterator[Fault]:
    """Tell what is wrong with a file before anything is known of its bytes."""
    if not _is_plain_name(file_name):
        words = "a plain file name without path, control characters or blanks alone"
        yield Fault(Rule.FILE_NAME_NOT_ACCEPTED, f"{where}/fileName", words)
    if kind_of(media_type) not in limits.media_types:
        words = f"the media type must be one of {', '.join(sorted(limits.media_types))}"
        yield Fault(Rule.MEDIA_TYPE_NOT_ACCEPTED, where, words)
    elif not is_media_type(media_type):
        words = "write the media type as it stands in a header: text/plain; charset=utf-8"
        yield Fault(Rule.MEDIA_TYPE_NOT_ACCEPTED, where, words)


def _is_plain_name(name: str) -> bool:
    # Whoever gets the file may write it to a disk under this name.
    return name.isprintable() and not set(name) & set("/\\") and name.strip(" .") != ""


def _care_faults(receiver: Receiver) -> Iterator[Fault]:
    if receiver.hsa_id is None:
        words = "a case to the care names its unit by HSA-id; who does not know it, sends the case to the patients' committee"  # noqa: E501 one sentence
        yield Fault(Rule.CARE_UNIT_MISSING, "receiver/hsaId", words)
    if receiver.place is not None:
        words = "only the patients' committee takes a place in free text; leave it out"
        yield Fault(Rule.PLACE_ON_CARE_CASE, "receiver/place", words)


def _person_faults(who: PersonId, where: str) -> Iterator[Fault]:
    for words in person.faults(who):
        yield Fault(Rule.PERSON_ID_INVALID, where, words)


def _patient_faults(patient: Patient) -> Iterator[Fault]:
    yield from _person_faults(patient.person_id, "patient/personId")
    if patient.relation is Relation.REPRESENTATIVE and not patient.power_of_attorney:
        words = "a representative must have a power of attorney; a guardian need not"
        yield Fault(Rule.POWER_OF_ATTORNEY_MISSING, "patient/powerOfAttorney", words)


def _naming_faults(message: CaseMessage) -> Iterator[Fault]:
    if message.case_number is None and message.external_case_id is None:
        words = "name the case by caseNumber or by externalCaseId"
        yield Fault(Rule.CASE_UNKNOWN, "caseNumber", words)
    if message.forward_to is not None and message.kind is not MessageKind.FORWARD:
        words = "only a FORWARD has it; nothing is forwarded by any other kind"
        yield Fault(Rule.EVENT_NOT_ACCEPTED, "forwardTo", words)
    if message.kind is MessageKind.FORWARD:
        yield from forward_faults(message.forward_to, message.text)
    if message.kind in KINDS_WITH_TEXT:
        yield from text_faults(message.text or message.standard_text, "text")


def _handling_faults(message: CaseMessage) -> Iterator[Fault]:
    asks = message.kind is MessageKind.SUPPLEMENT_REQUEST
    if message.attachments_allowed is not None and not asks:
        words = "only a SUPPLEMENT_REQUEST says whether files may be attached"
        yield Fault(Rule.EVENT_NOT_ACCEPTED, "attachmentsAllowed", words)
    if message.classification is not None:
        yield from classification_faults(message.classification, "classification/")
    yield from named_hsa_faults(message.care_unit, "careUnitHsaId")
    notes = message.classification or message.care_unit
    if notes and message.kind is MessageKind.FORWARD:
        words = "who gets the case classifies it; say it in a message of its own before"
        yield Fault(Rule.EVENT_NOT_ACCEPTED, "classification", words)


def _attachment_faults(number: int, attachment: Attachment, limits: Limits) -> Iterator[Fault]:
    where = f"attachments/{number}"
    if attachment.content.size > limits.attachment_bytes:
        words = f"{attachment.content.size} bytes; at most {limits.attachment_bytes}"
        yield Fault(Rule.ATTACHMENT_TOO_LARGE, where, words)
    yield from file_faults(attachment.file_name, attachment.media_type, where, limits)
