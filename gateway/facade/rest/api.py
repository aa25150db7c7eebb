"""The REST API put together: its resources, its description, and the entrance before them."""

import json
from collections.abc import Sequence
from functools import cache

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from gateway.facade.doors import Doors
from gateway.facade.rest.about import ABOUT
from gateway.facade.rest.anonymous_cases import ANONYMOUS_CASES
from gateway.facade.rest.case_messages import CASE_MESSAGES
from gateway.facade.rest.cases import CASES
from gateway.facade.rest.code_lists import CODE_LISTS
from gateway.facade.rest.deliveries import DELIVERIES
from gateway.facade.rest.delivery_groups import DELIVERY_GROUPS
from gateway.facade.rest.destinations import DESTINATIONS
from gateway.facade.rest.document import document
from gateway.facade.rest.due_dates import DUE_DATES
from gateway.facade.rest.entrance import Entrance, refuse
from gateway.facade.rest.forwards import FORWARDS
from gateway.facade.rest.handling import HANDLING
from gateway.facade.rest.inbox_messages import INBOX_MESSAGES
from gateway.facade.rest.keeping import KEEPING
from gateway.facade.rest.measures import MEASURES
from gateway.facade.rest.pickups import PICKUPS
from gateway.facade.rest.publications import PUBLICATIONS
from gateway.facade.rest.registered_cases import REGISTERED_CASES
from gateway.facade.rest.replays import REPLAYS
from gateway.facade.rest.resource import Resource
from gateway.facade.rest.routing import ROUTING
from gateway.facade.rest.statistics import STATISTICS
from gateway.facade.rest.themes import THEMES
from gateway.facade.rest.unit_boards import UNIT_BOARDS
from gateway.facade.rest.unit_inbox import UNIT_INBOX
from gateway.facade.rest.unit_lists import UNIT_LISTS
from gateway.facade.rest.units import UNITS
from gateway.facade.rest.unmatched_messages import UNMATCHED_MESSAGES
from gateway.facade.rest.uploads import UPLOADS

RESOURCES: tuple[Resource, ...] = (
    *CASES,
    *REGISTERED_CASES,
    *UPLOADS,
    *ANONYMOUS_CASES,
    *INBOX_MESSAGES,
    *CASE_MESSAGES,
    *FORWARDS,
    *UNIT_LISTS,
    *UNIT_BOARDS,
    *DUE_DATES,
    *THEMES,
    *MEASURES,
    *UNIT_INBOX,
    *HANDLING,
    *KEEPING,
    *CODE_LISTS,
    *PICKUPS,
    *DELIVERY_GROUPS,
    *REPLAYS,
    *DELIVERIES,
    *DESTINATIONS,
    *UNMATCHED_MESSAGES,
    *UNITS,
    *ROUTING,
    *PUBLICATIONS,
    *STATISTICS,
    *ABOUT,
)


def make_rest(doors: Doors) -> FastAPI:
    """Make the API, to be mounted at /api/v1."""
    return FastAPI(
        routes=[*_routes()],
        middleware=[Middleware(Entrance, doors=doors)],
        exception_handlers={HTTPException: refuse, RequestValidationError: refuse},
        openapi_url=None,
        redirect_slashes=False,
    )


@cache
def _routes() -> Sequence[BaseRoute]:
    # Once: they know nothing of the doors, and reading all their parameters takes long.
    return (*(resource.served() for resource in RESOURCES), Route("/openapi.json", _describe))


@cache
def description() -> bytes:
    """Give the description of the API as JSON."""
    return json.dumps(document(RESOURCES), ensure_ascii=False).encode()


async def _describe(_: Request) -> Response:
    return Response(description(), media_type="application/json")
