"""Pickups: a case system that cannot be called fetches what waits for it (DOMAIN C5)."""

from typing import ClassVar

import orjson
from anyio.to_thread import run_sync
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from gateway.adapter import Delivered, Refused
from gateway.domain.case import CaseEvent
from gateway.domain.errors import ContentLost, Fault, Refusal, Rule
from gateway.domain.forwarding import PastKind
from gateway.domain.lifecycle import DeliveryState
from gateway.domain.notation import Json, message_to_json
from gateway.facade.rest.answers import A_CASE_NUMBER, told
from gateway.facade.rest.bodies import CaseFields
from gateway.facade.rest.entrance import known_caller, visit_of
from gateway.facade.rest.parameters import DeliveryId, Limit
from gateway.facade.rest.reading import read_json
from gateway.facade.rest.resource import Answer, Resource
from gateway.facade.rest.shape import Time, Told
from gateway.flow.caller import Caller
from gateway.flow.pickups import LEASE, Pickups
from gateway.flow.ports import Claimed, DeliveryRecord
from gateway.shapes.case_message import AttachmentBody
from gateway.shapes.shape import Id, Shape

_DELIVERY_ID = "0198f0a4-7c1e-7d3a-9b52-3f6f0c0a1b2c"


class PickupCase(CaseFields, Told):
    """What the citizen wrote; its files come only with the case itself."""

    attachments: tuple[AttachmentBody, ...] = ()

    EXAMPLE: ClassVar[Json] = {**CaseFields.EXAMPLE, "attachments": [AttachmentBody.EXAMPLE]}


class PickupSupplement(Told):
    """What the citizen has added."""

    text: str = Field(examples=["Det var den 1 mars, inte den 2."])
    attachments: tuple[AttachmentBody, ...] = ()

    EXAMPLE: ClassVar[Json] = {"text": "Det var den 1 mars, inte den 2."}


class PickupPast(Told):
    """One thing that a holder or the citizen has said before the case came to you."""

    history_kind: PastKind
    sent_time: Time
    sender_hsa_id: str | None = Field(
        None, description="Left out when the citizen said it.", examples=["SE2321000016-1A2B"]
    )
    sender_name: str | None = Field(None, examples=["Akutmottagningen Solna"])
    text: str = Field(examples=["Vi har talat med mottagningen."])
    attachments: tuple[AttachmentBody, ...] = ()

    EXAMPLE: ClassVar[Json] = {
        "historyKind": "PARTIAL_REPLY",
        "sentTime": "2026-03-02T08:30:00Z",
        "senderHsaId": "SE2321000016-1A2B",
        "senderName": "Akutmottagningen Solna",
        "text": "Vi har talat med mottagningen.",
    }


class PickupMessage(Told):
    """What a webhook brings to those that can be called."""

    message_id: str = Field(
        description="The same each time: a repeat is told by it.", examples=[_DELIVERY_ID]
    )
    case_event: CaseEvent
    case_number: str = Field(examples=[A_CASE_NUMBER])
    sent_time: Time
    case: PickupCase
    supplement: PickupSupplement | None = None
    reason: str | None = Field(
        None, description="Why the case was forwarded.", examples=["Det hände hos er."]
    )
    forwarded_to: str | None = Field(
        None,
        description="Where a forwarded case stands now, while `receiver` is what was selected.",
        examples=["SE2321000016-3C4D"],
    )
    history: tuple[PickupPast, ...] = Field(
        (), description="With FORWARDED: what was said about the case before, oldest first."
    )

    EXAMPLE: ClassVar[Json] = {
        "messageId": _DELIVERY_ID,
        "caseEvent": "SUBMITTED",
        "caseNumber": A_CASE_NUMBER,
        "sentTime": "2026-03-02T08:30:00Z",
        "case": PickupCase.EXAMPLE,
    }


class Pickup(Told):
    """One thing to keep, and until when nobody else gets it."""

    delivery_id: str = Field(examples=[_DELIVERY_ID])
    lease_time: Time = Field(description="Without a receipt by then it can be fetched again.")
    message: PickupMessage

    EXAMPLE: ClassVar[Json] = {
        "deliveryId": _DELIVERY_ID,
        "leaseTime": "2026-03-02T08:45:00Z",
        "message": PickupMessage.EXAMPLE,
    }


class PickupList(Told):
    """What was fetched, the oldest first; each is yours until its lease ends."""

    items: tuple[Pickup, ...]

    EXAMPLE: ClassVar[Json] = {"items": [Pickup.EXAMPLE]}


class PickupReceiptBody(Shape):
    """What became of it: kept, unless it says `refused`."""

    external_case_id: Id | None = Field(
        None, description="What you call the case.", examples=["AVV-2026-118"]
    )
    refused: Id | None = Field(
        None,
        description="Why you never will take it, without personal data; a human looks.",
        examples=["the unit is closed here"],
    )

    EXAMPLE: ClassVar[Json] = {"externalCaseId": "AVV-2026-118"}


class PickupReceiptAnswer(Told):
    """Where the delivery stands; a repeat of the receipt gets the same."""

    delivery_id: str = Field(examples=[_DELIVERY_ID])
    case_number: str = Field(examples=[A_CASE_NUMBER])
    state: DeliveryState
    external_case_id: str | None = Field(None, examples=["AVV-2026-118"])
    refused: str | None = Field(None, examples=["the unit is closed here"])

    EXAMPLE: ClassVar[Json] = {
        "deliveryId": _DELIVERY_ID,
        "caseNumber": A_CASE_NUMBER,
        "state": "DELIVERED",
        "externalCaseId": "AVV-2026-118",
    }


async def fetch_pickups(request: Request, limit: Limit = 20) -> Response:
    """Fetch what waits for you.

    For case systems that cannot be called: the oldest first, yours alone for ten minutes. What has
    no receipt by then is given again, with the same `messageId`. The next message of a case comes
    when the one before it has its receipt. Large attachments may make the list shorter than asked.
    """
    pickups = visit_of(request).doors.pickups
    body = await run_sync(_fetched, pickups, known_caller(request), limit)
    return Response(body, media_type="application/json")


async def post_receipt(request: Request, delivery: DeliveryId) -> Response:
    """Post the receipt of a delivery.

    Post it when the message is safe with you: it is not given again. A repeat changes nothing and
    gets the same answer.
    """
    outcome = _outcome(await read_json(request, PickupReceiptBody))
    visit = visit_of(request)
    caller = known_caller(request)
    record = await run_sync(visit.doors.pickups.receive, delivery, outcome, caller)
    visit.case_number = record.case_number
    return told(_receipt(record))


def _fetched(pickups: Pickups, caller: Caller, limit: int) -> bytes:
    # Not through PickupList: what was kept is told, even if it could not come in today.
    items = []
    for claim in pickups.fetch(caller, limit):
        try:
            items.append(_pickup(claim))
        except ContentLost as error:
            # The others go on.
            pickups.lost(claim, error)
    return orjson.dumps({"items": items})


def _pickup(claim: Claimed) -> Json:
    return {
        "deliveryId": str(claim.id),
        "leaseTime": (claim.claimed_at + LEASE).isoformat(),
        "message": message_to_json(claim.message),
    }


def _outcome(body: Json) -> Delivered | Refused:
    match body:
        case {"refused": _, "externalCaseId": _}:
            words = "either you have it or you refuse it; leave one of them out"
            raise Refusal(Fault(Rule.SCHEMA, "refused", words))
        case {"refused": reason}:
            return Refused(reason)
        case _:
            return Delivered(body.get("externalCaseId"))


def _receipt(record: DeliveryRecord) -> PickupReceiptAnswer:
    return PickupReceiptAnswer(
        delivery_id=str(record.id),
        case_number=record.case_number,
        state=record.state,
        external_case_id=record.remote_id,
        refused=record.reason,
    )


PICKUPS = (
    Resource(
        "GET",
        "/pickups",
        fetch_pickups,
        (Answer(200, "What was fetched.", PickupList),),
        (Rule.SCHEMA, Rule.NOT_PERMITTED),
    ),
    Resource(
        "POST",
        "/pickups/{deliveryId}/receipt",
        post_receipt,
        (Answer(200, "The receipt is kept.", PickupReceiptAnswer),),
        (
            Rule.UNREADABLE,
            Rule.SCHEMA,
            Rule.TOO_LARGE,
            Rule.MEDIA_TYPE_NOT_ACCEPTED,
            Rule.NOT_PERMITTED,
            Rule.CASE_UNKNOWN,
            Rule.IDEMPOTENCY_CONFLICT,
            Rule.STEP_NOT_LEGAL,
        ),
        body=PickupReceiptBody,
    ),
)
