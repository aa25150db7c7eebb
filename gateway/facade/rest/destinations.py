"""Destinations: how each stands, in plain words, and pausing one (DOMAIN C2, G1)."""

from typing import Annotated, ClassVar

from anyio.to_thread import run_sync
from fastapi import Path, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from gateway.domain.errors import Rule
from gateway.domain.notation import Json
from gateway.facade.rest.answers import told
from gateway.facade.rest.entrance import known_caller, visit_of
from gateway.facade.rest.parameters import NEXT, Limit, page
from gateway.facade.rest.reading import read_json
from gateway.facade.rest.resource import Answer, Resource
from gateway.facade.rest.shape import Time, Told
from gateway.flow.health import DestinationRecord, Standing
from gateway.shapes.shape import Reason, Shape, Text

_A_DESTINATION = "stockholm/avvikelse"
_A_REASON = "Nya certifikat på söndag"
_NAME = r"^[a-z0-9]+(-[a-z0-9]+)*$"

Region = Annotated[str, Path(pattern=_NAME, description="Its region.", examples=["stockholm"])]
Name = Annotated[str, Path(pattern=_NAME, description="Its name there.", examples=["avvikelse"])]


class PauseBody(Shape):
    """Why deliveries to a destination are stopped."""

    reason: Reason = Field(
        description="For other operators to read; nothing personal.", examples=[_A_REASON]
    )

    EXAMPLE: ClassVar[Json] = {"reason": _A_REASON}


class PauseAnswer(Told):
    """A pause: why, by whom, since when."""

    reason: str = Field(examples=[_A_REASON])
    paused_by: str = Field(
        description="The operator's HSA-id; of a command, the user's name on the machine too.",
        examples=["SE5560000000-OPS"],
    )
    paused_time: Time

    EXAMPLE: ClassVar[Json] = {
        "reason": _A_REASON,
        "pausedBy": "SE5560000000-OPS",
        "pausedTime": "2026-03-02T08:30:00Z",
    }


class DestinationAnswer(Told):
    """How a destination stands; whatever it is, what comes for it is kept."""

    destination: str = Field(examples=[_A_DESTINATION])
    title: str | None = Field(
        None, description="Left out when it is in no route table.", examples=["Avvikelse"]
    )
    standing: Standing
    reason: str = Field(description="In plain words.", examples=["it is called"])
    failing_since: Time | None = Field(
        None, description="The first of the failures in a row, if the last attempt failed."
    )
    next_probe_time: Time | None = Field(
        None,
        description="When, at the earliest, one delivery finds out whether it answers again.",
    )
    pause: PauseAnswer | None = None
    waiting: int = Field(
        description="How many deliveries wait for it or are under way.", examples=[17]
    )
    waiting_since: Time | None = Field(None, description="When the oldest of them was made.")

    EXAMPLE: ClassVar[Json] = {
        "destination": _A_DESTINATION,
        "title": "Avvikelse",
        "standing": "PAUSED",
        "reason": f"it is paused by SE5560000000-OPS since 2026-03-02T09:30:00+01:00: {_A_REASON}",
        "pause": PauseAnswer.EXAMPLE,
        "waiting": 17,
        "waitingSince": "2026-03-02T08:31:00Z",
    }


class DestinationPage(Told):
    """A page of destinations, by name."""

    items: tuple[DestinationAnswer, ...]
    next: str | None = Field(None, description=NEXT, examples=[_A_DESTINATION])

    EXAMPLE: ClassVar[Json] = {"items": [DestinationAnswer.EXAMPLE]}


async def list_destinations(
    request: Request,
    after: Annotated[
        Text | None,
        Query(description="The last destination of the page before.", examples=[_A_DESTINATION]),
    ] = None,
    limit: Limit = 20,
) -> Response:
    """List destinations.

    For operators: every destination of the route table, and every other one that something still
    waits for, with how it stands.
    """
    health = visit_of(request).doors.operating.health
    found = await run_sync(health.listed, known_caller(request))
    coming = [record for record in found if after is None or record.key > after]
    shown, following = page(coming, limit, lambda record: record.key)
    return told(DestinationPage(items=tuple(map(_answer, shown)), next=following))


async def pause_destination(request: Request, region: Region, name: Name) -> Response:
    """Pause a destination.

    For operators: nothing more is sent there until it is resumed. What comes for it is kept.
    """
    body, health = await read_json(request, PauseBody), visit_of(request).doors.operating.health
    caller = known_caller(request)
    return told(_answer(await run_sync(health.pause, f"{region}/{name}", body["reason"], caller)))


async def resume_destination(request: Request, region: Region, name: Name) -> Response:
    """Resume a destination.

    For operators: what was kept for it is sent, and what comes from now on.
    """
    health = visit_of(request).doors.operating.health
    return told(_answer(await run_sync(health.resume, f"{region}/{name}", known_caller(request))))


def _answer(record: DestinationRecord) -> DestinationAnswer:
    breaker, paused, backlog = record.state.breaker, record.state.paused, record.backlog
    return DestinationAnswer(
        destination=record.key,
        title=record.title,
        standing=record.standing,
        reason=record.reason,
        failing_since=breaker.failing_since,
        next_probe_time=breaker.next_at,
        pause=PauseAnswer(reason=paused.reason, paused_by=paused.by, paused_time=paused.at)
        if paused
        else None,
        waiting=backlog.waiting if backlog else 0,
        waiting_since=backlog.oldest if backlog else None,
    )


DESTINATIONS = (
    Resource(
        "GET",
        "/destinations",
        list_destinations,
        (Answer(200, "A page of destinations.", DestinationPage),),
        (Rule.SCHEMA, Rule.NOT_PERMITTED),
    ),
    Resource(
        "POST",
        "/destinations/{region}/{name}/pause",
        pause_destination,
        (Answer(200, "The destination, which is now paused.", DestinationAnswer),),
        (
            Rule.UNREADABLE,
            Rule.SCHEMA,
            Rule.TOO_LARGE,
            Rule.MEDIA_TYPE_NOT_ACCEPTED,
            Rule.NOT_PERMITTED,
            Rule.CASE_UNKNOWN,
            Rule.STEP_NOT_LEGAL,
        ),
        body=PauseBody,
    ),
    Resource(
        "POST",
        "/destinations/{region}/{name}/resume",
        resume_destination,
        (Answer(200, "The destination, which is no longer paused.", DestinationAnswer),),
        (Rule.NOT_PERMITTED, Rule.CASE_UNKNOWN, Rule.STEP_NOT_LEGAL),
    ),
)
