"""A resource of the API: where it is, what it does, and all that it can answer."""

import inspect
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping, Set
from dataclasses import dataclass
from typing import Any

from fastapi.dependencies.utils import get_flat_params
from fastapi.exceptions import RequestValidationError
from fastapi.params import Query
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import Scope

from gateway.domain.errors import Rule
from gateway.domain.notation import Json
from gateway.shapes.shape import Shape

Endpoint = Callable[..., Awaitable[Response]]

# What a body with attachments can break before anybody has read what it says.
BODY_RULES = (
    Rule.UNREADABLE,
    Rule.SCHEMA,
    Rule.TOO_LARGE,
    Rule.MEDIA_TYPE_NOT_ACCEPTED,
    Rule.ATTACHMENT_TOO_LARGE,
    Rule.TOO_MANY_ATTACHMENTS,
    Rule.FILE_NAME_NOT_ACCEPTED,
    Rule.MEDIA_TYPE_DISPUTED,
    Rule.ATTACHMENT_INFECTED,
    Rule.ATTACHMENT_UNKNOWN,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """
    One way that it can go well.

    `headers` are those with a meaning of their own; `as_file` tells that the bytes of a file are
    answered, unless the caller accepts JSON. `also` is another media type, for who accepts it.
    """

    status: int
    description: str
    shape: type[Shape]
    headers: tuple[str, ...] = ()
    as_file: bool = False
    also: str | None = None


@dataclass(frozen=True, slots=True)
class Resource:
    """
    A path and a method, the endpoint behind, and what is promised about it.

    The endpoint's docstring is the documentation: one line, then more. `refusals` are the rules
    that the request can break, besides those that every request can. `takes_file` tells that the
    bytes of a file may come instead of JSON. `headers` are the parameters that the endpoint reads
    itself. `case_read_by` is the operation that reads the case of a receipt, where its caller may.
    """

    method: str
    path: str
    endpoint: Endpoint
    answers: tuple[Answer, ...]
    refusals: tuple[Rule, ...] = ()
    body: type[Shape] | None = None
    takes_file: bool = False
    headers: tuple[Json, ...] = ()
    case_read_by: str | None = None
    open_to_all: bool = False
    needs_store: bool = True

    @property
    def operation_id(self) -> str:
        """The operation's name in generated clients."""
        first, *rest = self.endpoint.__name__.split("_")
        return first + "".join(word.capitalize() for word in rest)

    def served(self) -> Route:
        """Make the route that requests take."""
        if list(inspect.signature(self.endpoint).parameters) == ["request"]:
            return DirectRoute(self.path, self.endpoint, methods=[self.method])
        return self.described()

    def described(self) -> APIRoute:
        """Make the route that the description is written from."""
        summary, _, more = (self.endpoint.__doc__ or "").strip().partition("\n\n")
        description = " ".join(line.strip() for line in more.splitlines())
        return KnownQuery(
            self.path,
            self.endpoint,
            methods=[self.method],
            operation_id=self.operation_id,
            summary=summary.rstrip("."),
            description=description,
            response_class=Response,
            status_code=self.answers[0].status,
        )


class KnownQuery(APIRoute):
    """
    Refuses in a query what is not known here or is said twice, where there is something to choose.

    A filter with a slip of the pen would choose everything, and seem to have chosen.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Look at the names in the query, and go on as ever."""
        handle = super().get_route_handler()
        params = get_flat_params(self.dependant)
        known = {one.alias for one in params if isinstance(one.field_info, Query)}

        async def handled(request: Request) -> Response:
            names = Counter(name for name, _ in request.query_params.multi_items())
            if faults := [*_query_faults(names, known)]:
                raise RequestValidationError(faults)
            return await handle(request)

        return handled if known else handle


def _query_faults(names: Mapping[str, int], known: Set[str]) -> Iterator[Json]:
    for name, times in names.items():
        if name not in known:
            yield {"type": "extra_forbidden", "loc": ("query", name)}
        elif times > 1:
            yield {"type": "said_twice", "loc": ("query", name)}


class DirectRoute(Route):
    """Straight to an endpoint that reads the request itself: half the cost of FastAPI's way."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Match as ever, and tell the log which route it was."""
        match, found = super().matches(scope)
        return match, {**found, "route": self}
