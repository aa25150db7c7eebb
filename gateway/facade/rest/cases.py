"""Cases: submitted, read, supplemented and withdrawn by the e-service that sent them."""

from typing import ClassVar

from anyio.to_thread import run_sync
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from gateway.domain.errors import Rule
from gateway.domain.notation import Json, case_from_json, supplement_from_json
from gateway.facade.abreast import abreast
from gateway.facade.rest.answers import (
    REPEATED,
    CaseStanding,
    ReceiptAnswer,
    receipt,
    standing,
    told,
)
from gateway.facade.rest.bodies import CaseBody, SupplementBody
from gateway.facade.rest.entrance import known_caller, visit_of
from gateway.facade.rest.parameters import (
    CaseNumber,
    IdempotencyKey,
    check_key_beside,
    key_beside,
)
from gateway.facade.rest.resource import BODY_RULES, Answer, Resource
from gateway.facade.rest.sent_files import read_message
from gateway.facade.rest.shape import Time, Told
from gateway.flow.timeline import Link, Step


class TimelineEntry(Told):
    """One step of a case, linked to the one before by its hash."""

    number: int = Field(
        description="From 1; without gaps, but for steps that are not told.", examples=[1]
    )
    step: Step
    time: Time
    actor: str = Field(description="Whose step it was.", examples=["SE5560000000-E177"])
    details: Json = Field(examples=[{"destination": "stockholm/avvikelse"}])
    hash: str = Field(
        description="SHA-256 over the hash before and this entry, in hexadecimal.",
        examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"],
    )

    EXAMPLE: ClassVar[Json] = {
        "number": 1,
        "step": "case.accepted",
        "time": "2026-03-02T08:30:00Z",
        "actor": "SE5560000000-E177",
        "details": {"destination": "stockholm/avvikelse"},
        "hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    }


class CaseAnswer(CaseStanding):
    """Where a case stands and its whole way."""

    timeline: tuple[TimelineEntry, ...]

    EXAMPLE: ClassVar[Json] = {**CaseStanding.EXAMPLE, "timeline": [TimelineEntry.EXAMPLE]}


async def submit_case(request: Request) -> Response:
    """Submit a case.

    The receipt means that the case is on disk and will be delivered. The same `caseId` with the
    same content again gets the same receipt; with other content it is refused.
    """
    body = await read_message(request, CaseBody)
    check_key_beside(request, body, "caseId")
    doors, case = visit_of(request).doors, case_from_json(body)
    await abreast()
    kept = await doors.intake.submit(case, known_caller(request))
    if not kept.repeated:
        doors.watching.case_accepted("rest", case.kind)
    place = f"{request.scope['root_path']}/cases/{kept.receipt.case_number}"
    return receipt(request, kept, {"Location": place})


async def read_case(request: Request, number: CaseNumber) -> Response:
    """Read where a case stands.

    For operators, auditors and the staff of its holder, with every step of its way; and for the
    e-service that sent it, with those that concern its citizen. Tells nothing of what was written.
    """
    operating = visit_of(request).doors.operating
    record, links = await run_sync(operating.case, number, known_caller(request))
    timeline = tuple(_entry(link) for link in links)
    return told(CaseAnswer(**standing(record), timeline=timeline))


async def supplement_case(request: Request, number: CaseNumber, key: IdempotencyKey) -> Response:
    """Supplement a case.

    What the citizen adds later goes the same way as the case, after it, until the case is closed.
    """
    supplement = supplement_from_json(await read_message(request, SupplementBody))
    intake = visit_of(request).doors.intake
    caller = known_caller(request)
    return receipt(request, await run_sync(intake.supplement, number, key, supplement, caller))


async def withdraw_case(request: Request, number: CaseNumber, key: IdempotencyKey) -> Response:
    """Withdraw a case.

    Takes the case back at the citizen's wish; whoever holds it is told.
    """
    intake = visit_of(request).doors.intake
    return receipt(request, await run_sync(intake.withdraw, number, key, known_caller(request)))


def _entry(link: Link) -> TimelineEntry:
    return TimelineEntry(
        number=link.number,
        step=link.entry.step,
        time=link.entry.at,
        actor=link.entry.actor,
        details=dict(link.entry.details),
        hash=link.hash,
    )


# What a citizen's later step can break, whoever they are.
CHANGE_RULES = (
    Rule.SCHEMA,
    Rule.NOT_PERMITTED,
    Rule.CASE_UNKNOWN,
    Rule.IDEMPOTENCY_CONFLICT,
    Rule.STEP_NOT_LEGAL,
)

# What a case can break, whoever sends it.
CASE_RULES = (
    *BODY_RULES,
    Rule.NOT_PERMITTED,
    Rule.IDEMPOTENCY_CONFLICT,
    Rule.UNKNOWN_UNIT,
    Rule.NO_ROUTE_NOW,
    Rule.REGION_NOT_ACTIVE,
    Rule.CARE_UNIT_MISSING,
    Rule.COMMITTEE_MISSING,
    Rule.NOT_A_COMMITTEE,
    Rule.NOT_A_CARE_UNIT,
    Rule.PLACE_ON_CARE_CASE,
    Rule.EVENT_DATE_IN_FUTURE,
    Rule.PERSON_ID_INVALID,
    Rule.HSA_ID_INVALID,
    Rule.POWER_OF_ATTORNEY_MISSING,
    Rule.TEXT_MISSING,
)

CASES = (
    Resource(
        "POST",
        "/cases",
        submit_case,
        (
            Answer(201, "The case is on disk.", ReceiptAnswer, headers=("Location",)),
            Answer(200, REPEATED.description, ReceiptAnswer, headers=("Location",)),
        ),
        CASE_RULES,
        body=CaseBody,
        headers=(key_beside("caseId", "e-1029"),),
        case_read_by="readCase",
    ),
    Resource(
        "GET",
        "/cases/{caseNumber}",
        read_case,
        (Answer(200, "Where the case stands.", CaseAnswer),),
        (Rule.NOT_PERMITTED, Rule.CASE_UNKNOWN),
    ),
    Resource(
        "POST",
        "/cases/{caseNumber}/supplements",
        supplement_case,
        (Answer(201, "The supplement is on disk.", ReceiptAnswer), REPEATED),
        (*BODY_RULES, *CHANGE_RULES, Rule.ATTACHMENTS_NOT_ALLOWED),
        body=SupplementBody,
        case_read_by="readCase",
    ),
    Resource(
        "POST",
        "/cases/{caseNumber}/withdrawals",
        withdraw_case,
        (Answer(201, "The withdrawal is on disk.", ReceiptAnswer), REPEATED),
        CHANGE_RULES,
        case_read_by="readCase",
    ),
)
