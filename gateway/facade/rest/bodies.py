"""What comes in: the notation of a case and of a holder's message, as JSON bodies."""

from typing import Annotated, ClassVar

from pydantic import Discriminator, Field, Tag

from gateway.domain.case import AnswerWanted, Kind, ReceiverType, Relation
from gateway.domain.message import MessageKind
from gateway.domain.notation import Json
from gateway.domain.person import ANONYMOUS_OID
from gateway.facade.rest.faults import SENT_BEFORE, SENT_WITH
from gateway.facade.rest.handling_bodies import ClassificationFields, Code, Version
from gateway.facade.rest.shape import (
    Base64,
    Day,
    Email,
    FileName,
    HsaIdText,
    Id,
    Instant,
    MediaType,
    Name,
    Oid,
    PersonNumber,
    Phone,
    Place,
    Shape,
    Words,
)


class PersonIdBody(Shape):
    """A personal identity: which register, and the number in it."""

    oid: Oid = Field(
        description="1.2.752.129.2.1.3.1 personnummer, 1.2.752.129.2.1.3.3 samordningsnummer, "
        f"others reserve numbers. {ANONYMOUS_OID} is told of a submitter who has not said who "
        "they are, and taken from nobody.",
        examples=["1.2.752.129.2.1.3.1"],
    )
    number: PersonNumber = Field(description="Twelve characters.", examples=["191212121212"])

    EXAMPLE: ClassVar[Json] = {"oid": "1.2.752.129.2.1.3.1", "number": "191212121212"}


class ReceiverBody(Shape):
    """Where the citizen sends the case: to the care, or to the region's patients' committee."""

    type: ReceiverType
    hsa_id: HsaIdText | None = Field(
        None,
        description="The selected care unit, or the committee.",
        examples=["SE2321000016-1A2B"],
    )
    place: Place | None = Field(
        None,
        description="Where it happened, in free text; only to the committee.",
        examples=["Ambulansen från Solna"],
    )
    care_unit_hsa_id: HsaIdText | None = Field(
        None,
        description="The care unit where it happened; only to the committee.",
        examples=["SE2321000016-1A2B"],
    )

    EXAMPLE: ClassVar[Json] = {"type": "CARE", "hsaId": "SE2321000016-1A2B"}


class SubmitterBody(Shape):
    """The citizen who submits, signed in with an e-id; gets every further message."""

    person_id: PersonIdBody
    name: Name | None = Field(None, examples=["Tolvan Tolvansson"])
    phone: Phone | None = Field(None, examples=["070-1740605"])
    email: Email | None = Field(None, examples=["tolvan@example.com"])

    EXAMPLE: ClassVar[Json] = {"personId": PersonIdBody.EXAMPLE, "name": "Tolvan Tolvansson"}


class PatientBody(Shape):
    """A patient who is not the submitter."""

    person_id: PersonIdBody
    name: Name | None = Field(None, examples=["Elvan Elvansson"])
    relation: Relation
    power_of_attorney: bool = Field(
        description="Whether the submitter has one; a representative must.", examples=[False]
    )

    EXAMPLE: ClassVar[Json] = {
        "personId": {"oid": "1.2.752.129.2.1.3.1", "number": "200208012393"},
        "relation": "GUARDIAN",
        "powerOfAttorney": False,
    }


class AttachmentBody(Shape):
    """A file."""

    file_name: FileName = Field(examples=["brev.txt"])
    media_type: MediaType = Field(examples=["text/plain"])
    content: Base64 = Field(description="The bytes, in base64.", examples=["SGVq"])

    EXAMPLE: ClassVar[Json] = {
        "fileName": "brev.txt",
        "mediaType": "text/plain",
        "content": "SGVq",
    }


class SentAttachmentBody(Shape):
    """A file that its caller has sent by itself, with `uploadAttachment`."""

    attachment_id: Id = Field(examples=["0198f0a4-7c1e-7d3a-9b52-3f6f0c0a1b2c"])

    EXAMPLE: ClassVar[Json] = {"attachmentId": "0198f0a4-7c1e-7d3a-9b52-3f6f0c0a1b2c"}


def _which(item: object) -> str:
    # Asked of what comes in, and again of what was made of it.
    is_sent = isinstance(item, SentAttachmentBody)
    is_named = isinstance(item, dict) and "attachmentId" in item
    return SENT_BEFORE if is_sent or is_named else SENT_WITH


AnyAttachment = Annotated[
    Annotated[AttachmentBody, Tag(SENT_WITH)] | Annotated[SentAttachmentBody, Tag(SENT_BEFORE)],
    Discriminator(_which),
]
# Far above any limit that can be set; it keeps a hostile list from being read to its end.
Attachments = Annotated[list[AnyAttachment], Field(max_length=100)]


class WrittenFields(Shape):
    """What a citizen wrote, whoever they are."""

    kind: Kind
    receiver: ReceiverBody
    event_date: Day = Field(
        description="The day of the event; for a course of care, the day it began. "
        "Not in the future."
    )
    answer_wanted: AnswerWanted
    description: Words = Field(
        description="What happened, in the citizen's words; not only blanks.",
        examples=["Jag fick vänta i sex timmar."],
    )
    desired_outcome: Words | None = Field(
        None,
        description="What the citizen wishes to come of it.",
        examples=["Att ingen annan behöver vänta så länge."],
    )

    EXAMPLE: ClassVar[Json] = {
        "kind": "COMPLAINT",
        "receiver": ReceiverBody.EXAMPLE,
        "eventDate": "2026-03-01",
        "answerWanted": "INBOX",
        "description": "Jag fick vänta i sex timmar.",
    }


class CaseFields(WrittenFields):
    """What a citizen wrote, attachments apart."""

    case_id: Id = Field(
        description="The sender's own id of the case, and the key of the request: the same id "
        "with the same content again gets the same receipt.",
        examples=["e-1029"],
    )
    submitter: SubmitterBody
    patient: PatientBody | None = Field(
        None, description="Left out when the submitter is the patient."
    )

    EXAMPLE: ClassVar[Json] = {
        "caseId": "e-1029",
        **WrittenFields.EXAMPLE,
        "submitter": SubmitterBody.EXAMPLE,
    }


class CaseBody(CaseFields):
    """A complaint or a piece of feedback, as the citizen submitted it."""

    attachments: Attachments | None = None

    EXAMPLE: ClassVar[Json] = {**CaseFields.EXAMPLE, "attachments": [AttachmentBody.EXAMPLE]}


class SupplementBody(Shape):
    """What the citizen adds to a case later."""

    text: Words = Field(examples=["Det var den 1 mars, inte den 2."])
    attachments: Attachments | None = None

    EXAMPLE: ClassVar[Json] = {"text": "Det var den 1 mars, inte den 2."}


class MessageFields(Shape):
    """What is said about a case; replies, questions and requests need a text, or name one."""

    message_kind: MessageKind
    text: Words | None = Field(
        None, description="What the citizen reads.", examples=["Vi har talat med mottagningen."]
    )
    standard_text: Code | None = Field(
        None, description="A code of `/standard-texts`, instead of `text`.", examples=["WILL_CALL"]
    )
    attachments: Attachments | None = None
    attachments_allowed: bool | None = Field(
        None,
        description="With SUPPLEMENT_REQUEST: whether the citizen may attach files from now on; "
        "left out, it stays as it was.",
        examples=[True],
    )
    forward_to: HsaIdText | None = Field(
        None,
        description="The unit, committee or coordinator that FORWARD moves the case to.",
        examples=["SE2321000016-3C4D"],
    )

    EXAMPLE: ClassVar[Json] = {
        "messageKind": "FINAL_REPLY",
        "text": "Vi har talat med mottagningen.",
    }


class StaffMessageBody(MessageFields):
    """What a member of staff says about a case."""

    version: Version


class CaseMessageBody(MessageFields):
    """What an external case system says about a case it holds."""

    message_id: Id = Field(
        description="The sender's own id of the message, and the key of the request; a repeat "
        "has the same one and changes nothing.",
        examples=["m-77"],
    )
    sent_time: Instant
    case_number: Id | None = Field(
        None, description="Växel's number of the case.", examples=["2026-7F3K-9QWM2X"]
    )
    external_case_id: Id | None = Field(
        None, description="What the sender calls the case.", examples=["AVV-2026-118"]
    )
    classification: ClassificationFields | None = Field(
        None, description="What the case was found to be about."
    )
    care_unit_hsa_id: HsaIdText | None = Field(
        None,
        description="Where it happened, as the patients' committee found out; the case stays "
        "where it is.",
        examples=["SE2321000016-1A2B"],
    )

    EXAMPLE: ClassVar[Json] = {
        "messageId": "m-77",
        "sentTime": "2026-03-02T09:30:00+01:00",
        "caseNumber": "2026-7F3K-9QWM2X",
        **MessageFields.EXAMPLE,
    }
