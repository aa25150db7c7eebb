"""
The one notation of a case as plain JSON values, written and read by every door, store and adapter.

The keys are the same as the element names of the SOAP contracts. Absent things are left out, so
that two requests saying the same are equal whichever door they came through.
"""

import base64
from datetime import UTC, date, datetime
from typing import Any

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
    Supplement,
)
from gateway.domain.content import InMemory
from gateway.domain.forwarding import Past
from gateway.domain.handling import (
    Classification,
    classification_from_json,
    classification_to_json,
)
from gateway.domain.hsa import HsaId
from gateway.domain.message import CaseMessage, Message, MessageKind
from gateway.domain.person import PersonId

# JSON values: mappings as read from outside, already checked for shape by a door.
Json = dict[str, Any]

# Patterns of what a door takes in this notation. No text has characters that XML cannot carry: a
# case that came in as JSON leaves as SOAP just as well. A time is within what every clock and
# database can hold.
SPEAKABLE = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]*$"
INSTANT = (
    r"^(19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?"
    r"(Z|[+\-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00))$"
)


def case_to_json(case: Case, *, with_content: bool = True) -> Json:
    """Write a case; `with_content=False` leaves the bytes of the attachments out."""
    return _present(
        caseId=case.case_id,
        kind=case.kind.value,
        receiver=_receiver_to_json(case.receiver),
        eventDate=case.event_date.isoformat(),
        answerWanted=case.answer_wanted.value,
        submitter=_submitter_to_json(case.submitter),
        patient=_patient_to_json(case.patient) if case.patient else None,
        description=case.description,
        desiredOutcome=case.desired_outcome,
        attachments=_attachments_to_json(case.attachments, with_content=with_content),
    )


def case_from_json(json: Json) -> Case:
    """Read a case whose shape a door has checked."""
    return Case(
        case_id=json["caseId"],
        kind=Kind(json["kind"]),
        receiver=_receiver_from_json(json["receiver"]),
        event_date=date.fromisoformat(json["eventDate"]),
        answer_wanted=AnswerWanted(json["answerWanted"]),
        submitter=_submitter_from_json(json["submitter"]),
        patient=_patient_from_json(json["patient"]) if json.get("patient") else None,
        description=json["description"],
        desired_outcome=json.get("desiredOutcome"),
        attachments=_attachments_from_json(json),
    )


def supplement_to_json(supplement: Supplement, *, with_content: bool = True) -> Json:
    """Write a supplement."""
    return _present(
        text=supplement.text,
        attachments=_attachments_to_json(supplement.attachments, with_content=with_content),
    )


def supplement_from_json(json: Json) -> Supplement:
    """Read a supplement whose shape a door has checked."""
    return Supplement(json["text"], _attachments_from_json(json))


def message_to_json(message: Message, *, with_content: bool = True) -> Json:
    """Write what a destination must know; `with_content=False` leaves the bytes of files out."""
    added = message.supplement
    return _present(
        messageId=message.message_id,
        caseEvent=message.event.value,
        caseNumber=message.case_number,
        sentTime=_instant(message.created_at),
        case=case_to_json(message.case, with_content=with_content),
        supplement=supplement_to_json(added, with_content=with_content) if added else None,
        reason=message.reason,
        forwardedTo=message.forwarded_to.text if message.forwarded_to else None,
        history=[past_to_json(past, with_content=with_content) for past in message.history],
    )


def case_message_to_json(message: CaseMessage, *, with_content: bool = True) -> Json:
    """Write what a holder posted."""
    return _present(
        messageId=message.message_id,
        messageKind=message.kind.value,
        sentTime=_instant(message.sent_at),
        caseNumber=message.case_number,
        externalCaseId=message.external_case_id,
        text=message.text,
        attachments=_attachments_to_json(message.attachments, with_content=with_content),
        forwardTo=message.forward_to.text if message.forward_to else None,
        standardText=message.standard_text,
        attachmentsAllowed=message.attachments_allowed,
        classification=_classification_to_json(message.classification),
        careUnitHsaId=message.care_unit.text if message.care_unit else None,
    )


def case_message_from_json(json: Json) -> CaseMessage:
    """Read what a holder posted, its shape checked by a door."""
    return CaseMessage(
        message_id=json["messageId"],
        kind=MessageKind(json["messageKind"]),
        sent_at=datetime.fromisoformat(json["sentTime"]),
        case_number=json.get("caseNumber"),
        external_case_id=json.get("externalCaseId"),
        text=json.get("text"),
        attachments=_attachments_from_json(json),
        forward_to=_hsa(json.get("forwardTo")),
        standard_text=json.get("standardText"),
        attachments_allowed=json.get("attachmentsAllowed"),
        classification=_classification_from_json(json.get("classification")),
        care_unit=_hsa(json.get("careUnitHsaId")),
    )


def past_to_json(past: Past, *, with_content: bool = True) -> Json:
    """Write what was said before; without `with_content` the bytes of its files are left out."""
    return _present(
        historyKind=past.kind.value,
        sentTime=_instant(past.at),
        senderHsaId=past.sender.hsa_id.text if past.sender else None,
        senderName=past.sender.name if past.sender else None,
        text=past.text,
        attachments=_attachments_to_json(past.attachments, with_content=with_content),
    )


def person_id_from_json(json: Json) -> PersonId:
    """Read a personal identity."""
    return PersonId(json["oid"], json["number"])


def attachment_from_json(json: Json) -> Attachment:
    """Read a file."""
    content = InMemory(base64.b64decode(json.get("content", "")))
    return Attachment(json["fileName"], json["mediaType"], content)


def _person_id_to_json(person: PersonId) -> Json:
    return {"oid": person.oid, "number": person.number}


def _receiver_to_json(receiver: Receiver) -> Json:
    return _present(
        type=receiver.type.value,
        hsaId=receiver.hsa_id.text if receiver.hsa_id else None,
        place=receiver.place,
        careUnitHsaId=receiver.care_unit.text if receiver.care_unit else None,
    )


def _receiver_from_json(json: Json) -> Receiver:
    return Receiver(
        type=ReceiverType(json["type"]),
        hsa_id=_hsa(json.get("hsaId")),
        place=json.get("place"),
        care_unit=_hsa(json.get("careUnitHsaId")),
    )


def _submitter_to_json(submitter: Submitter) -> Json:
    return _present(
        personId=_person_id_to_json(submitter.person_id),
        name=submitter.name,
        phone=submitter.phone,
        email=submitter.email,
    )


def _submitter_from_json(json: Json) -> Submitter:
    return Submitter(
        person_id_from_json(json["personId"]),
        json.get("name"),
        json.get("phone"),
        json.get("email"),
    )


def _patient_to_json(patient: Patient) -> Json:
    return _present(
        personId=_person_id_to_json(patient.person_id),
        name=patient.name,
        relation=patient.relation.value,
        powerOfAttorney=patient.power_of_attorney,
    )


def _patient_from_json(json: Json) -> Patient:
    return Patient(
        person_id=person_id_from_json(json["personId"]),
        relation=Relation(json["relation"]),
        power_of_attorney=json["powerOfAttorney"],
        name=json.get("name"),
    )


def _classification_to_json(given: Classification | None) -> Json | None:
    return None if given is None else classification_to_json(given)


def _classification_from_json(json: Json | None) -> Classification | None:
    return None if json is None else classification_from_json(json)


def _attachments_to_json(attachments: tuple[Attachment, ...], *, with_content: bool) -> list[Json]:
    return [_attachment_to_json(a, with_content=with_content) for a in attachments]


def _attachment_to_json(attachment: Attachment, *, with_content: bool) -> Json:
    content = base64.b64encode(attachment.read()).decode() if with_content else None
    return _present(
        fileName=attachment.file_name, mediaType=attachment.media_type, content=content
    )


def _attachments_from_json(json: Json) -> tuple[Attachment, ...]:
    # A file that a door has read, or found, already stands for itself.
    return tuple(
        one if isinstance(one, Attachment) else attachment_from_json(one)
        for one in json.get("attachments", ())
    )


def _instant(at: datetime) -> str:
    # The same instant is the same text, whichever zone a door or a database told it in.
    return at.astimezone(UTC).isoformat()


def _hsa(text: str | None) -> HsaId | None:
    return None if text is None else HsaId(text)


def _present(**values: Any) -> Json:  # any JSON value
    return {key: value for key, value in values.items() if value not in (None, [])}
