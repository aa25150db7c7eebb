"""Everybody who visits a page comes in here: one log line, the same headers, no bare error."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from urllib.parse import urlencode

import structlog
from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.console.desk import Desk
from gateway.console.forms import read_form
from gateway.console.visit import HOME, NotSignedIn, Visit, open_visit, visit_of
from gateway.domain.errors import Refusal, Unavailable

Handle = Callable[[Visit], Response]

_CASE_NUMBER = re.compile(r"[0-9]{4}-[0-9A-Z]{4}-[0-9A-Z]{6}")
# Nothing but our own style sheets and pictures is loaded, no script runs, and no other site can
# put a page in a frame or be sent a form.
_HEADERS = (
    (
        b"content-security-policy",
        b"default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
        b"base-uri 'none'; frame-ancestors 'none'",
    ),
    (b"cache-control", b"no-store"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
_LOG = structlog.get_logger()


class ForgedForm(Exception):
    """A form was not made by us for this session."""


def page(path: str, handle: Handle, threads: CapacityLimiter, method: str = "GET") -> Route:
    """
    Make a route; `handle` works in one of `threads`, with the form read and known to be ours.

    They are not those of the other doors, which no browser can fill.
    """

    async def endpoint(request: Request) -> Response:
        visit = visit_of(request)
        try:
            if method == "POST":
                await _take_form(visit)
            return await run_sync(handle, visit, limiter=threads)
        except Exception as error:  # noqa: BLE001 whatever it is, a page says that it failed
            return refused(visit, error)

    return Route(path, endpoint, methods=[method])


@dataclass(frozen=True, slots=True)
class Entrance:
    """The outermost part of the pages."""

    app: ASGIApp
    desk: Desk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, and write its line in the log when it is answered."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        visit = open_visit(self.desk, Request(scope, receive))
        try:
            await self.app(scope, receive, _marked(send, visit))
        finally:
            _LOG.info("console.answered", **_told(scope, visit))


def refused(visit: Visit, error: Exception) -> Response:
    """Answer a visit that cannot be served with a page that says why."""
    match error:
        case NotSignedIn() if visit.request.method == "GET":
            chooses = visit.session is not None
            return visit.to(f"{HOME}/assignment" if chooses else _way_in(visit))
        case NotSignedIn():
            name, status = "session-ended", 401
        case ForgedForm():
            name, status = "form-too-old", 403
        case Refusal():
            name, status = error.outside.problem, error.outside.status
        case Unavailable():
            name, status = "unavailable", 503
        case HTTPException(status_code=404 | 405):
            name, status = "no-such-page", 404
        case _:
            name, status = "internal", 500
            _LOG.error("console.failed", exc_info=error)
    visit.problem = name
    key = f"problem.{name}" if visit.words.has(f"problem.{name}") else "problem.other"
    return visit.page("problem.html", status, key=key, code=status)


async def _take_form(visit: Visit) -> None:
    if visit.session is None:
        raise NotSignedIn
    visit.form = await read_form(visit.request, visit.desk.largest_request)
    if not visit.desk.sessions.is_own_form(visit.session, visit.form.text("form_token")):
        raise ForgedForm


def _way_in(visit: Visit) -> str:
    # Nothing in the address of a page is personal, so it may stand in another.
    return f"{HOME}/sign-in?{urlencode({'next': visit.place})}"


def _marked(send: Send, visit: Visit) -> Send:
    async def marked(message: Message) -> None:
        if message["type"] == "http.response.start":
            visit.status = message["status"]
            told = {name for name, _ in message["headers"]}
            ours = [(name, value) for name, value in _HEADERS if name not in told]
            # What others may keep on the way must not tell who has signed in.
            cookie = [] if b"cache-control" in told else _session_cookie(visit)
            message["headers"] = [*message["headers"], *ours, *cookie]
        await send(message)

    return marked


def _session_cookie(visit: Visit) -> list[tuple[bytes, bytes]]:
    """Keep who has signed in a while longer, or forget them."""
    desk, answer = visit.desk, Response()
    if visit.session is not None:
        if not desk.sessions.is_to_be_written(visit.session):
            return []
        written = desk.sessions.written(visit.session)
        answer.set_cookie(
            desk.session_cookie, written, secure=desk.over_tls, httponly=True, samesite="lax"
        )
    elif desk.session_cookie in visit.request.cookies:
        answer.delete_cookie(
            desk.session_cookie, secure=desk.over_tls, httponly=True, samesite="lax"
        )
    return [header for header in answer.raw_headers if header[0] == b"set-cookie"]


def _told(scope: Scope, visit: Visit) -> dict[str, object]:
    route, caller = scope.get("route"), visit.session.caller if visit.session else None
    number = scope.get("path_params", {}).get("number")
    return {
        "method": scope["method"],
        "route": f"{HOME}{route.path}" if isinstance(route, Route) else None,
        "status": visit.status,
        "caller": visit.session.person.hsa_id.text if visit.session else None,
        "role": caller.role.value if caller else None,
        "case_number": number if number and _CASE_NUMBER.fullmatch(number) else None,
        "problem": visit.problem,
        "duration_ms": round((perf_counter() - visit.began) * 1000, 1),
    }
