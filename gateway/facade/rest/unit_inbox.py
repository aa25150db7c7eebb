"""The built-in inbox: staff list, read and answer the cases of their own units (DOMAIN E1, E2)."""

import json
from collections.abc import Iterator
from typing import ClassVar

from anyio.to_thread import run_sync
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from gateway.domain.case import Attachment, Case, Supplement
from gateway.domain.errors import Fault, Refusal, Rule
from gateway.domain.forwarding import Past, PastKind
from gateway.domain.notation import (
    Json,
    case_message_from_json,
    case_to_json,
    past_to_json,
)
from gateway.facade.rest.answers import (
    REPEATED,
    AttachmentAnswer,
    CaseStanding,
    ReceiptAnswer,
    listed,
    receipt,
    standing,
)
from gateway.facade.rest.attachments import FILE, fetched
from gateway.facade.rest.bodies import CaseFields, StaffMessageBody
from gateway.facade.rest.case_messages import MESSAGE_RULES
from gateway.facade.rest.entrance import known_caller, visit_of
from gateway.facade.rest.parameters import (
    AttachmentNumber,
    CaseNumber,
    IdempotencyKey,
)
from gateway.facade.rest.resource import Answer, Resource
from gateway.facade.rest.sent_files import read_message
from gateway.facade.rest.shape import Time, Told
from gateway.flow.access import Verb, require_verb
from gateway.flow.ports import CaseRecord


class CaseContent(CaseFields, Told):
    """What the citizen wrote; the files are fetched one by one."""

    attachments: tuple[AttachmentAnswer, ...] = ()

    EXAMPLE: ClassVar[Json] = {**CaseFields.EXAMPLE, "attachments": [AttachmentAnswer.EXAMPLE]}


class SupplementContent(Told):
    """What the citizen added later; its files are numbered after those that came before."""

    text: str = Field(examples=["Det var den 1 mars, inte den 2."])
    attachments: tuple[AttachmentAnswer, ...] = ()

    EXAMPLE: ClassVar[Json] = {"text": "Det var den 1 mars, inte den 2.", "attachments": []}


class PastContent(Told):
    """One thing that a holder has said; its files are numbered after those of the citizen."""

    history_kind: PastKind
    sent_time: Time
    sender_hsa_id: str = Field(examples=["SE2321000016-1A2B"])
    sender_name: str = Field(examples=["Akutmottagningen Solna"])
    text: str = Field(examples=["Vi har talat med mottagningen."])
    attachments: tuple[AttachmentAnswer, ...] = ()

    EXAMPLE: ClassVar[Json] = {
        "historyKind": "PARTIAL_REPLY",
        "sentTime": "2026-03-02T08:30:00Z",
        "senderHsaId": "SE2321000016-1A2B",
        "senderName": "Akutmottagningen Solna",
        "text": "Vi har talat med mottagningen.",
        "attachments": [],
    }


class UnitCaseAnswer(CaseStanding):
    """A case whole, with what was added in its order, as the staff who handle it read it."""

    case: CaseContent
    supplements: tuple[SupplementContent, ...]
    history: tuple[PastContent, ...] = Field(
        description="What holders have told the citizen, also those before, oldest first."
    )

    EXAMPLE: ClassVar[Json] = {
        **CaseStanding.EXAMPLE,
        "case": CaseContent.EXAMPLE,
        "supplements": [SupplementContent.EXAMPLE],
        "history": [PastContent.EXAMPLE],
    }


async def read_unit_case(request: Request, number: CaseNumber) -> Response:
    """Read a case whole.

    That it was read, and by whom, is put on the case's timeline.
    """
    inbox, caller = visit_of(request).doors.staff_inbox, known_caller(request)
    record, case, supplements = await run_sync(inbox.read, number, caller)
    said = await run_sync(inbox.said, number, caller)
    whole = _whole(record, case, supplements, said)
    return Response(json.dumps(whole, ensure_ascii=False), media_type="application/json")


async def fetch_unit_attachment(
    request: Request, case_number: CaseNumber, number: AttachmentNumber
) -> Response:
    """Fetch a file of a case, of what was added to it, or of what was said.

    That the case was read, and by whom, is put on its timeline.
    """
    inbox, caller = visit_of(request).doors.staff_inbox, known_caller(request)
    _, case, supplements = await run_sync(inbox.read, case_number, caller)
    said = await run_sync(inbox.said, case_number, caller)
    added = (file for supplement in supplements for file in supplement.attachments)
    told = (file for past in said for file in past.attachments)
    files = [*case.attachments, *added, *told]
    if number > len(files):
        raise Refusal(Fault(Rule.CASE_UNKNOWN, "path", "the case has no such file"))
    return await fetched(request, files[number - 1])


async def post_unit_message(request: Request, number: CaseNumber, key: IdempotencyKey) -> Response:
    """Answer a case.

    The receipt means that the message is on disk and in the citizen's inbox.
    """
    replies, caller = visit_of(request).doors.replies, known_caller(request)
    require_verb(caller, Verb.LIST_CASES)
    told_by = {"messageId": key, "caseNumber": number, "sentTime": replies.clock().isoformat()}
    body = await read_message(request, StaffMessageBody)
    message = case_message_from_json(body | told_by)
    return receipt(request, await run_sync(replies.post, message, caller, body.get("version")))


def _whole(
    record: CaseRecord, case: Case, supplements: tuple[Supplement, ...], said: tuple[Past, ...]
) -> Json:
    # Not through UnitCaseAnswer: what was kept is told, even if it could not come in today.
    content = case_to_json(case, with_content=False) | {"attachments": _files(case.attachments, 1)}
    stands = CaseStanding(**standing(record))
    first = 1 + len(case.attachments)
    after = first + sum(len(added.attachments) for added in supplements)
    return stands.model_dump(mode="json", by_alias=True, exclude_none=True) | {
        "case": content,
        "supplements": list(_added(supplements, first)),
        "history": list(_said(said, after)),
    }


def _added(supplements: tuple[Supplement, ...], first: int) -> Iterator[Json]:
    for supplement in supplements:
        yield {"text": supplement.text, "attachments": _files(supplement.attachments, first)}
        first += len(supplement.attachments)


def _said(said: tuple[Past, ...], first: int) -> Iterator[Json]:
    for past in said:
        yield past_to_json(past, with_content=False) | {
            "attachments": _files(past.attachments, first)
        }
        first += len(past.attachments)


def _files(attachments: tuple[Attachment, ...], first: int) -> list[Json]:
    return [file.model_dump(by_alias=True) for file in listed(attachments, first)]


_READING_RULES = (Rule.NOT_PERMITTED, Rule.CASE_UNKNOWN)

UNIT_INBOX = (
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
        (*MESSAGE_RULES, Rule.CASE_OVERTAKEN, Rule.NOT_CLASSIFIED),
        body=StaffMessageBody,
        case_read_by="readUnitCase",
    ),
)
