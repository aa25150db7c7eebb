"""What a holder says about a case, as JSON: one shape over REST and in a file."""

from typing import Annotated, ClassVar

from pydantic import Discriminator, Field, Tag

from gateway.domain.errors import Fault, Refusal, Rule
from gateway.domain.message import CaseMessage, MessageKind
from gateway.domain.notation import Json, case_message_from_json
from gateway.shapes.faults import SENT_BEFORE, SENT_WITH
from gateway.shapes.reading import read_shape
from gateway.shapes.shape import Base64, FileName, HsaIdText, Id, Instant, MediaType, Shape, Words


def read_case_message(content: bytes) -> CaseMessage:
    """
    Read what a holder posts, with its files whole in it.

    Raises Refusal with every fault of its shape, in the words of the REST API.
    """
    body = read_shape(content, CaseMessageBody)
    faults = [
        Fault(Rule.SCHEMA, f"attachments/{place}/attachmentId", _ONLY_OVER_REST)
        for place, file in enumerate(body.get("attachments", ()), start=1)
        if "attachmentId" in file
    ]
    if faults:
        raise Refusal(*faults)
    return case_message_from_json(body)


_ONLY_OVER_REST = "is for messages over REST; send the file whole, in content"


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


Code = Annotated[str, Field(max_length=64)]


class ClassificationFields(Shape):
    """What a case is about, by codes of `/problem-categories` and `/fields-of-operation`."""

    problems: Annotated[list[Code], Field(max_length=20)] = Field(
        description="Main problems or sub-problems, the weightiest first.", examples=[["3.4"]]
    )
    field_of_operation: Code | None = Field(None, examples=["SOMATIC_CARE"])
    perceived_problem: Code | None = Field(
        None, description="The problem as the patient perceives it.", examples=["6.2"]
    )

    EXAMPLE: ClassVar[Json] = {
        "problems": ["3.4"],
        "fieldOfOperation": "SOMATIC_CARE",
        "perceivedProblem": "6.2",
    }


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
