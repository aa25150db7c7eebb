"""The built-in inbox: staff list, read and answer the cases of their own units (DOMAIN E1, E2)."""

import json
from collections.abc import Iterator
from typing import Annotated, ClassVar

from anyio.to_thread import run_sync
from fastapi import Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from gateway.domain.case import Attachment, Case, Supplement
from gateway.domain.errors import Fault, Refusal, Rule
from gateway.domain.notation import Json, case_message_from_json, case_to_json
from gateway.facade.rest.answers import (
    A_CASE_NUMBER,
    REPEATED,
    AttachmentAnswer,
    CaseStanding,
    ReceiptAnswer,
    listed,
    receipt,
    standing,
    told,
)
from gateway.facade.rest.attachments import FILE, fetched
from gateway.facade.rest.bodies import CaseFields, StaffMessageBody
from gateway.facade.rest.case_messages import MESSAGE_RULES
from gateway.facade.rest.entrance import CASE_NUMBER_FORM, known_caller, visit_of
from gateway.facade.rest.parameters import (
    NEXT,
    AttachmentNumber,
    CaseNumber,
    IdempotencyKey,
    Limit,
    page,
)
from gateway.facade.rest.reading import read_json
from gateway.facade.rest.resource import Answer, Resource
from gateway.facade.rest.shape import Time, Told
from gateway.flow.caller import Role, require
from gateway.flow.ports import CaseRecord, UnitInboxItem


class UnitInboxEntry(CaseStanding):
    """A case in the inbox, without its content."""

    arrived_time: Time

    EXAMPLE: ClassVar[Json] = {**CaseStanding.EXAMPLE, "arrivedTime": "2026-03-02T08:30:02Z"}


class UnitInboxPage(Told):
    """A page of the cases of the caller's units, oldest first."""

    items: tuple[UnitInboxEntry, ...]
    next: str | None = Field(None, description=NEXT, examples=[A_CASE_NUMBER])

    EXAMPLE: ClassVar[Json] = {"items": [UnitInboxEntry.EXAMPLE]}


class CaseContent(CaseFields, Told):
    """What the citizen wrote; the files are fetched one by one."""

    attachments: tuple[AttachmentAnswer, ...] = ()

    EXAMPLE: ClassVar[Json] = {**CaseFields.EXAMPLE, "attachments": [AttachmentAnswer.EXAMPLE]}


class SupplementContent(Told):
    """What the citizen added later; its files are numbered after those that came before."""

    text: str = Field(examples=["Det var den 1 mars, inte den 2."])
    attachments: tuple[AttachmentAnswer, ...] = ()

    EXAMPLE: ClassVar[Json] = {"text": "Det var den 1 mars, inte den 2.", "attachments": []}


class UnitCaseAnswer(CaseStanding):
    """A case whole, with what was added in its order, as the staff who handle it read it."""

    case: CaseContent
    supplements: tuple[SupplementContent, ...]

    EXAMPLE: ClassVar[Json] = {
        **CaseStanding.EXAMPLE,
        "case": CaseContent.EXAMPLE,
        "supplements": [SupplementContent.EXAMPLE],
    }


async def list_unit_inbox(
    request: Request,
    limit: Limit = 20,
    after: Annotated[
        str | None,
        Query(pattern=CASE_NUMBER_FORM, description="The last case of the page before."),
    ] = None,
) -> Response:
    """List the cases in the inbox.

    Those of the units that the member of staff works in, oldest first, without content.
    """
    inbox = visit_of(request).doors.staff_inbox
    found = await run_sync(inbox.items, known_caller(request), after, limit + 1)
    shown, following = page(found, limit, lambda item: item.record.number)
    return told(UnitInboxPage(items=tuple(map(_entry, shown)), next=following))


async def read_unit_case(request: Request, number: CaseNumber) -> Response:
    """Read a case whole.

    That it was read, and by whom, is put on the case's timeline.
    """
    inbox = visit_of(request).doors.staff_inbox
    whole = await run_sync(inbox.read, number, known_caller(request))
    return Response(json.dumps(_whole(*whole), ensure_ascii=False), media_type="application/json")


async def fetch_unit_attachment(
    request: Request, case_number: CaseNumber, number: AttachmentNumber
) -> Response:
    """Fetch a file of a case, or of what was added to it.

    That the case was read, and by whom, is put on its timeline.
    """
    inbox = visit_of(request).doors.staff_inbox
    _, case, supplements = await run_sync(inbox.read, case_number, known_caller(request))
    files = [*case.attachments, *(file for added in supplements for file in added.attachments)]
    if number > len(files):
        raise Refusal(Fault(Rule.CASE_UNKNOWN, "path", "the case has no such file"))
    return fetched(request, files[number - 1])


async def post_unit_message(request: Request, number: CaseNumber, key: IdempotencyKey) -> Response:
    """Answer a case.

    The receipt means that the message is on disk and in the citizen's inbox.
    """
    replies, caller = visit_of(request).doors.replies, known_caller(request)
    require(caller, Role.STAFF)
    told_by = {"messageId": key, "caseNumber": number, "sentTime": replies.clock().isoformat()}
    message = case_message_from_json(await read_json(request, StaffMessageBody) | told_by)
    return receipt(request, await run_sync(replies.post, message, caller))


def _entry(item: UnitInboxItem) -> UnitInboxEntry:
    return UnitInboxEntry(**standing(item.record), arrived_time=item.arrived_at)


def _whole(record: CaseRecord, case: Case, supplements: tuple[Supplement, ...]) -> Json:
    # Not through UnitCaseAnswer: what was kept is told, even if it could not come in today.
    content = case_to_json(case, with_content=False) | {"attachments": _files(case.attachments, 1)}
    stands = CaseStanding(**standing(record))
    return stands.model_dump(mode="json", by_alias=True, exclude_none=True) | {
        "case": content,
        "supplements": list(_added(supplements, 1 + len(case.attachments))),
    }


def _added(supplements: tuple[Supplement, ...], first: int) -> Iterator[Json]:
    for supplement in supplements:
        yield {"text": supplement.text, "attachments": _files(supplement.attachments, first)}
        first += len(supplement.attachments)


def _files(attachments: tuple[Attachment, ...], first: int) -> list[Json]:
    return [file.model_dump(by_alias=True) for file in listed(attachments, first)]


_READING_RULES = (Rule.NOT_PERMITTED, Rule.CASE_UNKNOWN)

UNIT_INBOX = (
    Resource(
        "GET",
        "/unit-inbox",
        list_unit_inbox,
        (Answer(200, "A page of cases.", UnitInboxPage),),
        (Rule.SCHEMA, Rule.NOT_PERMITTED),
    ),
    Resource(
        "GET",
        "/unit-inbox/{caseNumber}",
        read_unit_case,
        (Answer(200, "The case.", UnitCaseAnswer),),
        _READING_RULES,
    ),
    Resource(
        "GET",
        "/unit-inbox/{caseNumber}/attachments/{number}",
        fetch_unit_attachment,
        (FILE,),
        _READING_RULES,
    ),
    Resource(
        "POST",
        "/unit-inbox/{caseNumber}/messages",
        post_unit_message,
        (Answer(201, "The message is on disk and in the inbox.", ReceiptAnswer), REPEATED),
        MESSAGE_RULES,
        body=StaffMessageBody,
        case_read_by="readUnitCase",
    ),
)
