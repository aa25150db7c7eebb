"""Handling a case in the built-in inbox, besides answering it (DOMAIN E2)."""

from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import Response

from gateway.domain.errors import Fault, Refusal, Rule
from gateway.domain.handling import classification_from_json
from gateway.domain.hsa import HsaId
from gateway.domain.notation import Json
from gateway.facade.rest.answers import REPEATED, ReceiptAnswer, receipt, told
from gateway.facade.rest.entrance import known_caller, visit_of
from gateway.facade.rest.handling_bodies import (
    AssignmentBody,
    ClassificationBody,
    HandlingAnswer,
    ReopeningBody,
    SeenBody,
    UnitCorrectionBody,
    handling_answer,
)
from gateway.facade.rest.parameters import CaseNumber, IdempotencyKey
from gateway.facade.rest.reading import read_json
from gateway.facade.rest.resource import BODY_RULES, Answer, Endpoint, Resource
from gateway.flow.handling.act import Asked
from gateway.flow.handling.assigning import Handler
from gateway.shapes.shape import Shape


async def read_handling(request: Request, number: CaseNumber) -> Response:
    """Read how a case is handled.

    Without anything of what was written, so also for those who may not read it.
    """
    handling = visit_of(request).doors.handling
    return told(handling_answer(await run_sync(handling.read, number, known_caller(request))))


async def assign_case(request: Request, number: CaseNumber, key: IdempotencyKey) -> Response:
    """Assign a case.

    To a handler, or to nobody. Also for those who may not read it.
    """
    body, handling = await read_json(request, AssignmentBody), visit_of(request).doors.handling
    asked, to = _asked(request, number, key, body), _handler(body)
    return receipt(request, await run_sync(handling.assign, asked, to))


async def verify_relation(request: Request, number: CaseNumber, key: IdempotencyKey) -> Response:
    """Mark the relation as verified.

    That the submitter stands to the patient as they said.
    """
    body, handling = await read_json(request, SeenBody), visit_of(request).doors.handling
    asked = _asked(request, number, key, body)
    return receipt(request, await run_sync(handling.verify_relation, asked))


async def correct_unit(request: Request, number: CaseNumber, key: IdempotencyKey) -> Response:
    """Correct the unit where it happened.

    For follow-up and statistics, by the patients' committee; the case stays where it is.
    """
    body, handling = await read_json(request, UnitCorrectionBody), visit_of(request).doors.handling
    asked, unit = _asked(request, number, key, body), HsaId(body["careUnitHsaId"])
    return receipt(request, await run_sync(handling.correct_unit, asked, unit))


async def classify_case(request: Request, number: CaseNumber, key: IdempotencyKey) -> Response:
    """Classify a case.

    A case needs at least one problem and a field of operation before it is closed.
    """
    body, handling = await read_json(request, ClassificationBody), visit_of(request).doors.handling
    asked, as_ = _asked(request, number, key, body), classification_from_json(body)
    return receipt(request, await run_sync(handling.classify, asked, as_))


async def reopen_case(request: Request, number: CaseNumber, key: IdempotencyKey) -> Response:
    """Reopen a closed case.

    Within a set time after it was closed; the citizen is told.
    """
    body, handling = await read_json(request, ReopeningBody), visit_of(request).doors.handling
    asked = _asked(request, number, key, body)
    return receipt(request, await run_sync(handling.reopen, asked, body.get("text")))


def _asked(request: Request, number: str, key: str, body: Json) -> Asked:
    return Asked(number, key, known_caller(request), body.get("version"))


def _handler(body: Json) -> Handler | None:
    hsa_id, name = body.get("handlerHsaId"), body.get("handlerName")
    if hsa_id is None and name is None:
        return None
    if hsa_id is None or not (name and name.strip()):
        words = "give both handlerHsaId and handlerName, or neither to leave it to nobody"
        raise Refusal(Fault(Rule.SCHEMA, "handlerHsaId", words))
    return Handler(HsaId(hsa_id), name)


def _verb(path: str, endpoint: Endpoint, body: type[Shape], *more: Rule) -> Resource:
    return Resource(
        "POST",
        f"/unit-inbox/{{caseNumber}}/{path}",
        endpoint,
        (Answer(201, "It is on disk.", ReceiptAnswer), REPEATED),
        (*BODY_RULES, *_ACT_RULES, *more),
        body=body,
        case_read_by="readHandling",
    )


# What any verb can break; see `flow.handling.act`.
_ACT_RULES = (
    Rule.NOT_PERMITTED,
    Rule.CASE_UNKNOWN,
    Rule.IDEMPOTENCY_CONFLICT,
    Rule.CASE_OVERTAKEN,
    Rule.STEP_NOT_LEGAL,
)

HANDLING = (
    Resource(
        "GET",
        "/unit-inbox/{caseNumber}/handling",
        read_handling,
        (Answer(200, "How it is handled.", HandlingAnswer),),
        (Rule.NOT_PERMITTED, Rule.CASE_UNKNOWN),
    ),
    _verb("assignments", assign_case, AssignmentBody, Rule.HSA_ID_INVALID),
    _verb("relation-verifications", verify_relation, SeenBody),
    _verb("unit-corrections", correct_unit, UnitCorrectionBody, Rule.HSA_ID_INVALID),
    _verb("classifications", classify_case, ClassificationBody, Rule.CODE_UNKNOWN),
    _verb("reopenings", reopen_case, ReopeningBody),
)
