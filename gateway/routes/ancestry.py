"""Whose parent is whose: no circles, and no chain too long to be followed."""

from collections.abc import Iterator, Mapping

from gateway.domain.routing import LONGEST_CLIMB, RouteTable, Row
from gateway.routes.finding import Finding, Rule


def ancestry_faults(table: RouteTable) -> Iterator[Finding]:
    """Tell every circle of parents, and every chain too long to be followed, each unit once."""
    parents = {
        key: {row.unit.parent.key for row in rows if row.unit.parent} & table.units.keys()
        for key, rows in table.units.items()
        if any(row.unit.parent for row in rows)
    }
    height: dict[str, int] = {}
    for key in parents:
        yield from _climb_faults(table, parents, key, height)


def _climb_faults(
    table: RouteTable, parents: Mapping[str, set[str]], start: str, height: dict[str, int]
) -> Iterator[Finding]:
    """Walk up all ways from `start`; `height` tells how many parents are above units walked."""
    trail = {} if start in height else {start: sorted(parents[start])}
    while trail:
        key, ups = next(reversed(trail.items()))
        if not ups:
            del trail[key]
            height[key] = max((height.get(up, 0) + 1 for up in parents.get(key, ())), default=0)
            yield from _height_faults(table.units[key][0], height[key])
        elif (up := ups.pop()) in trail:
            keys = list(trail)
            yield _circle([table.units[k][0] for k in keys[keys.index(up) :]])
        elif up not in height:
            trail[up] = sorted(parents.get(up, ()))


def _height_faults(row: Row, height: int) -> Iterator[Finding]:
    if height > LONGEST_CLIMB:
        words = f"{height} parents, one above the other; at most {LONGEST_CLIMB} are followed"
        yield Finding(row.file, row.line, Rule.TOO_DEEP, words)


def _circle(rows: list[Row]) -> Finding:
    ids = " → ".join(row.unit.hsa_id.text for row in (*rows, rows[0]))
    first = min(rows, key=lambda row: (row.file, row.line))
    return Finding(first.file, first.line, Rule.PARENT_CYCLE, f"the parents go round: {ids}")
