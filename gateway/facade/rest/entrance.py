"""Everybody comes in here: known callers only, one trace, one log line, and never a bare error."""

import re
from dataclasses import dataclass, field
from time import perf_counter

import structlog
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.facade.doors import Doors
from gateway.facade.rest.credentials import caller_of
from gateway.facade.rest.problem import answered, trouble_of
from gateway.facade.rest.trace import Trace, continued
from gateway.flow.caller import Caller

CASE_NUMBER_FORM = r"^[0-9]{4}-[0-9A-Z]{4}-[0-9A-Z]{6}$"
# Who we are and how to talk to us; everything else is for known callers (Digg VER.06, DOK.23).
OPEN_TO_ALL = frozenset({"/api-info", "/openapi.json"})

# Nothing that may be personal is kept on the way, or taken for something else than it is.
_ON_EVERY_ANSWER = ((b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff"))
_VISIT = "vaxel.visit"
_LOG = structlog.get_logger()


@dataclass(slots=True)
class Visit:
    """One request from its coming to its answer, and what its log line will tell."""

    doors: Doors
    trace: Trace
    caller: Caller | None = None
    case_number: str | None = None
    problem: str | None = None
    status: int | None = None
    began: float = field(default_factory=perf_counter)


def visit_of(request: Request) -> Visit:
    """Give the visit that a request belongs to."""
    visit: Visit = request.scope[_VISIT]
    return visit


def known_caller(request: Request) -> Caller:
    """Give who is calling; nobody unknown has come this far."""
    caller = visit_of(request).caller
    if caller is None:
        raise AssertionError("this resource is open to all, and has no caller")
    return caller


async def refuse(request: Request, error: Exception) -> Response:
    """Answer a request that cannot be done."""
    visit, trouble = visit_of(request), trouble_of(error)
    visit.problem = trouble.name
    visit.doors.watching.request_refused("rest", trouble.name)
    return answered(trouble, visit.trace)


@dataclass(frozen=True, slots=True)
class Entrance:
    """The outermost part of the REST door."""

    app: ASGIApp
    doors: Doors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, and write its line in the log when it is answered."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        visit = Visit(self.doors, continued(headers.getlist("traceparent")))
        scope[_VISIT] = visit
        try:
            await self._let_in(scope, headers, receive, _marked(send, visit))
        finally:
            _LOG.info("rest.answered", **_told(scope, visit))

    async def _let_in(self, scope: Scope, headers: Headers, receive: Receive, send: Send) -> None:
        visit: Visit = scope[_VISIT]
        try:
            if _path(scope) not in OPEN_TO_ALL:
                visit.caller = await caller_of(self.doors, headers, scope)
            await self.app(scope, receive, send)
        except Exception as error:
            if visit.status is not None:
                raise
            if trouble_of(error).status == 500:
                _LOG.exception("rest.failed", trace_id=visit.trace.trace_id)
            response = await refuse(Request(scope), error)
            await response(scope, receive, send)


def _marked(send: Send, visit: Visit) -> Send:
    async def marked(message: Message) -> None:
        if message["type"] == "http.response.start":
            visit.status = message["status"]
            traceparent = (b"traceparent", visit.trace.traceparent.encode())
            message["headers"] = [*message["headers"], traceparent, *_ON_EVERY_ANSWER]
        await send(message)

    return marked


def _path(scope: Scope) -> str:
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", ""))


def _told(scope: Scope, visit: Visit) -> dict[str, object]:
    route = scope.get("route")
    return {
        "method": scope["method"],
        "route": route.path if isinstance(route, Route) else None,
        "status": visit.status,
        "caller": visit.caller.hsa_id.text if visit.caller else None,
        "case_number": visit.case_number or _case_in_path(scope),
        "problem": visit.problem,
        "duration_ms": round((perf_counter() - visit.began) * 1000, 1),
        "trace_id": visit.trace.trace_id,
    }


def _case_in_path(scope: Scope) -> str | None:
    """Tell the case named in the path, if it is a case number: anything else may be a person."""
    number: str | None = scope.get("path_params", {}).get("caseNumber")
    return number if number and re.fullmatch(CASE_NUMBER_FORM, number) else None
