"""Improvement measures on themes and on cases: recorded, followed up and evaluated (F3)."""

from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from anyio.to_thread import run_sync
from fastapi import Path
from pydantic import Field, StringConstraints
from starlette.requests import Request
from starlette.responses import Response

from gateway.domain.errors import Rule
from gateway.domain.notation import Json
from gateway.domain.theme import Measure, MeasureLevel, MeasureNote, MeasureStep
from gateway.facade.rest.answers import A_CASE_NUMBER, told
from gateway.facade.rest.entrance import known_caller, visit_of
from gateway.facade.rest.parameters import CaseNumber, IdempotencyKey
from gateway.facade.rest.reading import read_json
from gateway.facade.rest.resource import BODY_RULES, Answer, Endpoint, Resource
from gateway.facade.rest.shape import Time, Told
from gateway.facade.rest.theme_bodies import A_THEME
from gateway.facade.rest.themes import ThemeId
from gateway.flow.measures import Wish
from gateway.shapes.shape import Day, Reason, Shape, Words

_A_MEASURE = "6b0d3a52-2c0b-5f4e-9d2e-6a3c9a8f1b70"
_WHAT = "Nya stolar i väntrummet"
_WHO = "Enhetschefen"

_Filled = Annotated[Words, StringConstraints(min_length=1)]
_MeasureId = Annotated[UUID, Path(alias="measureId", examples=[_A_MEASURE])]


class MeasureBody(Shape):
    """A measure to be recorded."""

    what: _Filled = Field(examples=[_WHAT])
    level: MeasureLevel = Field(description="Where it improves something.")
    responsible: Reason = Field(description="Who answers for it.", examples=[_WHO])
    due_date: Day | None = Field(None, examples=["2026-06-01"])

    EXAMPLE: ClassVar[Json] = {
        "what": _WHAT,
        "level": "UNIT",
        "responsible": _WHO,
        "dueDate": "2026-06-01",
    }


class MeasureNoteBody(Shape):
    """How a measure went."""

    text: _Filled = Field(examples=["Stolarna är på plats."])

    EXAMPLE: ClassVar[Json] = {"text": "Stolarna är på plats."}


class MeasureNoteAnswer(Told):
    """How a measure went, as somebody saw it then."""

    text: str = Field(examples=["Stolarna är på plats."])
    time: Time
    by: str = Field(examples=["SE2321000016-NURSE"])

    EXAMPLE: ClassVar[Json] = {
        "text": "Stolarna är på plats.",
        "time": "2026-06-01T08:30:00Z",
        "by": "SE2321000016-NURSE",
    }


class MeasureAnswer(Told):
    """A measure, on a theme or on a case."""

    id: str = Field(examples=[_A_MEASURE])
    theme_id: str | None = Field(None, examples=[A_THEME])
    case_number: str | None = Field(None, examples=[A_CASE_NUMBER])
    what: str = Field(examples=[_WHAT])
    level: MeasureLevel
    responsible: str = Field(examples=[_WHO])
    due_date: str | None = Field(None, examples=["2026-06-01"])
    recorded_time: Time
    recorded_by: str = Field(examples=["SE2321000016-NURSE"])
    followed_up: MeasureNoteAnswer | None = None
    evaluated: MeasureNoteAnswer | None = None

    EXAMPLE: ClassVar[Json] = MeasureBody.EXAMPLE | {
        "id": _A_MEASURE,
        "themeId": A_THEME,
        "recordedTime": "2026-03-02T08:30:00Z",
        "recordedBy": "SE2321000016-NURSE",
    }


class MeasuresAnswer(Told):
    """Measures, in the order they were recorded."""

    items: tuple[MeasureAnswer, ...]

    EXAMPLE: ClassVar[Json] = {"items": [MeasureAnswer.EXAMPLE]}


async def list_theme_measures(request: Request, theme: ThemeId) -> Response:
    """List the measures on a theme."""
    measures = visit_of(request).doors.measures
    return _all(await run_sync(measures.of_theme, theme, known_caller(request)))


async def list_case_measures(request: Request, number: CaseNumber) -> Response:
    """List the measures on a case."""
    measures = visit_of(request).doors.measures
    return _all(await run_sync(measures.of_case, number, known_caller(request)))


async def record_theme_measure(request: Request, theme: ThemeId, key: IdempotencyKey) -> Response:
    """Record a measure on a theme.

    The same key again records no other.
    """
    wish, measures = await _wish(request, key), visit_of(request).doors.measures
    made = await run_sync(measures.record_on_theme, theme, wish, known_caller(request))
    return told(_answer(made), 201)


async def record_case_measure(
    request: Request, number: CaseNumber, key: IdempotencyKey
) -> Response:
    """Record a measure on a case.

    The same key again records no other. That it was recorded is put on the case's timeline.
    """
    wish, measures = await _wish(request, key), visit_of(request).doors.measures
    made = await run_sync(measures.record_on_case, number, wish, known_caller(request))
    return told(_answer(made), 201)


async def follow_up_measure(request: Request, measure: _MeasureId) -> Response:
    """Follow a measure up.

    Whether it was carried out; once.
    """
    return await _note(request, measure, MeasureStep.FOLLOW_UP)


async def evaluate_measure(request: Request, measure: _MeasureId) -> Response:
    """Evaluate a measure.

    Whether it had the effect that was wanted; once.
    """
    return await _note(request, measure, MeasureStep.EVALUATION)


async def _wish(request: Request, key: str) -> Wish:
    body = await read_json(request, MeasureBody)
    due = body.get("dueDate")
    level, day = MeasureLevel(body["level"]), date.fromisoformat(due) if due else None
    return Wish(key, body["what"], level, body["responsible"], day)


async def _note(request: Request, measure: UUID, step: MeasureStep) -> Response:
    measures, body = visit_of(request).doors.measures, await read_json(request, MeasureNoteBody)
    caller = known_caller(request)
    return told(_answer(await run_sync(measures.note, measure, step, body["text"], caller)))


def _all(found: list[Measure]) -> Response:
    return told(MeasuresAnswer(items=tuple(map(_answer, found))))


def _answer(measure: Measure) -> MeasureAnswer:
    return MeasureAnswer(
        id=str(measure.id),
        theme_id=str(measure.theme) if measure.theme else None,
        case_number=measure.case_number,
        what=measure.what,
        level=measure.level,
        responsible=measure.responsible,
        due_date=measure.due.isoformat() if measure.due else None,
        recorded_time=measure.recorded_at,
        recorded_by=measure.recorded_by,
        followed_up=_noted(measure.followed_up),
        evaluated=_noted(measure.evaluated),
    )


def _noted(note: MeasureNote | None) -> MeasureNoteAnswer | None:
    return None if note is None else MeasureNoteAnswer(text=note.text, time=note.at, by=note.by)


def _listing(path: str, endpoint: Endpoint, unknown: Rule) -> Resource:
    answer = Answer(200, "The measures.", MeasuresAnswer)
    return Resource("GET", path, endpoint, (answer,), (Rule.SCHEMA, Rule.NOT_PERMITTED, unknown))


def _recording(path: str, endpoint: Endpoint, unknown: Rule) -> Resource:
    rules = (*BODY_RULES, Rule.NOT_PERMITTED, unknown, Rule.IDEMPOTENCY_CONFLICT)
    answer = Answer(201, "The measure.", MeasureAnswer)
    return Resource("POST", path, endpoint, (answer,), rules, body=MeasureBody)


def _noting(path: str, endpoint: Endpoint) -> Resource:
    rules = (*BODY_RULES, Rule.NOT_PERMITTED, Rule.MEASURE_UNKNOWN, Rule.STEP_NOT_LEGAL)
    answer = Answer(200, "The measure.", MeasureAnswer)
    return Resource("POST", path, endpoint, (answer,), rules, body=MeasureNoteBody)


MEASURES = (
    _listing("/themes/{themeId}/measures", list_theme_measures, Rule.THEME_UNKNOWN),
    _recording("/themes/{themeId}/measures", record_theme_measure, Rule.THEME_UNKNOWN),
    _listing("/unit-inbox/{caseNumber}/measures", list_case_measures, Rule.CASE_UNKNOWN),
    _recording("/unit-inbox/{caseNumber}/measures", record_case_measure, Rule.CASE_UNKNOWN),
    _noting("/measures/{measureId}/follow-up", follow_up_measure),
    _noting("/measures/{measureId}/evaluation", evaluate_measure),
)
