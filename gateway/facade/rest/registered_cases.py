"""Cases that began outside, registered by the system or the staff that hold them (A12)."""

from typing import ClassVar

from anyio.to_thread import run_sync
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from gateway.domain.errors import Rule
from gateway.domain.notation import Json
from gateway.domain.registration import Channel, registration_from_json
from gateway.facade.rest.answers import REPEATED, ReceiptAnswer, receipt
from gateway.facade.rest.bodies import CaseBody
from gateway.facade.rest.cases import CASE_RULES
from gateway.facade.rest.entrance import known_caller, visit_of
from gateway.facade.rest.parameters import check_key_beside, key_beside
from gateway.facade.rest.resource import Answer, Resource
from gateway.facade.rest.sent_files import read_message
from gateway.shapes.shape import Id, Instant, Shape


class RegistrationBody(Shape):
    """A case with how and when it came in."""

    channel: Channel
    received_time: Instant = Field(
        description="When the case came in; the time to answer a complaint runs from then. "
        "Not in the future."
    )
    external_case_id: Id | None = Field(
        None, description="What the sender calls the case.", examples=["AVV-2026-118"]
    )
    case: CaseBody

    EXAMPLE: ClassVar[Json] = {
        "channel": "PHONE",
        "receivedTime": "2026-03-02T09:30:00+01:00",
        "externalCaseId": "AVV-2026-118",
        "case": CaseBody.EXAMPLE,
    }


async def register_case(request: Request) -> Response:
    """Register a case that began by phone, at a visit or with a letter.

    For the system or the staff that would have got the case, had the citizen sent it. They hold it
    from the beginning: it is not delivered to them. The citizen has the confirmation and the
    dialogue in the inbox. The same `caseId` with the same content again gets the same receipt.
    """
    body = await read_message(request, RegistrationBody)
    check_key_beside(request, body["case"], "caseId")
    doors, registration = visit_of(request).doors, registration_from_json(body)
    caller = known_caller(request)
    kept = await run_sync(doors.registering.register, registration, caller)
    if not kept.repeated:
        doors.watching.case_accepted("rest", registration.case.kind)
    return receipt(request, kept)


REGISTERED_CASES = (
    Resource(
        "POST",
        "/registered-cases",
        register_case,
        (
            Answer(201, "The case is on disk and confirmed to the citizen.", ReceiptAnswer),
            REPEATED,
        ),
        (*CASE_RULES, Rule.RECEIVED_IN_FUTURE, Rule.NOT_THE_HOLDER, Rule.CASE_AMBIGUOUS),
        body=RegistrationBody,
        headers=(key_beside("caseId", "e-1029"),),
    ),
)
