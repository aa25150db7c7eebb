"""Whatever goes wrong becomes an RFC 9457 problem that tells the rule and never the value."""

import json
from dataclasses import dataclass
from typing import ClassVar

from fastapi.exceptions import RequestValidationError
from pydantic import Field
from starlette.exceptions import HTTPException
from starlette.responses import Response

from gateway.domain.errors import Fault, FilesAway, NameAwaited, Refusal, Rule, Unavailable
from gateway.domain.notation import Json
from gateway.facade.rest.shape import Told
from gateway.facade.rest.trace import Trace
from gateway.shapes.faults import shape_faults

MEDIA_TYPE = "application/problem+json"
# RFC 9110 §11.6.1: what a 401 asks for.
CHALLENGE = 'ApiKey realm="vaxel"'
_ANOTHER = 'Bearer error="invalid_token"'


class BrokenRule(Told):
    """One rule that the request broke."""

    where: str = Field(description="Which element or header; lists are counted from 1.")
    rule: str = Field(description="The rule's name, the same in every language and version.")
    message: str = Field(description="What to do about it.")

    EXAMPLE: ClassVar[Json] = {
        "where": "receiver/hsaId",
        "rule": "unknown-unit",
        "message": "no unit SE2321000016-9X9X is in the route table",
    }


class Problem(Told):
    """Why a request was not done (RFC 9457)."""

    type: str = Field(description="`urn:vaxel:problem:` and the name of the problem.")
    title: str = Field(description="The same for every problem of the type.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="What happened this time; never a value from the request.")
    instance: str = Field(description="`urn:vaxel:trace:` and the trace id; tell it to support.")
    errors: tuple[BrokenRule, ...] = Field((), description="Every rule that was broken.")

    EXAMPLE: ClassVar[Json] = {
        "type": "urn:vaxel:problem:unknown-unit",
        "title": "Unknown unit",
        "status": 422,
        "detail": "receiver/hsaId: no unit SE2321000016-9X9X is in the route table",
        "instance": "urn:vaxel:trace:4bf92f3577b34da6a3ce929d0e0e4736",
        "errors": [BrokenRule.EXAMPLE],
    }


@dataclass(frozen=True, slots=True)
class Trouble:
    """What went wrong, on its way to becoming a problem."""

    name: str
    status: int
    detail: str
    faults: tuple[Fault, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()


def trouble_of(error: Exception) -> Trouble:
    """Tell what an exception means outside; the words of an unexpected one stay inside."""
    match error:
        case Refusal():
            name, status = error.outside.problem, error.outside.status
            return Trouble(name, status, _in_short(error), error.faults, _asked_for(error))
        case RequestValidationError():
            return trouble_of(Refusal(*_parameter_faults(error)))
        case Unavailable():
            name, told = _told_of(error)
            wait = (("Retry-After", str(error.retry_after)),)
            return Trouble(name, 503, told, headers=wait)
        case HTTPException(status_code=405):
            allowed = tuple((error.headers or {}).items())
            return Trouble("method-not-allowed", 405, _NOT_ALLOWED, headers=allowed)
        case HTTPException():
            return Trouble("not-found", 404, _NOT_FOUND)
        case _:
            return Trouble("internal", 500, _INTERNAL)


def _told_of(error: Unavailable) -> tuple[str, str]:
    match error:
        case FilesAway():
            return "files-away", _FILES_AWAY
        case NameAwaited():
            return "unavailable", str(error)
        case _:
            return "unavailable", _UNAVAILABLE


def title(name: str) -> str:
    """Give the title of a problem by its name."""
    return name.replace("-", " ").capitalize()


def answered(trouble: Trouble, trace: Trace) -> Response:
    """Write the answer."""
    problem = {
        "type": f"urn:vaxel:problem:{trouble.name}",
        "title": title(trouble.name),
        "status": trouble.status,
        "detail": trouble.detail,
        "instance": f"urn:vaxel:trace:{trace.trace_id}",
    }
    if trouble.faults:
        problem["errors"] = [_broken(fault) for fault in trouble.faults]
    body = json.dumps(problem, ensure_ascii=False)
    return Response(body, trouble.status, dict(trouble.headers), MEDIA_TYPE)


def _in_short(refusal: Refusal) -> str:
    """Say the first few faults: each stands in `errors`, and routes may have thousands."""
    left = len(refusal.faults) - _MOST_IN_SHORT
    if left <= 0:
        return str(refusal)
    return f"{Refusal(*refusal.faults[:_MOST_IN_SHORT])}; and {left} more"


_MOST_IN_SHORT = 20


def _asked_for(refusal: Refusal) -> tuple[tuple[str, str], ...]:
    if refusal.faults[0].rule is Rule.TOKEN_NOT_ACCEPTED:
        return (("WWW-Authenticate", _ANOTHER),)  # RFC 6750 §3
    return (("WWW-Authenticate", CHALLENGE),) if refusal.outside.status == 401 else ()


def _broken(fault: Fault) -> dict[str, str]:
    return {"where": fault.where, "rule": fault.rule.value.problem, "message": fault.message}


def _parameter_faults(error: RequestValidationError) -> list[Fault]:
    names = [details["loc"][1] for details in error.errors() if details["loc"][0] == "path"]
    if names:
        rule = _UNKNOWN.get(names[0], Rule.CASE_UNKNOWN)
        return [Fault(rule, "path", "nothing of this name is known here")]
    return shape_faults(error.errors())


# What a path names, where it is no case nor anything of one.
_UNKNOWN = {
    "publicationNumber": Rule.PUBLICATION_UNKNOWN,
    "themeId": Rule.THEME_UNKNOWN,
    "measureId": Rule.MEASURE_UNKNOWN,
}


_UNAVAILABLE = "nothing can be kept right now; ask again after the seconds of Retry-After"
_FILES_AWAY = (
    "files cannot be taken in right now; send the message without them, "
    "or send it again after the seconds of Retry-After"
)
_NOT_ALLOWED = "this address does not take the method; see the header Allow"
_NOT_FOUND = "there is nothing at this address; see openapi.json for what there is"
_INTERNAL = "the fault is here, not in the request; the trace id finds it in the log"
