"""A report as JSON, as REST and the pages give it: what is hidden, or not told, is left out."""

from gateway.domain.notation import Json
from gateway.flow.reports import Count, Line, Report, Table


def report_json(report: Report) -> Json:
    """Write a report."""
    asked = report.asked
    region, provider, unit = (*report.area, None, None, None)[:3]
    written = {
        "level": asked.level.value,
        "name": report.name,
        "region": region,
        "provider": provider,
        "unit": unit,
        "period": str(asked.span),
        "periodBefore": str(report.before),
        "kind": asked.kind.value if asked.kind else None,
        "receiver": asked.receiver.value if asked.receiver else None,
        "total": _count(report.total),
        "tables": [_table(table) for table in report.tables],
    }
    return _without_nothing(written)


def _table(table: Table) -> Json:
    return {"parameter": table.parameter.value, "lines": [_line(line) for line in table.lines]}


def _line(line: Line) -> Json:
    return {"code": line.code, "name": line.name, **_count(line.count)}


def _count(count: Count) -> Json:
    return _without_nothing({"cases": count.cases, "casesBefore": count.before})


def _without_nothing(written: Json) -> Json:
    return {name: value for name, value in written.items() if value is not None}
