"""Parked deliveries in groups: what stands still for the same cause (DOMAIN C4, G1)."""

from typing import Annotated, ClassVar

from anyio.to_thread import run_sync
from fastapi import Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from gateway.domain.blame import Blame
from gateway.domain.errors import Rule
from gateway.domain.notation import Json
from gateway.facade.rest.answers import told
from gateway.facade.rest.entrance import known_caller, visit_of
from gateway.facade.rest.parameters import Limit
from gateway.facade.rest.resource import Answer, Resource
from gateway.facade.rest.shape import Time, Told
from gateway.flow.parked import Group
from gateway.shapes.shape import Text

_A_FAULT = "5f2c9e0a71d3b846"
_A_DESTINATION = "stockholm/avvikelse"


class GroupAnswer(Told):
    """What is parked at one destination for one cause."""

    destination: str = Field(examples=[_A_DESTINATION])
    fault: str | None = Field(None, description="The cause's fingerprint.", examples=[_A_FAULT])
    blame: Blame | None = Field(None, description="Whose it is to mend.")
    reason: str = Field(description="One of theirs.", examples=["HTTP 503"])
    count: int = Field(examples=[412])
    oldest_time: Time = Field(description="When the oldest of them was made.")

    EXAMPLE: ClassVar[Json] = {
        "destination": _A_DESTINATION,
        "fault": _A_FAULT,
        "blame": "THEIRS",
        "reason": "HTTP 503",
        "count": 412,
        "oldestTime": "2026-03-02T08:30:00Z",
    }


class GroupList(Told):
    """What is parked in groups, the largest first."""

    items: tuple[GroupAnswer, ...]

    EXAMPLE: ClassVar[Json] = {"items": [GroupAnswer.EXAMPLE]}


async def list_delivery_groups(
    request: Request,
    destination: Annotated[
        Text | None, Query(description="Only those to it.", examples=[_A_DESTINATION])
    ] = None,
    blame: Annotated[Blame | None, Query(description="Only those that it is to mend.")] = None,
    limit: Limit = 20,
) -> Response:
    """List parked deliveries in groups.

    For operators: what stands still for the same cause at the same destination, the largest group
    first. A group's `fault` is what a replay of all of it is filtered by.
    """
    replaying, caller = visit_of(request).doors.replaying, known_caller(request)
    found = await run_sync(replaying.groups, caller, destination, blame, limit)
    return told(GroupList(items=tuple(map(_group, found))))


def _group(group: Group) -> GroupAnswer:
    return GroupAnswer(
        destination=group.destination,
        fault=group.fault,
        blame=group.blame,
        reason=group.reason,
        count=group.count,
        oldest_time=group.oldest,
    )


# Before /deliveries/{deliveryId}, which would take the groups for an id.
DELIVERY_GROUPS = (
    Resource(
        "GET",
        "/deliveries/groups",
        list_delivery_groups,
        (Answer(200, "The groups.", GroupList),),
        (Rule.SCHEMA, Rule.NOT_PERMITTED),
    ),
)
