"""Forwards: operators send a case on where its holders may not or cannot (DOMAIN D6, B4)."""

from typing import ClassVar

from anyio.to_thread import run_sync
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from gateway.domain.errors import Rule
from gateway.domain.hsa import HsaId
from gateway.domain.notation import Json
from gateway.facade.rest.answers import REPEATED, ReceiptAnswer, receipt
from gateway.facade.rest.entrance import known_caller, visit_of
from gateway.facade.rest.parameters import CaseNumber, IdempotencyKey
from gateway.facade.rest.reading import read_json
from gateway.facade.rest.resource import BODY_RULES, Answer, Resource
from gateway.shapes.shape import HsaIdText, Shape, Words

# What sending a case on can break, by its holder or by an operator.
FORWARD_RULES = (
    Rule.FORWARD_TO_MISSING,
    Rule.FORWARD_TO_UNREACHABLE,
    Rule.FORWARD_LOOP,
    Rule.FORWARDED_TOO_OFTEN,
    Rule.HSA_ID_INVALID,
    Rule.REGION_NOT_ACTIVE,
)


class ForwardBody(Shape):
    """Where a case shall go."""

    forward_to: HsaIdText = Field(
        description="The unit, committee or coordinator that shall have the case.",
        examples=["SE2321000016-3C4D"],
    )
    text: Words | None = Field(
        None,
        description="Why; the citizen and whoever gets the case read it.",
        examples=["Ärendet hör till en annan mottagning."],
    )

    EXAMPLE: ClassVar[Json] = {"forwardTo": "SE2321000016-3C4D"}


async def forward_case(request: Request, number: CaseNumber, key: IdempotencyKey) -> Response:
    """Forward a case.

    For operators: whoever holds it, however often it was forwarded, and also back to who declined
    it. It follows the route of the unit that it goes to. What was not yet delivered goes along,
    and the citizen is told who has it now.
    """
    body, caller = await read_json(request, ForwardBody), known_caller(request)
    forward = visit_of(request).doors.forwarding.forward
    to = HsaId(body["forwardTo"])
    return receipt(request, await run_sync(forward, number, key, to, body.get("text"), caller))


FORWARDS = (
    Resource(
        "POST",
        "/cases/{caseNumber}/forwards",
        forward_case,
        (Answer(201, "The case goes there, and the citizen is told.", ReceiptAnswer), REPEATED),
        (
            *BODY_RULES,
            Rule.NOT_PERMITTED,
            Rule.CASE_UNKNOWN,
            Rule.IDEMPOTENCY_CONFLICT,
            Rule.STEP_NOT_LEGAL,
            *FORWARD_RULES,
        ),
        body=ForwardBody,
        case_read_by="readCase",
    ),
)
