"""What must be true between the units of a table: one route at any time, parents that exist."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from gateway.domain.case import Kind
from gateway.domain.hsa import is_strict
from gateway.domain.period import ALWAYS, EARLIEST, Period, edges, swedish_day
from gateway.domain.routing import RouteTable, Row, Way
from gateway.routes.ancestry import ancestry_faults
from gateway.routes.finding import Finding, Rule

_LATEST = datetime.max.replace(tzinfo=UTC)


def unit_faults(table: RouteTable, undated: set[tuple[str, int]]) -> Iterator[Finding]:
    """
    Tell what is wrong between the rows of a table (DOMAIN B1, B4, B9, B13).

    `undated` are the lines whose dates are wrong themselves: their time is compared with nothing.
    """
    for rows in table.units.values():
        dated = [row for row in rows if not undated or (row.file, row.line) not in undated]
        # Of many thousand units most have one row, that says it all.
        if len(dated) > 1:
            yield from _seam_faults(dated)
        for row in rows:
            if row.unit.parent:
                yield from _unknown_parent(table, row)
        for row in dated:
            if row.to is Way.PARENT:
                yield from _inheritance_faults(table, row)
            elif row.to is Way.RULES:
                yield from _rule_faults(table, row)
    yield from ancestry_faults(table)


def start_of(row: Row) -> datetime:
    """Tell when a row begins, so that rows can be put in order of time."""
    return row.period.start or EARLIEST


def _seam_faults(rows: list[Row]) -> Iterator[Finding]:
    """Tell where a unit's rows, in order of time, do not meet exactly."""
    reach = rows[0]
    for row in rows[1:]:
        if _end(reach) > start_of(row):
            yield _overlap(reach, row)
        elif _end(reach) < start_of(row):
            yield _gap(reach, row)
        reach = max(reach, row, key=_end)


def _gap(earlier: Row, later: Row) -> Finding:
    hole = f"from {swedish_day(_end(earlier))} until {swedish_day(start_of(later))}"
    words = f"{later.unit.hsa_id} has no route {hole}; {earlier.file}:{earlier.line} ends too soon"
    return _finding(later, Rule.GAP, words)


def _overlap(earlier: Row, later: Row) -> Finding:
    other = f"{earlier.file}:{earlier.line}"
    moved = earlier.unit.region != later.unit.region
    if moved or earlier.period == later.period == ALWAYS:
        words = f"{later.unit.hsa_id} also has a route in {other}; keep one, or give both periods"
        return _finding(later, Rule.TWO_ROUTES, words)
    words = f"{later.unit.hsa_id} has this period in common with {other}; end that one before"
    return _finding(later, Rule.OVERLAP, words)


def _unknown_parent(table: RouteTable, row: Row) -> Iterator[Finding]:
    parent = row.unit.parent
    if parent and is_strict(parent.text) and not _rows_above(table, row):
        words = f"parent {parent} is no unit of this region's file; add it, or correct the id"
        yield _finding(row, Rule.UNKNOWN_PARENT, words)


def _inheritance_faults(table: RouteTable, row: Row) -> Iterator[Finding]:
    periods = [up.period for up in _rows_above(table, row)]
    bare = (at for at in _moments(row, periods) if periods and not table.above(row, at))
    if at := next(bare, None):
        words = f"parent {row.unit.parent} has no row to inherit from {_since(at)}"
        yield _finding(row, Rule.NOTHING_TO_INHERIT, words)


def _rule_faults(table: RouteTable, row: Row) -> Iterator[Finding]:
    """Tell which kinds of case no rule of the region takes, and since when."""
    rules = table.regions[row.unit.region].rules
    above = table.lines_above([row.unit.parent.key] if row.unit.parent else ())
    periods = (*(rule.period for rule in rules), *(up.period for up in above))
    moments = _moments(row, periods)
    for kind in Kind:
        lost = (at for at in moments if not table.rule_for(row, kind, at))
        if at := next(lost, None):
            words = f"no rule of the region takes {kind} for {row.unit.hsa_id} {_since(at)}"
            yield _finding(row, Rule.NO_RULE, words)


def _rows_above(table: RouteTable, row: Row) -> list[Row]:
    parent = row.unit.parent
    rows = table.units.get(parent.key, ()) if parent else ()
    return [up for up in rows if up.unit.region == row.unit.region]


def _moments(row: Row, periods: Iterable[Period]) -> list[datetime]:
    """Tell the instants in a row's period at which something may change: its start, and edges."""
    return sorted({start_of(row), *filter(row.period.holds, edges(periods))})


def _end(row: Row) -> datetime:
    return row.period.end or _LATEST


def _since(at: datetime) -> str:
    return "from the beginning" if at == EARLIEST else f"from {swedish_day(at)}"


def _finding(row: Row, rule: Rule, words: str) -> Finding:
    return Finding(row.file, row.line, rule, words)
