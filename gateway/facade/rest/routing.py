"""Routing: where a case would go, and why (DOMAIN B11)."""

from datetime import datetime
from typing import Annotated, ClassVar

from fastapi import Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from gateway.domain.case import Kind, ReceiverType
from gateway.domain.errors import Fault, Refusal, Rule
from gateway.domain.hsa import HsaId
from gateway.domain.notation import Json
from gateway.domain.publication import Publication
from gateway.domain.routing import Routed, Unrouted
from gateway.facade.rest.answers import A_UNIT, told
from gateway.facade.rest.entrance import visit_of
from gateway.facade.rest.resource import Answer, Resource
from gateway.facade.rest.shape import Told
from gateway.flow.intake import refusal_of
from gateway.shapes.shape import Instant, Text


class Explanation(Told):
    """Where a case would go, or the rule that says why nowhere; `trace` tells the way there."""

    rule: str | None = Field(
        None,
        description="The problem that the case would get; left out when it has a route.",
        examples=["no-route-now"],
    )
    destination: str | None = Field(None, examples=["stockholm/avvikelse"])
    region: str | None = Field(None, examples=["stockholm"])
    unit_name: str | None = Field(None, examples=["Akutmottagningen Solna"])
    holder_hsa_id: str | None = Field(None, examples=["SE2321000016-AVV1"])
    trace: tuple[str, ...]
    publication: int = Field(description="The number of the publication asked.", examples=[8])
    table_version: str = Field(description="The route table that was asked.", examples=["5f2c9e"])

    EXAMPLE: ClassVar[Json] = {
        "destination": "stockholm/avvikelse",
        "region": "stockholm",
        "unitName": "Akutmottagningen Solna",
        "holderHsaId": "SE2321000016-AVV1",
        "trace": [f"{A_UNIT}: row stockholm.csv:7 → stockholm/avvikelse"],
        "publication": 8,
        "tableVersion": "5f2c9e",
    }


async def explain_route(
    request: Request,
    address: Annotated[
        Text | None,
        Query(
            alias="hsaId",
            min_length=1,
            max_length=255,
            description="The unit or committee; without it there is nothing to explain: 400.",
            examples=[A_UNIT],
        ),
    ] = None,
    kind: Annotated[Kind, Query(description="What the case would be.")] = Kind.COMPLAINT,
    receiver: Annotated[
        ReceiverType | None,
        Query(description="What the citizen would choose; told by the HSA-id if left out."),
    ] = None,
    at: Annotated[
        Instant | None,
        Query(description="When; now if left out.", examples=["2026-03-02T09:30:00+01:00"]),
    ] = None,
) -> Response:
    """Explain a route.

    Where a case would go and why, for any known caller. Nothing is sent anywhere.
    """
    if address is None:
        raise Refusal(Fault(Rule.SCHEMA, "query/hsaId", "is missing"))
    publishing, unit = visit_of(request).doors.publishing, HsaId(address)
    instant = datetime.fromisoformat(at) if at else None
    resolved, publication = publishing.explain(unit, kind, receiver, instant)
    return told(_explanation(resolved, unit, publication))


def _explanation(resolved: Routed | Unrouted, address: HsaId, asked: Publication) -> Explanation:
    if not isinstance(resolved, Routed):
        return Explanation(
            rule=refusal_of(resolved, address).outside.problem,
            trace=resolved.trace,
            publication=asked.number,
            table_version=asked.version,
        )
    return Explanation(
        destination=resolved.destination.key,
        region=resolved.region,
        unit_name=resolved.unit_name,
        holder_hsa_id=resolved.holder.text,
        trace=resolved.trace,
        publication=asked.number,
        table_version=asked.version,
    )


ROUTING = (
    Resource(
        "GET",
        "/routing/explain",
        explain_route,
        (Answer(200, "Where it would go, or why nowhere.", Explanation),),
        (Rule.SCHEMA,),
        needs_store=False,
    ),
)
