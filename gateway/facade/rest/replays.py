"""Replays: trying many of what is parked again (DOMAIN C4)."""

from datetime import datetime
from typing import Annotated, Any, ClassVar
from uuid import UUID

from anyio.to_thread import run_sync
from fastapi import Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from gateway.domain.errors import Fault, Refusal, Rule
from gateway.domain.notation import Json
from gateway.facade.rest.answers import told
from gateway.facade.rest.entrance import known_caller, visit_of
from gateway.facade.rest.parameters import NEXT, Limit, ReplayId, page
from gateway.facade.rest.reading import read_json
from gateway.facade.rest.resource import Answer, Resource
from gateway.facade.rest.shape import Time, Told
from gateway.flow.parked import ORIGINAL, Replay, ReplayState, ReplayStep, Selection
from gateway.flow.replaying import Preview
from gateway.shapes.shape import Id, Instant, Shape

_A_REPLAY = "0198f0a4-7c1e-7d3a-9b52-3f6f0c0a1b2c"
_A_FAULT = "5f2c9e0a71d3b846"
_A_DESTINATION = "stockholm/avvikelse"


class FilterBody(Shape):
    """Which parked deliveries: all that fit everything that is said. Say one thing at least."""

    delivery_id: Id | None = Field(None, examples=[_A_REPLAY])
    destination: Id | None = Field(None, examples=[_A_DESTINATION])
    fault: Id | None = Field(None, examples=[_A_FAULT])
    region: Id | None = Field(None, examples=["stockholm"])
    created_from: Instant | None = Field(None, description="Made then or later.")
    created_to: Instant | None = Field(None, description="Made before then.")

    EXAMPLE: ClassVar[Json] = {"destination": _A_DESTINATION, "fault": _A_FAULT}


class ReplayBody(Shape):
    """Which to try again, and where."""

    filter: FilterBody
    route: Id = Field(
        ORIGINAL,
        description="`original`: where they were going. `today`: where the route table leads "
        "now. Or a destination's key: there. With a case that nobody has yet, the case goes too.",
        examples=["today"],
    )
    dry_run: bool = Field(False, description="Only tell what it would take.")

    EXAMPLE: ClassVar[Json] = {"filter": FilterBody.EXAMPLE, "route": "today", "dryRun": False}


class PreviewAnswer(Told):
    """What a replay would take."""

    count: int = Field(examples=[412])
    destinations: int = Field(description="At how many they are parked.", examples=[1])
    warnings: tuple[str, ...] = Field(
        description="What will wait all the same, and where a repeat may double."
    )

    EXAMPLE: ClassVar[Json] = {
        "count": 412,
        "destinations": 1,
        "warnings": [
            "3 of 412 may have arrived at stockholm/avvikelse already, "
            "and it does not recognise repeats"
        ],
    }


class ReplayAnswer(Told):
    """A replay, and how far it has come."""

    replay_id: str = Field(examples=[_A_REPLAY])
    state: ReplayState
    route: str = Field(examples=["today"])
    created_time: Time
    total: int = Field(
        description="How many were chosen; more than before where more came to light since.",
        examples=[412],
    )
    done: int = Field(description="How many wait again.", examples=[200])
    skipped: int = Field(
        description="How many stay parked for want of a way, or were taken by somebody else.",
        examples=[0],
    )

    EXAMPLE: ClassVar[Json] = {
        "replayId": _A_REPLAY,
        "state": "RUNNING",
        "route": "today",
        "createdTime": "2026-03-02T08:30:00Z",
        "total": 412,
        "done": 200,
        "skipped": 0,
    }


class ReplayPage(Told):
    """A page of replays, newest first."""

    items: tuple[ReplayAnswer, ...]
    next: str | None = Field(None, description=NEXT, examples=[_A_REPLAY])

    EXAMPLE: ClassVar[Json] = {"items": [ReplayAnswer.EXAMPLE]}


async def list_replays(
    request: Request,
    after: Annotated[
        UUID | None,
        Query(description="The last replay of the page before.", examples=[_A_REPLAY]),
    ] = None,
    limit: Limit = 20,
) -> Response:
    """List replays.

    For operators: newest first, with how far each has come.
    """
    replaying, caller = visit_of(request).doors.replaying, known_caller(request)
    found = await run_sync(replaying.listed, caller, after, limit + 1)
    shown, following = page(found, limit, lambda replay: str(replay.id))
    return told(ReplayPage(items=tuple(map(_answer, shown)), next=following))


async def start_replay(request: Request) -> Response:
    """Start a replay.

    For operators: what is parked now and fits is tried again, in steps, each with new patience.
    With another route than `original`, so is what waits for a destination that is not in the route
    table any more. With `dryRun` nothing is changed: it is told how many there are, what will wait
    since its destination is not called now, and where a repeat may double.
    """
    replaying, caller = visit_of(request).doors.replaying, known_caller(request)
    body = await read_json(request, ReplayBody)
    chosen, route = _selection(body["filter"]), body["route"]
    if body["dryRun"]:
        return told(_preview(await run_sync(replaying.preview, chosen, route, caller)))
    return told(_answer(await run_sync(replaying.start, chosen, route, caller)), 201)


async def read_replay(request: Request, replay: ReplayId) -> Response:
    """Read a replay.

    For operators: how far it has come.
    """
    replaying = visit_of(request).doors.replaying
    return told(_answer(await run_sync(replaying.find, replay, known_caller(request))))


async def pause_replay(request: Request, replay: ReplayId) -> Response:
    """Pause a replay.

    For operators: nothing more is taken until it is resumed.
    """
    return await _moved(request, replay, ReplayStep.PAUSE)


async def resume_replay(request: Request, replay: ReplayId) -> Response:
    """Resume a replay.

    For operators: it goes on where it was paused.
    """
    return await _moved(request, replay, ReplayStep.RESUME)


async def cancel_replay(request: Request, replay: ReplayId) -> Response:
    """Cancel a replay.

    For operators: nothing more is taken; what was taken is tried all the same.
    """
    return await _moved(request, replay, ReplayStep.CANCEL)


async def _moved(request: Request, replay: UUID, step: ReplayStep) -> Response:
    replaying = visit_of(request).doors.replaying
    return told(_answer(await run_sync(replaying.move, replay, step, known_caller(request))))


def _selection(said: Json) -> Selection:
    return Selection(
        delivery=_delivery(said.get("deliveryId")),
        destination=said.get("destination"),
        fault=said.get("fault"),
        region=said.get("region"),
        created_from=_instant(said.get("createdFrom")),
        created_to=_instant(said.get("createdTo")),
    )


def _delivery(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise Refusal(Fault(Rule.SCHEMA, "filter/deliveryId", "is no id")) from None


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _preview(preview: Preview) -> PreviewAnswer:
    return PreviewAnswer(
        count=preview.count, destinations=preview.destinations, warnings=preview.warnings
    )


def _answer(replay: Replay) -> ReplayAnswer:
    return ReplayAnswer(
        replay_id=str(replay.id),
        state=replay.state,
        route=replay.route,
        created_time=replay.made_at,
        total=replay.total,
        done=replay.done,
        skipped=replay.skipped,
    )


def _step(verb: str, endpoint: Any) -> Resource:  # one of the three endpoints above
    return Resource(
        "POST",
        f"/replays/{{replayId}}/{verb}",
        endpoint,
        (Answer(200, "The replay.", ReplayAnswer),),
        (Rule.NOT_PERMITTED, Rule.CASE_UNKNOWN, Rule.STEP_NOT_LEGAL),
    )


REPLAYS = (
    Resource(
        "GET",
        "/replays",
        list_replays,
        (Answer(200, "A page of replays.", ReplayPage),),
        (Rule.SCHEMA, Rule.NOT_PERMITTED),
    ),
    Resource(
        "POST",
        "/replays",
        start_replay,
        (
            Answer(201, "The replay has begun.", ReplayAnswer),
            Answer(200, "What it would take; nothing was changed.", PreviewAnswer),
        ),
        (
            Rule.UNREADABLE,
            Rule.SCHEMA,
            Rule.TOO_LARGE,
            Rule.MEDIA_TYPE_NOT_ACCEPTED,
            Rule.NOT_PERMITTED,
            Rule.NOTHING_PARKED,
        ),
        body=ReplayBody,
    ),
    Resource(
        "GET",
        "/replays/{replayId}",
        read_replay,
        (Answer(200, "The replay.", ReplayAnswer),),
        (Rule.NOT_PERMITTED, Rule.CASE_UNKNOWN),
    ),
    _step("pause", pause_replay),
    _step("resume", resume_replay),
    _step("cancel", cancel_replay),
)
