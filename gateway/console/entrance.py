"""Everybody who visits a page comes in here: one log line, the same headers, no bare error."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Any, TypeVar, cast

import structlog
from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.console.forms import LARGEST_TEXT, FormTooLarge, TextTooLong, read_form
from gateway.console.kept_text import is_written, kept_text
from gateway.console.page_visit import NotSignedIn, PageVisit
from gateway.domain.errors import FilesAway, Refusal, Unavailable

AnyVisit = PageVisit[Any]  # of staff or of citizens: all that is done here is the same for both
V = TypeVar("V", bound=AnyVisit)

_VISIT = "vaxel.visit"
# So many times as large as what is taken in is heard to its end, and then refused.
_HEARD_OUT = 10
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


def page(
    path: str,
    handle: Callable[[V], Response],
    threads: CapacityLimiter,
    method: str = "GET",
    again: Callable[[V], Response] | None = None,
) -> Route:
    """
    Make a route; `handle` works in one of `threads`, with the form read and known to be ours.

    They are not those of the other doors, which no browser can fill. `again` shows a form anew
    that came from our own page and cannot be taken, because there is no session that it was made
    for, or with its files it is too large: so what somebody has written is still there. The
    visit's `problem` tells it which. Where there is no `again`, and whatever else goes wrong, it
    is `refused` that shows what was written.
    """

    async def endpoint(request: Request) -> Response:
        visit = cast("V", visit_of(request))
        try:
            _check_address(request)
            fault = await _take_form(visit) if method == "POST" else None
            if fault and again is None:
                return refused(visit, fault)
            doing = again if fault and again else handle
            return await run_sync(doing, visit, limiter=threads)
        except Exception as error:  # noqa: BLE001 whatever it is, a page says that it failed
            return refused(visit, error)

    return Route(path, endpoint, methods=[method])


@dataclass(frozen=True, slots=True)
class Entrance:
    """The outermost part of a set of pages; `open_visit` begins a visit to one of them."""

    app: ASGIApp
    open_visit: Callable[[Request], AnyVisit]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, and write its line in the log when it is answered."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        visit = scope[_VISIT] = self.open_visit(Request(scope, receive))
        try:
            await self.app(scope, receive, _marked(send, visit))
        finally:
            _LOG.info("console.answered", **_told(scope, visit))


def visit_of(request: Request) -> AnyVisit:
    """Give the visit that a request belongs to."""
    return cast("AnyVisit", request.scope[_VISIT])


def refused(visit: AnyVisit, error: Exception) -> Response:
    """Answer a visit that cannot be served with a page that says why, and has what was written."""
    match error:
        case NotSignedIn() if visit.request.method == "GET":
            return visit.to(visit.way_in)
        case NotSignedIn():
            name, status = "session-ended", 401
        case ForgedForm():
            name, status = "form-too-old", 403
        case Refusal():
            own = "text-too-long" if isinstance(error, TextTooLong) else None
            name, status = own or error.outside.problem, error.outside.status
        case Unavailable():
            name, status = not_now(error), 503
        case HTTPException(status_code=404 | 405):
            name, status = "no-such-page", 404
        case _:
            name, status = "internal", 500
            _LOG.error("console.failed", exc_info=error)
    visit.problem, key = name, problem_key(visit, name)
    if is_written(visit.form):
        return kept_text(visit, name, key, status)
    return visit.page("problem.html", status, key=key, code=status)


def not_now(error: Unavailable) -> str:
    """Name what cannot be done at this moment: to take in files, or anything at all."""
    return "files-away" if isinstance(error, FilesAway) else "unavailable"


def problem_key(visit: AnyVisit, name: str) -> str:
    """Give the key of the words for a problem: the site's own, or those that all pages have."""
    known = (f"{visit.desk.site.problems}.{name}", f"problem.{name}")
    return next((key for key in known if visit.words.has(key)), "problem.other")


def _check_address(request: Request) -> None:
    """Lead nowhere from an address with a character that no page of ours is at, and no row."""
    if "\0" in request.scope["path"] or b"%00" in request.scope["query_string"]:
        raise HTTPException(404)


async def _take_form(visit: AnyVisit) -> Exception | None:
    """Read a form; tell why one of our own pages' cannot be taken, with all that stands in it."""
    is_from_ours = _is_from_our_pages(visit.request)
    if visit.session is None and not is_from_ours:
        raise NotSignedIn
    too_large, usual = None, visit.desk.largest_request
    # What somebody sends whom nobody knows can fill no memory: their files are not taken in.
    largest = usual if visit.session else min(usual, LARGEST_TEXT)
    try:
        form = await read_form(visit.request, largest, _HEARD_OUT * usual)
    except FormTooLarge as error:
        form, too_large = error.form, error
    session, token = visit.session, form.text("form_token")
    is_own = session is not None and visit.desk.sessions.is_own_form(session, token)
    if not is_own and not is_from_ours:
        raise too_large or ForgedForm
    # Nor is more shown again to them than a form of ours can hold.
    if not is_own and form.too_long:
        raise TextTooLong
    visit.form = form
    if is_own:
        visit.problem = "too-large" if too_large else None
        return too_large
    visit.problem = "session-ended"
    return ForgedForm() if session else NotSignedIn()


def _is_from_our_pages(request: Request) -> bool:
    """Tell whether a browser says so: what another site has written is not shown as one's own."""
    return request.headers.get("sec-fetch-site") == "same-origin"


def _marked(send: Send, visit: AnyVisit) -> Send:
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


def _session_cookie(visit: AnyVisit) -> list[tuple[bytes, bytes]]:
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


def _told(scope: Scope, visit: AnyVisit) -> dict[str, object]:
    route = scope.get("route")
    number = scope.get("path_params", {}).get("number")
    return {
        "method": scope["method"],
        "route": f"{visit.desk.site.home}{route.path}" if isinstance(route, Route) else None,
        "status": visit.status,
        **visit.told,
        "case_number": number if number and _CASE_NUMBER.fullmatch(number) else None,
        "problem": visit.problem,
        "duration_ms": round((perf_counter() - visit.began) * 1000, 1),
    }
