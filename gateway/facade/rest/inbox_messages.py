"""Inbox messages: what the signed-in citizen reads, through the e-service (DOMAIN A7, D1, D5)."""

from collections.abc import Sequence
from typing import Annotated, ClassVar
from uuid import UUID

from anyio.to_thread import run_sync
from fastapi import Path, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from gateway.domain.errors import Rule
from gateway.domain.message import InboxKind, InboxMessage
from gateway.domain.notation import Json
from gateway.facade.rest.answers import A_CASE_NUMBER, A_UNIT, AttachmentAnswer, listed, told
from gateway.facade.rest.attachments import FILE, fetched
from gateway.facade.rest.entrance import known_caller, visit_of
from gateway.facade.rest.parameters import (
    NEXT,
    AttachmentNumber,
    Citizen,
    Limit,
    page,
)
from gateway.facade.rest.resource import Answer, Resource
from gateway.facade.rest.shape import Time, Told

_MESSAGE_ID = "0198f0a4-7c1e-7d3a-9b52-3f6f0c0a1b2c"

MessageId = Annotated[UUID, Path(alias="messageId", examples=[_MESSAGE_ID])]


class InboxMessageAnswer(Told):
    """One message to the citizen."""

    message_id: str = Field(examples=[_MESSAGE_ID])
    case_number: str = Field(examples=[A_CASE_NUMBER])
    message_kind: InboxKind
    sent_time: Time
    sender_hsa_id: str = Field(description="The unit or committee it is from.", examples=[A_UNIT])
    sender_name: str = Field(examples=["Akutmottagningen Solna"])
    text: str = Field(examples=["Vi har talat med mottagningen."])
    attachments: tuple[AttachmentAnswer, ...] = ()

    EXAMPLE: ClassVar[Json] = {
        "messageId": _MESSAGE_ID,
        "caseNumber": A_CASE_NUMBER,
        "messageKind": "FINAL_REPLY",
        "sentTime": "2026-03-02T08:30:00Z",
        "senderHsaId": A_UNIT,
        "senderName": "Akutmottagningen Solna",
        "text": "Vi har talat med mottagningen.",
        "attachments": [AttachmentAnswer.EXAMPLE],
    }


class InboxMessagePage(Told):
    """A page of the citizen's messages, oldest first."""

    items: tuple[InboxMessageAnswer, ...]
    next: str | None = Field(None, description=NEXT, examples=[_MESSAGE_ID])

    EXAMPLE: ClassVar[Json] = {"items": [InboxMessageAnswer.EXAMPLE]}


async def list_inbox_messages(
    request: Request,
    citizen: Citizen,
    limit: Limit = 20,
    after: Annotated[
        UUID | None, Query(description="The last message of the page before.")
    ] = None,
) -> Response:
    """List the citizen's messages.

    The signed-in citizen's own, oldest first, whatever system handles the cases. Who it is comes
    in headers and never in the address.
    """
    inbox = visit_of(request).doors.citizen_inbox
    last = str(after) if after else None
    found = await run_sync(inbox.messages, citizen, known_caller(request), last, limit + 1)
    return message_page(found, limit)


async def fetch_inbox_attachment(
    request: Request,
    citizen: Citizen,
    message_id: MessageId,
    number: AttachmentNumber,
) -> Response:
    """Fetch a file of a message.

    One of the files in a message to the signed-in citizen.
    """
    inbox = visit_of(request).doors.citizen_inbox
    caller = known_caller(request)
    file = await run_sync(inbox.attachment, citizen, caller, str(message_id), number)
    return await fetched(request, file)


def message_page(found: Sequence[InboxMessage], limit: int) -> Response:
    """Answer with a page of messages, cut from one more than was asked for."""
    shown, following = page(found, limit, lambda message: message.message_id)
    return told(InboxMessagePage(items=tuple(map(_message, shown)), next=following))


def _message(message: InboxMessage) -> InboxMessageAnswer:
    return InboxMessageAnswer(
        message_id=message.message_id,
        case_number=message.case_number,
        message_kind=message.kind,
        sent_time=message.sent_at,
        sender_hsa_id=message.sender.text,
        sender_name=message.sender_name,
        text=message.text,
        attachments=listed(message.attachments),
    )


_READING_RULES = (Rule.SCHEMA, Rule.NOT_PERMITTED, Rule.PERSON_ID_INVALID)

INBOX_MESSAGES = (
    Resource(
        "GET",
        "/inbox-messages",
        list_inbox_messages,
        (Answer(200, "A page of messages.", InboxMessagePage),),
        _READING_RULES,
    ),
    Resource(
        "GET",
        "/inbox-messages/{messageId}/attachments/{number}",
        fetch_inbox_attachment,
        (FILE,),
        (*_READING_RULES, Rule.CASE_UNKNOWN),
    ),
)
