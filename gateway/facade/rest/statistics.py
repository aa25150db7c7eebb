"""Statistics of closed cases, as JSON or as CSV (DOMAIN F1, F2)."""

import json
from typing import Annotated, ClassVar

from anyio.to_thread import run_sync
from fastapi import Depends, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from gateway.domain.case import Kind, ReceiverType
from gateway.domain.errors import Fault, Refusal, Rule
from gateway.domain.notation import Json
from gateway.domain.span import Span
from gateway.domain.statistics import Level, Parameter
from gateway.facade.rest.answers import A_UNIT
from gateway.facade.rest.entrance import known_caller, visit_of
from gateway.facade.rest.resource import Answer, Resource
from gateway.facade.rest.shape import Told
from gateway.flow.access import Verb, require_verb
from gateway.flow.report_csv import report_csv
from gateway.flow.report_json import report_json
from gateway.flow.reports import Asked
from gateway.shapes.shape import Text

_CSV = "text/csv; charset=utf-8"
_HIDDEN = (
    "Left out where it is hidden: it is from 1 to 4, or a hidden one could be computed from it."
)


class CountAnswer(Told):
    """Cases closed in the period, and in the one before."""

    cases: int | None = Field(None, description=_HIDDEN, examples=[118])
    cases_before: int | None = Field(None, description=_HIDDEN, examples=[97])

    EXAMPLE: ClassVar[Json] = {"cases": 118, "casesBefore": 97}


class StatisticsLine(CountAnswer):
    """How many cases have a value."""

    code: str = Field(
        description="The value; `UNKNOWN` where nobody has told.", examples=["FEMALE"]
    )
    name: str = Field(description="The value in Swedish.", examples=["Kvinna"])

    EXAMPLE: ClassVar[Json] = {"code": "FEMALE", "name": "Kvinna", "cases": 61, "casesBefore": 50}


class StatisticsTable(Told):
    """One parameter."""

    parameter: Parameter
    lines: tuple[StatisticsLine, ...]

    EXAMPLE: ClassVar[Json] = {"parameter": "SEX", "lines": [StatisticsLine.EXAMPLE]}


class StatisticsAnswer(Told):
    """What was closed in a period, and in the one before it."""

    level: Level
    name: str = Field(description="The name of the area.", examples=["Region Stockholm"])
    region: str | None = Field(None, examples=["stockholm"])
    provider: str | None = Field(None, examples=["se2321000016-0001"])
    unit: str | None = Field(None, examples=["se2321000016-1a2b"])
    period: str = Field(examples=["2026-Q3"])
    period_before: str = Field(examples=["2026-Q2"])
    kind: Kind | None = Field(None, description="Left out where all are counted.")
    receiver: ReceiverType | None = Field(None, description="Left out where all are counted.")
    total: CountAnswer
    tables: tuple[StatisticsTable, ...]

    EXAMPLE: ClassVar[Json] = {
        "level": "REGION",
        "name": "Region Stockholm",
        "region": "stockholm",
        "period": "2026-Q3",
        "periodBefore": "2026-Q2",
        "total": CountAnswer.EXAMPLE,
        "tables": [StatisticsTable.EXAMPLE],
    }


async def _area(
    level: Annotated[Level, Query(description="For whom it is counted.")] = Level.NATION,
    key: Annotated[
        Text | None,
        Query(
            max_length=255,
            description="The key of a region, or the HSA-id of a provider or a unit.",
            examples=[A_UNIT],
        ),
    ] = None,
    region: Annotated[
        Text | None,
        Query(description="Which region's part of a provider or a unit.", examples=["stockholm"]),
    ] = None,
) -> tuple[Level, str | None, str | None]:
    return level, key, region


async def _cases(
    kind: Annotated[Kind | None, Query(description="Only of this kind.")] = None,
    receiver: Annotated[
        ReceiverType | None, Query(description="Only what was sent to this receiver.")
    ] = None,
) -> tuple[Kind | None, ReceiverType | None]:
    return kind, receiver


async def read_statistics(
    request: Request,
    area: Annotated[tuple[Level, str | None, str | None], Depends(_area)],
    cases: Annotated[tuple[Kind | None, ReceiverType | None], Depends(_cases)],
    period: Annotated[
        Text | None,
        Query(
            description="The year, quarter or month of closing; without it there is nothing: 400.",
            examples=["2026", "2026-Q3", "2026-07"],
        ),
    ] = None,
    parameter: Annotated[
        list[Parameter] | None,
        Query(description="Which parameters, all ten if left out; may be repeated."),
    ] = None,
) -> Response:
    """Read statistics of closed cases.

    The nation and every region for all roles that may see statistics; a provider or a unit for
    those who follow up its region, for the committee of the region, and for staff whose own unit
    it is. Small counts are hidden, and so many others that no hidden one can be computed. Accept
    `text/csv` for CSV.
    """
    caller = known_caller(request)
    require_verb(caller, Verb.SEE_STATISTICS)
    span = Span.of(period or "")
    if span is None:
        words = "must be a year, a quarter or a month, as 2026, 2026-Q3 or 2026-07"
        raise Refusal(Fault(Rule.SCHEMA, "query/period", words))
    (level, key, region), wanted = area, tuple(dict.fromkeys(parameter or Parameter))
    asked = Asked(level, key, span, *cases, region, wanted)
    reports = visit_of(request).doors.reports
    report = await run_sync(reports.report, asked, caller)
    if "text/csv" in request.headers.get("accept", ""):
        return Response(report_csv(report), media_type=_CSV)
    whole = json.dumps(report_json(report), ensure_ascii=False)
    return Response(whole, media_type="application/json")


STATISTICS = (
    Resource(
        "GET",
        "/statistics",
        read_statistics,
        (Answer(200, "The tables.", StatisticsAnswer, also=_CSV),),
        (Rule.SCHEMA, Rule.NOT_PERMITTED, Rule.UNKNOWN_UNIT),
    ),
)
