"""The messages that the contract suite sends through every adapter."""

from dataclasses import replace

from gateway.adapter import CaseEvent, Message
from gateway.domain.case import Patient, Relation, Submitter
from gateway.domain.forwarding import Past, PastKind, Place
from gateway.domain.hsa import HsaId
from gateway.domain.person import ANONYMOUS_OID, PersonId
from gateway.testing.builders import (
    AGDA,
    TOLVAN,
    make_attachment,
    make_case,
    make_message,
    make_supplement,
)

ATTACHMENTS = (
    make_attachment(file_name="kvitto-klas.pdf", content=bytes(range(256))),
    make_attachment(file_name="tom-klas.txt", media_type="text/plain", content=b""),
)
CASE = make_case(
    case_id="c-1",
    submitter=Submitter(TOLVAN, "Klas Testsson", "0701234567", "klas@x.test"),
    patient=Patient(AGDA, Relation.RELATED_PERSON, power_of_attorney=True, name="Agda Testsson"),
    description="Vi fick vänta i fyra timmar.",
    desired_outcome="En ursäkt från verksamhetschefen.",
)
PERSONAL = (
    *(TOLVAN.number, AGDA.number, "Testsson", "0701234567", "klas@x.test"),
    *("fyra timmar", "ursäkt", "inte fått svar", "kvitto", "tom-klas"),
    *("ser på saken", "hände på akuten"),
)


def submitted() -> Message:
    """Make a case on its way to its holder."""
    return make_message(message_id="m-1", case_number="26-000001", case=CASE)


def with_attachments() -> Message:
    """Make a case with files, one of them with every byte there is."""
    return replace(submitted(), case=replace(CASE, attachments=ATTACHMENTS))


def supplemented() -> Message:
    """Make what the citizen added later."""
    added = make_supplement(text="Vi har ännu inte fått svar.", attachments=ATTACHMENTS[:1])
    event = CaseEvent.SUPPLEMENTED
    return replace(submitted(), message_id="m-2", event=event, supplement=added)


def forwarded() -> Message:
    """Make a case that comes from another holder, with what was said before and files."""
    there, at = Place(HsaId("SE2321000016-9Z"), "Kirurgen"), submitted().created_at
    said = Past(PastKind.PARTIAL_REPLY, at, "Vi ser på saken.", there, ATTACHMENTS[1:])
    added = Past(PastKind.SUPPLEMENTED, at, "Vi har ännu inte fått svar.", None, ATTACHMENTS[:1])
    return replace(
        with_attachments(),
        message_id="m-4",
        event=CaseEvent.FORWARDED,
        reason="Det hände på akuten.",
        forwarded_to=HsaId("SE2321000016-3C4D"),
        history=(said, added),
    )


def anonymous() -> Message:
    """Make a case of somebody who has not said who they are."""
    submitter = Submitter(PersonId(ANONYMOUS_OID, "7F3K9QWM2X41"))
    return replace(submitted(), case=replace(CASE, submitter=submitter, patient=None))


def withdrawn() -> Message:
    """Make the citizen's withdrawal."""
    return replace(submitted(), message_id="m-3", event=CaseEvent.WITHDRAWN)
