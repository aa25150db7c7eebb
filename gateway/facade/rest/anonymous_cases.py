"""Cases of people who do not say who they are, known by a code in a header (DOMAIN A9)."""

from typing import Annotated, ClassVar
from uuid import UUID

from anyio.to_thread import run_sync
from fastapi import Header, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from gateway.domain.anonymous import NOBODY, SHORTEST_CASE_ID
from gateway.domain.errors import Rule
from gateway.domain.notation import Json, case_from_json, supplement_from_json
from gateway.facade.rest.answers import REPEATED, ReceiptAnswer, receipt, told
from gateway.facade.rest.attachments import FILE, fetched
from gateway.facade.rest.bodies import SupplementBody, WrittenFields
from gateway.facade.rest.cases import CASE_RULES, CHANGE_RULES
from gateway.facade.rest.entrance import known_caller, visit_of
from gateway.facade.rest.inbox_messages import InboxMessagePage, MessageId, message_page
from gateway.facade.rest.parameters import (
    AttachmentNumber,
    IdempotencyKey,
    Limit,
    check_key_beside,
    key_beside,
)
from gateway.facade.rest.resource import BODY_RULES, Answer, Resource
from gateway.facade.rest.sent_files import read_message
from gateway.shapes.shape import ONE_LINE, Id

# Examples like those of a signed-in citizen: nobody was ever given this code.
_A_CODE = "7F3KQ-9QWM2-X41TB-Z0C8H-5NRVE"
_A_CASE_ID = "8a7d0c1e-5b0f-4f6e-9a57-2f0c3b9d6e41"

Code = Annotated[
    str,
    Header(
        alias="Vaxel-Case-Code",
        max_length=100,
        pattern=ONE_LINE,
        description="The code that the submitter was given, as they typed it: small letters, "
        "blanks and dashes do not matter. Keep it out of addresses and logs.",
        examples=[_A_CODE],
    ),
]


class AnonymousCaseBody(WrittenFields):
    """A case that names nobody, and has no files; an answer is for the INBOX, or NONE."""

    case_id: Id = Field(
        description="The sender's own id of the case, and the key of the request: the same id "
        "with the same content again gets the same receipt and the same code. A random one of at "
        f"least {SHORTEST_CASE_ID} characters, such as a UUID.",
        examples=[_A_CASE_ID],
    )

    EXAMPLE: ClassVar[Json] = {"caseId": _A_CASE_ID, **WrittenFields.EXAMPLE}


class CodedReceiptAnswer(ReceiptAnswer):
    """It is on disk; a repeat gets the same receipt and code."""

    code: str = Field(
        description="Show it to the submitter now, and keep it nowhere: it is stored nowhere, "
        "and without it nobody can read the answers.",
        examples=[_A_CODE],
    )

    EXAMPLE: ClassVar[Json] = {
        "caseNumber": ReceiptAnswer.EXAMPLE["caseNumber"],
        "receivedTime": ReceiptAnswer.EXAMPLE["receivedTime"],
        "code": _A_CODE,
    }


async def submit_anonymous_case(request: Request) -> Response:
    """Submit a case of somebody who does not say who they are.

    Where the region takes such cases, as `/units/{hsaId}/capability` tells. The receipt has a
    code by which alone the submitter reads the answers and adds to the case.
    """
    body = await read_message(request, AnonymousCaseBody)
    check_key_beside(request, body, "caseId")
    visit, case = visit_of(request), case_from_json(body | _OF_NOBODY)
    kept, code = await visit.doors.anonymous.submit(case, known_caller(request))
    if not kept.repeated:
        visit.doors.watching.case_accepted("rest", case.kind)
    visit.case_number = kept.receipt.case_number
    answer = CodedReceiptAnswer(
        case_number=kept.receipt.case_number,
        received_time=kept.receipt.received_at,
        warnings=kept.receipt.warnings,
        code=code,
    )
    return told(answer, 200 if kept.repeated else 201)


async def supplement_anonymous_case(request: Request, code: Code, key: IdempotencyKey) -> Response:
    """Supplement the case of a code.

    As any case: text until it is closed, and files when its handler has asked for them.
    """
    supplement = supplement_from_json(await read_message(request, SupplementBody))
    anonymous, caller = visit_of(request).doors.anonymous, known_caller(request)
    return receipt(request, await run_sync(anonymous.supplement, code, key, supplement, caller))


async def withdraw_anonymous_case(request: Request, code: Code, key: IdempotencyKey) -> Response:
    """Withdraw the case of a code.

    Takes the case back at its submitter's wish; whoever holds it is told.
    """
    anonymous, caller = visit_of(request).doors.anonymous, known_caller(request)
    return receipt(request, await run_sync(anonymous.withdraw, code, key, caller))


async def list_anonymous_messages(
    request: Request,
    code: Code,
    limit: Limit = 20,
    after: Annotated[
        UUID | None, Query(description="The last message of the page before.")
    ] = None,
) -> Response:
    """List the messages of a code.

    What the submitter of its one case was told, oldest first. A code that was never given, and
    one of a case that was disposed of, is 404.
    """
    anonymous, caller = visit_of(request).doors.anonymous, known_caller(request)
    last = str(after) if after else None
    return message_page(await run_sync(anonymous.messages, code, caller, last, limit + 1), limit)


async def fetch_anonymous_attachment(
    request: Request, code: Code, message_id: MessageId, number: AttachmentNumber
) -> Response:
    """Fetch a file of a message of a code.

    One of the files in a message to the submitter.
    """
    anonymous, caller = visit_of(request).doors.anonymous, known_caller(request)
    found = await run_sync(anonymous.attachment, code, caller, str(message_id), number)
    return await fetched(request, found)


_OF_NOBODY: Json = {"submitter": {"personId": {"oid": NOBODY.person_id.oid, "number": ""}}}

_READING_RULES = (Rule.SCHEMA, Rule.NOT_PERMITTED, Rule.CASE_UNKNOWN)
# What only a case that names people or brings files can break.
_OF_OTHERS = {
    Rule.PERSON_ID_INVALID,
    Rule.POWER_OF_ATTORNEY_MISSING,
    Rule.ATTACHMENT_TOO_LARGE,
    Rule.TOO_MANY_ATTACHMENTS,
}
_RULES = (*(rule for rule in CASE_RULES if rule not in _OF_OTHERS), Rule.ANONYMOUS_NOT_TAKEN)

ANONYMOUS_CASES = (
    Resource(
        "POST",
        "/anonymous-cases",
        submit_anonymous_case,
        (
            Answer(201, "The case is on disk.", CodedReceiptAnswer),
            Answer(200, REPEATED.description, CodedReceiptAnswer),
        ),
        _RULES,
        body=AnonymousCaseBody,
        headers=(key_beside("caseId", _A_CASE_ID),),
        case_read_by="readCase",
    ),
    Resource(
        "POST",
        "/anonymous-cases/supplements",
        supplement_anonymous_case,
        (Answer(201, "The supplement is on disk.", ReceiptAnswer), REPEATED),
        (*BODY_RULES, *CHANGE_RULES, Rule.ATTACHMENTS_NOT_ALLOWED),
        body=SupplementBody,
        case_read_by="readCase",
    ),
    Resource(
        "POST",
        "/anonymous-cases/withdrawals",
        withdraw_anonymous_case,
        (Answer(201, "The withdrawal is on disk.", ReceiptAnswer), REPEATED),
        CHANGE_RULES,
        case_read_by="readCase",
    ),
    Resource(
        "GET",
        "/anonymous-inbox-messages",
        list_anonymous_messages,
        (Answer(200, "A page of messages.", InboxMessagePage),),
        _READING_RULES,
    ),
    Resource(
        "GET",
        "/anonymous-inbox-messages/{messageId}/attachments/{number}",
        fetch_anonymous_attachment,
        (FILE,),
        _READING_RULES,
    ),
)
