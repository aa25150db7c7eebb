"""What comes in: the notation of a case and of a holder's message, as JSON bodies."""

from typing import ClassVar

from pydantic import Field

from gateway.domain.case import AnswerWanted, Kind, ReceiverType, Relation
from gateway.domain.notation import Json
from gateway.domain.person import ANONYMOUS_OID
from gateway.facade.rest.handling_bodies import Version
from gateway.shapes.case_message import AttachmentBody, Attachments, MessageFields
from gateway.shapes.shape import (
    Day,
    Email,
    HsaIdText,
    Id,
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


class StaffMessageBody(MessageFields):
    """What a member of staff says about a case."""

    version: Version
