"""A report as CSV (RFC 4180): one row for each count, what is hidden left empty."""

import csv
from collections.abc import Iterator
from io import StringIO

from gateway.flow.reports import Count, Report

COLUMNS = (
    "level",
    "area",
    "period",
    "before",
    "kind",
    "receiver",
    "parameter",
    "code",
    "name",
    "cases",
    "casesBefore",
)
# What a spreadsheet would read as a formula is only text.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def report_csv(report: Report) -> str:
    """Write a report, the total first; `ALL` stands for what is counted together."""
    written = StringIO()
    rows = csv.writer(written)
    rows.writerow(COLUMNS)
    asked = report.asked
    beginning = (
        asked.level.value,
        "/".join(report.area),
        str(asked.span),
        str(report.before),
        asked.kind.value if asked.kind else "ALL",
        asked.receiver.value if asked.receiver else "ALL",
    )
    rows.writerows((*beginning, *map(_cell, row)) for row in _rows(report))
    return written.getvalue()


def _rows(report: Report) -> Iterator[tuple[object, ...]]:
    yield "ALL", "", report.name, *_counts(report.total)
    for table in report.tables:
        for line in table.lines:
            yield table.parameter.value, line.code, line.name, *_counts(line.count)


def _counts(count: Count) -> tuple[int | None, int | None]:
    return count.cases, count.before


def _cell(value: object) -> object:
    risky = isinstance(value, str) and value.startswith(_FORMULA)
    return f"'{value}" if risky else value
