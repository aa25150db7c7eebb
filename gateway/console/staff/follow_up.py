"""What was closed, counted for those who follow up, with small counts hidden (DOMAIN F1, F2)."""

import json
from collections.abc import Iterator
from functools import partial
from urllib.parse import urlencode

from starlette.responses import Response

from gateway.console.downloads import as_file
from gateway.console.staff.charts import Chart, charts, count_of
from gateway.console.staff.queries import wanted
from gateway.console.staff.visit import FOLLOW_UP, Visit
from gateway.domain.case import Kind, ReceiverType
from gateway.domain.errors import Fault, Refusal, Rule
from gateway.domain.period import SWEDEN
from gateway.domain.span import Span
from gateway.domain.statistics import NATION, Area, Level, Parameter
from gateway.flow.access import Verb, require_verb
from gateway.flow.areas import area_of
from gateway.flow.report_csv import report_csv
from gateway.flow.report_json import report_json
from gateway.flow.reports import Asked, Report

# The parts of a year, as they are written after it.
PARTS = ("", "Q1", "Q2", "Q3", "Q4", *(f"{month:02}" for month in range(1, 13)))
_YEARS = 5
_QUERY = ("area", "unit", "year", "part", "kind", "receiver", "parameter")
# What is told beside the form: who asks put it right there.
_TO_PUT_RIGHT = frozenset({Rule.SCHEMA, Rule.UNKNOWN_UNIT, Rule.NOT_PERMITTED})


def show(visit: Visit) -> Response:
    """Show the tables of an area and a period; what cannot be asked for is told at the form."""
    require_verb(visit.caller, Verb.SEE_STATISTICS)
    try:
        report = _report(visit)
    except Refusal as refusal:
        if refusal.faults[0].rule not in _TO_PUT_RIGHT:
            raise
        visit.problem = refusal.outside.problem
        return _page(visit, None, (), refusal.outside.status)
    is_open = partial(visit.desk.reports.is_open, caller=visit.caller)
    return _page(visit, report, tuple(charts(report, visit.words, is_open)))


def as_csv(visit: Visit) -> Response:
    """Give the same as CSV, to be saved."""
    report = _report(visit)
    return _saved(report_csv(report), "text/csv; charset=utf-8", f"{_file_name(report)}.csv")


def as_json(visit: Visit) -> Response:
    """Give the same as JSON, to be saved."""
    report = _report(visit)
    whole = json.dumps(report_json(report), ensure_ascii=False)
    return _saved(whole, "application/json", f"{_file_name(report)}.json")


def _report(visit: Visit) -> Report:
    query = visit.request.query_params
    parameter = wanted(Parameter, query, "parameter")
    area = _area(visit)
    asked = Asked(
        Level.of(area),
        area[-1] if area else None,
        _span(visit),
        wanted(Kind, query, "kind"),
        wanted(ReceiverType, query, "receiver"),
        area[0] or None if area else None,
        (parameter,) if parameter else tuple(Parameter),
    )
    return visit.desk.reports.report(asked, visit.caller)


def _area(visit: Visit) -> Area:
    """Read the area that was chosen; a unit's HSA-id goes before it, and at first one's own."""
    query = visit.request.query_params
    if unit := query.get("unit", "").strip():
        return "", "", unit
    chosen = query.get("area")
    if chosen is None:
        return _first_area(visit)
    area = tuple(chosen.split("/")) if chosen else NATION
    if len(area) >= len(Level):
        raise Refusal(Fault(Rule.UNKNOWN_UNIT, "area", "no area of that key is known"))
    return area


def _first_area(visit: Visit) -> Area:
    reports, caller = visit.desk.reports, visit.caller
    own = [area for area in _own_areas(visit) if reports.is_open(area, caller)]
    return own[0] if len(own) == 1 else NATION


def _own_areas(visit: Visit) -> Iterator[Area]:
    table = visit.desk.reports.table()
    yield from ((region,) for region in sorted(visit.caller.regions) if region in table.regions)
    for unit in sorted(visit.caller.units, key=lambda one: one.key):
        area = area_of(table, unit)
        if area is not None:
            yield area


def _span(visit: Visit) -> Span:
    year, part = _year(visit), visit.request.query_params.get("part", "")
    span = Span.of(f"{year}-{part}" if part else year)
    if span is None:
        words = "must be a year, and nothing, Q1 to Q4 or 01 to 12"
        raise Refusal(Fault(Rule.SCHEMA, "year", words))
    return span


def _year(visit: Visit) -> str:
    return visit.request.query_params.get("year") or str(_this_year(visit))


def _this_year(visit: Visit) -> int:
    return visit.desk.clock().astimezone(SWEDEN).year


def _page(
    visit: Visit, report: Report | None, shown: tuple[Chart, ...], status: int = 200
) -> Response:
    query = visit.request.query_params
    this_year = _this_year(visit)
    area = "/".join(report.area) if report else query.get("area", "")
    asked = {name: query[name] for name in _QUERY if query.get(name) is not None}
    return visit.page(
        "staff/follow_up.html",
        status,
        here=FOLLOW_UP,
        report=report,
        total=count_of(report.total, visit.words) if report else None,
        charts=shown,
        areas=[*_areas(visit, report)],
        area=area,
        unit=query.get("unit", "") if report is None else "",
        years=[str(year) for year in range(this_year, this_year - _YEARS, -1)],
        year=_year(visit),
        parts=PARTS,
        part=query.get("part", ""),
        choices=(
            ("kind", [*Kind], query.get("kind", "")),
            ("receiver", [*ReceiverType], query.get("receiver", "")),
            ("parameter", [*Parameter], query.get("parameter", "")),
        ),
        query=urlencode(asked | {"area": area, "year": _year(visit), "unit": ""}),
        rest=urlencode({name: asked[name] for name in asked if name not in ("area", "unit")}),
        wrong=f"follow_up.{visit.problem}" if visit.problem else None,
    )


def _areas(visit: Visit, report: Report | None) -> Iterator[tuple[str, str]]:
    """Give the areas to choose from: the nation, the regions, one's own units, and this one."""
    table = visit.desk.reports.table()
    names = {"": visit.words("follow_up.nation")}
    names |= {key: table.regions[key].name for key in sorted(table.regions)}
    for area in _own_areas(visit):
        if len(area) == len(Level) - 1:
            names["/".join(area)] = table.units[area[-1]][-1].unit.name
    if report is not None:
        names.setdefault("/".join(report.area), report.name)
    yield from names.items()


def _file_name(report: Report) -> str:
    return "-".join(("statistik", *(part for part in report.area if part), str(report.asked.span)))


def _saved(text: str, media_type: str, name: str) -> Response:
    return Response(text, headers=as_file(name, media_type))
