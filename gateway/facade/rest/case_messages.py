"""Case messages: what an external case system says about the cases it holds (DOMAIN D2)."""

from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import Response

from gateway.domain.errors import Rule
from gateway.domain.notation import case_message_from_json
from gateway.facade.rest.answers import REPEATED, ReceiptAnswer, receipt
from gateway.facade.rest.entrance import known_caller, visit_of
from gateway.facade.rest.forwards import FORWARD_RULES
from gateway.facade.rest.parameters import check_key_beside, key_beside
from gateway.facade.rest.resource import BODY_RULES, Answer, Resource
from gateway.facade.rest.sent_files import read_message
from gateway.shapes.case_message import CaseMessageBody


async def post_case_message(request: Request) -> Response:
    """Post a message on a case.

    For the system that holds the case. The receipt means that the message is on disk and in the
    citizen's inbox. A repeat of a `messageId` changes nothing and gets the same receipt.
    """
    body = await read_message(request, CaseMessageBody)
    check_key_beside(request, body, "messageId")
    message, replies = case_message_from_json(body), visit_of(request).doors.replies
    return receipt(request, await run_sync(replies.post, message, known_caller(request)))


# What any message on a case can break, from a system or from staff.
MESSAGE_RULES = (
    *BODY_RULES,
    Rule.NOT_PERMITTED,
    Rule.NOT_THE_HOLDER,
    Rule.CASE_UNKNOWN,
    Rule.IDEMPOTENCY_CONFLICT,
    Rule.STEP_NOT_LEGAL,
    Rule.CODE_UNKNOWN,
    Rule.EVENT_NOT_ACCEPTED,
    Rule.TEXT_MISSING,
    *FORWARD_RULES,
)

CASE_MESSAGES = (
    Resource(
        "POST",
        "/case-messages",
        post_case_message,
        (Answer(201, "The message is on disk and in the inbox.", ReceiptAnswer), REPEATED),
        MESSAGE_RULES,
        body=CaseMessageBody,
        headers=(key_beside("messageId", "m-77"),),
    ),
)
