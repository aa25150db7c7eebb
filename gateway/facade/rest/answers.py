"""The answers that several resources share: receipts, and where a case stands."""

from typing import Any, ClassVar

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from gateway.domain.case import Attachment, Kind
from gateway.domain.lifecycle import CaseState
from gateway.domain.notation import Json
from gateway.domain.registration import Channel
from gateway.facade.rest.entrance import visit_of
from gateway.facade.rest.resource import Answer
from gateway.facade.rest.shape import Time, Told
from gateway.flow.ports import CaseRecord, Kept

A_CASE_NUMBER = "2026-7F3K-9QWM2X"
A_UNIT = "SE2321000016-1A2B"


class ReceiptAnswer(Told):
    """It is on disk; a repeat gets the same receipt."""

    case_number: str = Field(description="Växel's number of the case.", examples=[A_CASE_NUMBER])
    received_time: Time
    warnings: tuple[str, ...] = Field(
        (), description="What was accepted but looks wrong; no personal data."
    )

    EXAMPLE: ClassVar[Json] = {
        "caseNumber": A_CASE_NUMBER,
        "receivedTime": "2026-03-02T08:30:00Z",
        "warnings": ["submitter/personId: the check digit does not fit"],
    }


REPEATED = Answer(200, "A repeat: the receipt of the first time.", ReceiptAnswer)


class CaseStanding(Told):
    """Where a case stands, without anything of what was written."""

    case_number: str = Field(examples=[A_CASE_NUMBER])
    kind: Kind
    case_state: CaseState
    region: str = Field(examples=["stockholm"])
    unit_hsa_id: str = Field(description="The unit that was selected.", examples=[A_UNIT])
    unit_name: str = Field(examples=["Akutmottagningen Solna"])
    forwarded_to: str | None = Field(
        None,
        description="The unit, committee or coordinator that has a forwarded case now.",
        examples=["SE2321000016-3C4D"],
    )
    forwarded_to_name: str | None = Field(None, examples=["Vårdcentralen Björken"])
    destination: str = Field(examples=["stockholm/avvikelse"])
    holder_hsa_id: str = Field(description="Who may answer it.", examples=["SE2321000016-AVV1"])
    sender_hsa_id: str = Field(
        description="The e-service it came from, or who registered it.",
        examples=["SE5560000000-E177"],
    )
    received_time: Time
    due_time: Time | None = Field(
        None, description="When a complaint should be answered at the latest."
    )
    external_case_id: str | None = Field(
        None, description="What the holder calls the case.", examples=["AVV-2026-118"]
    )
    channel: Channel | None = Field(
        None, description="How a case came in that its holder has registered."
    )

    EXAMPLE: ClassVar[Json] = {
        "caseNumber": A_CASE_NUMBER,
        "kind": "COMPLAINT",
        "caseState": "RECEIVED",
        "region": "stockholm",
        "unitHsaId": A_UNIT,
        "unitName": "Akutmottagningen Solna",
        "destination": "stockholm/avvikelse",
        "holderHsaId": "SE2321000016-AVV1",
        "senderHsaId": "SE5560000000-E177",
        "receivedTime": "2026-03-02T08:30:00Z",
        "dueTime": "2026-03-30T08:30:00Z",
    }


class AttachmentAnswer(Told):
    """A file that can be fetched by its number."""

    number: int = Field(description="Counted from 1.", examples=[1])
    file_name: str = Field(examples=["brev.txt"])
    media_type: str = Field(examples=["text/plain"])

    EXAMPLE: ClassVar[Json] = {"number": 1, "fileName": "brev.txt", "mediaType": "text/plain"}


def standing(record: CaseRecord) -> dict[str, Any]:  # the fields of CaseStanding
    """Give the fields of where a case stands."""
    return {
        "case_number": record.number,
        "kind": record.kind,
        "case_state": record.state,
        "region": record.region,
        "unit_hsa_id": record.unit.text,
        "unit_name": record.unit_name,
        "forwarded_to": record.at.hsa_id.text if record.forwards else None,
        "forwarded_to_name": record.at.name if record.forwards else None,
        "destination": record.destination,
        "holder_hsa_id": record.holder.text,
        "sender_hsa_id": record.sender.text,
        "received_time": record.received_at,
        "due_time": record.due_at,
        "external_case_id": record.external_case_id,
        "channel": record.channel,
    }


def listed(attachments: tuple[Attachment, ...], first: int = 1) -> tuple[AttachmentAnswer, ...]:
    """List files without their content, numbered from `first`."""
    return tuple(
        AttachmentAnswer(number=number, file_name=a.file_name, media_type=a.media_type)
        for number, a in enumerate(attachments, first)
    )


def receipt(request: Request, kept: Kept, headers: dict[str, str] | None = None) -> Response:
    """Answer 201, or 200 with the very same receipt when it was a repeat."""
    visit_of(request).case_number = kept.receipt.case_number
    written = ReceiptAnswer(
        case_number=kept.receipt.case_number,
        received_time=kept.receipt.received_at,
        warnings=kept.receipt.warnings,
    )
    return told(written, 200 if kept.repeated else 201, headers)


def told(answer: Told, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Answer with JSON; what there is not is left out."""
    body = answer.model_dump_json(by_alias=True, exclude_none=True)
    return Response(body, status, headers, "application/json")
