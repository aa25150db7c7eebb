"""Unmatched messages: they named no known case; operators see them and find it (DOMAIN D2)."""

from typing import Annotated, ClassVar
from uuid import UUID

from anyio.to_thread import run_sync
from fastapi import Path, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from gateway.domain.errors import Rule
from gateway.domain.message import MessageKind
from gateway.domain.notation import Json
from gateway.facade.rest.answers import A_CASE_NUMBER, REPEATED, ReceiptAnswer, receipt, told
from gateway.facade.rest.entrance import known_caller, visit_of
from gateway.facade.rest.parameters import NEXT, Limit, page
from gateway.facade.rest.reading import read_json
from gateway.facade.rest.resource import BODY_RULES, Answer, Resource
from gateway.facade.rest.shape import Time, Told
from gateway.flow.ports import UnmatchedMessage
from gateway.shapes.shape import Id, Shape

_A_KEY = "0198f0a4-7c1e-7d3a-9b52-3f6f0c0a1b2c"
UnmatchedMessageId = Annotated[UUID, Path(alias="unmatchedMessageId", examples=[_A_KEY])]


class UnmatchedMessageAnswer(Told):
    """A message for a case that nobody knows, without what it said."""

    unmatched_message_id: str = Field(examples=[_A_KEY])
    sender_hsa_id: str = Field(examples=["SE2321000016-AVV1"])
    message_id: str = Field(examples=["m-77"])
    message_kind: MessageKind
    sent_time: Time
    received_time: Time
    case_number: str | None = Field(None, examples=[A_CASE_NUMBER])
    external_case_id: str | None = Field(None, examples=["AVV-2026-118"])
    reason: str = Field(examples=["no case 'AVV-2026-118' is known here"])

    EXAMPLE: ClassVar[Json] = {
        "unmatchedMessageId": _A_KEY,
        "senderHsaId": "SE2321000016-AVV1",
        "messageId": "m-77",
        "messageKind": "FINAL_REPLY",
        "sentTime": "2026-03-02T08:30:00Z",
        "receivedTime": "2026-03-02T08:30:01Z",
        "externalCaseId": "AVV-2026-118",
        "reason": "no case 'AVV-2026-118' is known here",
    }


class MatchBody(Shape):
    """The case that a message belongs to."""

    case_number: Id = Field(description="Växel's number of the case.", examples=[A_CASE_NUMBER])

    EXAMPLE: ClassVar[Json] = {"caseNumber": A_CASE_NUMBER}


class UnmatchedMessagePage(Told):
    """A page of unmatched messages, newest first."""

    items: tuple[UnmatchedMessageAnswer, ...]
    next: str | None = Field(None, description=NEXT, examples=[_A_KEY])

    EXAMPLE: ClassVar[Json] = {"items": [UnmatchedMessageAnswer.EXAMPLE]}


async def list_unmatched_messages(
    request: Request,
    limit: Limit = 20,
    after: Annotated[
        UUID | None, Query(description="The `next` of the page before.", examples=[_A_KEY])
    ] = None,
) -> Response:
    """List the messages that named no known case.

    For operators, newest first, without what they said.
    """
    operating = visit_of(request).doors.operating
    last = str(after) if after else None
    found = await run_sync(operating.unmatched, known_caller(request), last, limit + 1)
    shown, following = page(found, limit, lambda kept: kept[0])
    items = tuple(_unmatched(key, message) for key, message in shown)
    return told(UnmatchedMessagePage(items=items, next=following))


async def match_message(request: Request, unmatched_message: UnmatchedMessageId) -> Response:
    """Put an unmatched message on its case.

    For operators who have found the case. The sender must be its holder, as with any message; it
    reaches the citizen's inbox, and the timeline tells who found the case. A repeat changes
    nothing and gets the same answer.
    """
    body = await read_json(request, MatchBody)
    quarantine, caller = visit_of(request).doors.quarantine, known_caller(request)
    number = body["caseNumber"]
    return receipt(
        request, await run_sync(quarantine.attach, str(unmatched_message), number, caller)
    )


def _unmatched(key: str, unmatched: UnmatchedMessage) -> UnmatchedMessageAnswer:
    message = unmatched.message
    return UnmatchedMessageAnswer(
        unmatched_message_id=key,
        sender_hsa_id=unmatched.sender.text,
        message_id=message.message_id,
        message_kind=message.kind,
        sent_time=message.sent_at,
        received_time=unmatched.received_at,
        case_number=message.case_number,
        external_case_id=message.external_case_id,
        reason=unmatched.reason,
    )


UNMATCHED_MESSAGES = (
    Resource(
        "GET",
        "/unmatched-messages",
        list_unmatched_messages,
        (Answer(200, "A page of them.", UnmatchedMessagePage),),
        (Rule.SCHEMA, Rule.NOT_PERMITTED),
    ),
    Resource(
        "POST",
        "/unmatched-messages/{unmatchedMessageId}/matches",
        match_message,
        (Answer(201, "The message is in the citizen's inbox.", ReceiptAnswer), REPEATED),
        (
            *BODY_RULES,
            Rule.NOT_PERMITTED,
            Rule.NOT_THE_HOLDER,
            Rule.CASE_UNKNOWN,
            Rule.CASE_AMBIGUOUS,
            Rule.IDEMPOTENCY_CONFLICT,
            Rule.STEP_NOT_LEGAL,
            Rule.EVENT_NOT_ACCEPTED,
        ),
        body=MatchBody,
    ),
)
