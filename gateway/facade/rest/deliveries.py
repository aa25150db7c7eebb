"""Deliveries: what waits where, since when and why, and trying again (DOMAIN G1, C4)."""

from datetime import datetime
from typing import Annotated, Any, ClassVar
from uuid import UUID

from anyio.to_thread import run_sync
from fastapi import Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from gateway.domain.blame import Blame
from gateway.domain.case import CaseEvent
from gateway.domain.errors import Rule
from gateway.domain.lifecycle import DeliveryState
from gateway.domain.notation import Json
from gateway.facade.rest.answers import A_CASE_NUMBER, told
from gateway.facade.rest.entrance import known_caller, visit_of
from gateway.facade.rest.parameters import NEXT, DeliveryId, Limit, page
from gateway.facade.rest.resource import Answer, Resource
from gateway.facade.rest.shape import Time, Told
from gateway.flow.ports import Attempt, DeliveryRecord
from gateway.shapes.shape import Text

_DELIVERY_ID = "0198f0a4-7c1e-7d3a-9b52-3f6f0c0a1b2c"


class DeliveryAnswer(Told):
    """Where a delivery stands."""

    delivery_id: str = Field(examples=[_DELIVERY_ID])
    case_number: str = Field(examples=[A_CASE_NUMBER])
    case_event: CaseEvent
    destination: str = Field(examples=["stockholm/avvikelse"])
    state: DeliveryState
    created_time: Time
    age_seconds: int = Field(description="How long ago it was made.", examples=[259_200])
    due_time: Time | None = Field(
        None,
        description="When it is tried next, at the earliest; left out when something must happen "
        "first, which `reason` tells.",
    )
    attempts: int = Field(description="How many so far.", examples=[3])
    reason: str | None = Field(
        None, description="Why it stands there, in plain words.", examples=["HTTP 503"]
    )
    fault: str | None = Field(
        None,
        description="The fingerprint of what it is parked for.",
        examples=["5f2c9e0a71d3b846"],
    )
    blame: Blame | None = Field(None, description="Whose it is to mend what it is parked for.")
    remote_id: str | None = Field(
        None, description="What they call it.", examples=["AVV-2026-118"]
    )

    EXAMPLE: ClassVar[Json] = {
        "deliveryId": _DELIVERY_ID,
        "caseNumber": A_CASE_NUMBER,
        "caseEvent": "SUBMITTED",
        "destination": "stockholm/avvikelse",
        "state": "PARKED",
        "createdTime": "2026-03-02T08:30:00Z",
        "ageSeconds": 259_200,
        "attempts": 3,
        "reason": "HTTP 503",
        "fault": "5f2c9e0a71d3b846",
        "blame": "THEIRS",
    }


class DeliveryPage(Told):
    """A page of deliveries, in the order they were made."""

    items: tuple[DeliveryAnswer, ...]
    next: str | None = Field(None, description=NEXT, examples=[_DELIVERY_ID])

    EXAMPLE: ClassVar[Json] = {"items": [DeliveryAnswer.EXAMPLE]}


class AttemptAnswer(Told):
    """One attempt."""

    number: int = Field(description="From 1.", examples=[1])
    started_time: Time
    ended_time: Time
    outcome: str = Field(examples=["try-later"])
    reason: str | None = Field(None, examples=["HTTP 503"])

    EXAMPLE: ClassVar[Json] = {
        "number": 1,
        "startedTime": "2026-03-02T08:30:00Z",
        "endedTime": "2026-03-02T08:30:01Z",
        "outcome": "try-later",
        "reason": "HTTP 503",
    }


class DeliveryHistoryAnswer(DeliveryAnswer):
    """Where a delivery stands, and every attempt."""

    history: tuple[AttemptAnswer, ...]

    EXAMPLE: ClassVar[Json] = {**DeliveryAnswer.EXAMPLE, "history": [AttemptAnswer.EXAMPLE]}


async def list_deliveries(
    request: Request,
    state: Annotated[DeliveryState | None, Query(description="Only those standing here.")] = None,
    destination: Annotated[
        Text | None, Query(description="Only those to it.", examples=["stockholm/avvikelse"])
    ] = None,
    after: Annotated[
        UUID | None, Query(description="The last delivery of the page before.")
    ] = None,
    limit: Limit = 20,
) -> Response:
    """List deliveries.

    For operators: what waits, is sent, has arrived or is parked, in the order it was made.
    """
    operating = visit_of(request).doors.operating
    caller = known_caller(request)
    found = await run_sync(operating.listed, caller, state, destination, after, limit + 1)
    shown, following = page(found, limit, lambda record: str(record.id))
    now = operating.clock()
    items = tuple(DeliveryAnswer(**_fields(record, now)) for record in shown)
    return told(DeliveryPage(items=items, next=following))


async def read_delivery(request: Request, delivery: DeliveryId) -> Response:
    """Read a delivery.

    For operators: where it stands, and every attempt with what came of it.
    """
    operating = visit_of(request).doors.operating
    record, attempts = await run_sync(operating.delivery, delivery, known_caller(request))
    history = tuple(map(_attempt, attempts))
    return told(DeliveryHistoryAnswer(**_fields(record, operating.clock()), history=history))


async def replay_delivery(request: Request, delivery: DeliveryId) -> Response:
    """Replay a delivery.

    For operators: a parked delivery is tried again at once. Only a parked one can be.
    """
    operating = visit_of(request).doors.operating
    record = await run_sync(operating.replay, delivery, known_caller(request))
    return told(DeliveryAnswer(**_fields(record, operating.clock())))


async def hurry_delivery(request: Request, delivery: DeliveryId) -> Response:
    """Hurry a delivery.

    For operators: one that waits is due at once. Its patience and its waits go on as they were.
    When its destination is not called now, `reason` tells why, and `dueTime` until when.
    """
    operating = visit_of(request).doors.operating
    record = await run_sync(operating.hurry, delivery, known_caller(request))
    return told(DeliveryAnswer(**_fields(record, operating.clock())))


def _fields(record: DeliveryRecord, now: datetime) -> dict[str, Any]:  # those of DeliveryAnswer
    return {
        "delivery_id": str(record.id),
        "case_number": record.case_number,
        "case_event": record.event,
        "destination": record.destination,
        "state": record.state,
        "created_time": record.created_at,
        "age_seconds": max(0, int((now - record.created_at).total_seconds())),
        "due_time": record.next_at,
        "attempts": record.attempts,
        "reason": record.why,
        "fault": record.fault,
        "blame": record.blame,
        "remote_id": record.remote_id,
    }


def _attempt(attempt: Attempt) -> AttemptAnswer:
    return AttemptAnswer(
        number=attempt.number,
        started_time=attempt.started_at,
        ended_time=attempt.ended_at,
        outcome=attempt.outcome,
        reason=attempt.reason,
    )


DELIVERIES = (
    Resource(
        "GET",
        "/deliveries",
        list_deliveries,
        (Answer(200, "A page of deliveries.", DeliveryPage),),
        (Rule.SCHEMA, Rule.NOT_PERMITTED),
    ),
    Resource(
        "GET",
        "/deliveries/{deliveryId}",
        read_delivery,
        (Answer(200, "The delivery.", DeliveryHistoryAnswer),),
        (Rule.NOT_PERMITTED, Rule.CASE_UNKNOWN),
    ),
    Resource(
        "POST",
        "/deliveries/{deliveryId}/replays",
        replay_delivery,
        (Answer(200, "The delivery, which now waits.", DeliveryAnswer),),
        (Rule.NOT_PERMITTED, Rule.CASE_UNKNOWN, Rule.STEP_NOT_LEGAL),
    ),
    Resource(
        "POST",
        "/deliveries/{deliveryId}/hurry",
        hurry_delivery,
        (Answer(200, "The delivery, which is due at once.", DeliveryAnswer),),
        (Rule.NOT_PERMITTED, Rule.CASE_UNKNOWN, Rule.STEP_NOT_LEGAL),
    ),
)
