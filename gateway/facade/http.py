"""Every way in over HTTP as one app: REST, SOAP, and what probes and other platforms ask."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from importlib.metadata import version
from time import monotonic

from anyio.to_thread import run_sync
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from gateway.domain.errors import Unavailable
from gateway.domain.period import SWEDEN
from gateway.facade.doors import Doors
from gateway.facade.rest.api import make_rest
from gateway.facade.rest.problem import answered, trouble_of
from gateway.facade.rest.trace import continued
from gateway.facade.soap import is_call, make_calls
from gateway.facade.soap import routes as soap_routes
from gateway.routes.live import Live

Lifespan = Callable[[Starlette], AbstractAsyncContextManager[None]]


def make_app(
    doors: Doors, lifespan: Lifespan | None = None, more: Sequence[BaseRoute] = ()
) -> ASGIApp:
    """Make the app; `lifespan` runs from before the first request until after the last."""
    began, calls = monotonic(), make_calls(doors)

    async def live(_: Request) -> Response:
        return JSONResponse({"status": "UP"})

    async def ready(request: Request) -> Response:
        if await run_sync(doors.operating.ready):
            return JSONResponse({"status": "UP"})
        return await _problem(request, Unavailable("the store does not answer"))

    async def status(_: Request) -> Response:
        told = _status(doors, monotonic() - began)
        return JSONResponse(told | await run_sync(_notices, doors))

    app = Starlette(
        routes=[
            *soap_routes(doors, calls),
            Mount("/api/v1", make_rest(doors)),
            Route("/health/live", live),
            Route("/health/ready", ready),
            Route("/status", status),
            *more,
        ],
        exception_handlers={HTTPException: _problem},
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False

    async def in_short(scope: Scope, receive: Receive, send: Send) -> None:
        # Most requests are calls, and the layers of an app take as long as the rest of one.
        await (calls if is_call(scope) else app)(scope, receive, send)

    return in_short


async def _problem(request: Request, error: Exception) -> Response:
    trace = continued(request.headers.getlist("traceparent"))
    response = answered(trouble_of(error), trace)
    response.headers["traceparent"] = trace.traceparent
    return response


def _status(doors: Doors, uptime_s: float) -> dict[str, object]:
    """Tell how it stands, by the keys that platforms know (INTEROP §2.8) where they fit."""
    live = doors.publishing.live.live()
    table, published, refused = live.table, live.publication, doors.publishing.live.refused
    return {
        "Name": "vaxel",
        "Version": version("vaxel"),
        "ServiceStatus": "Started",
        "Uptime": _uptime(int(uptime_s)),
        "ManagementName": doors.name,
        "Publication": published.number,
        "PublicationRefused": refused.number if refused else None,
        "RouteTableVersion": table.version,
        "Regions": len(table.regions),
        "Units": len(table.units),
        # Where a platform tells of its copy of the catalogue: here it is the routes themselves.
        "TakCacheInitialized": "true",
        "TakCacheResetInfo": _reset_info(live),
        "Endpoints": [f"{doors.public_url}/soap", f"{doors.public_url}/api/v1"],
    }


def _notices(doors: Doors) -> dict[str, object]:
    """Tell what waits to be told to citizens; None where nothing is sent, or nobody knows."""
    try:
        standing = doors.notices() if doors.notices else None
    except Unavailable:
        standing = None
    since = standing.since if standing else None
    return {
        "NoticesWaiting": standing.waiting if standing else None,
        "NoticesOldestWaiting": since.isoformat(timespec="seconds") if since else None,
        "NoticesParked": standing.parked if standing else None,
    }


def _reset_info(live: Live) -> str:
    at = live.publication.published_at.astimezone(SWEDEN)
    permissions = live.table.permissions
    called = len(permissions.rows) if permissions else 0
    return f"Date:{at:%Y-%m-%dT%H:%M} Status:REFRESH_OK vagval:{len(live.table.units)} behorigheter:{called}"  # noqa: E501 one line


def _uptime(seconds: int) -> str:
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    return f"{days} days, {hours} hours, {minutes} minutes, {seconds} seconds"
