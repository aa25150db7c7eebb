"""The units whose cases would go elsewhere with another table, now or from a later time (B4)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from gateway.domain.case import Kind, ReceiverType
from gateway.domain.hsa import HsaId
from gateway.domain.period import Period, edges
from gateway.domain.region import Region
from gateway.domain.routing import LONGEST_CLIMB, Routed, RouteTable


@dataclass(frozen=True, slots=True)
class Move:
    """
    A unit, and where its cases of a kind went and would go; None is nowhere.

    `at` is when that begins, None for at once. `open_cases` are the unit's: they stay where they
    are handled.
    """

    unit: HsaId
    unit_name: str
    kind: Kind
    before: str | None
    after: str | None
    at: datetime | None
    open_cases: int


@dataclass(frozen=True, slots=True)
class _Tables:
    """The two that are compared, and when."""

    before: RouteTable
    after: RouteTable
    now: datetime

    def both(self) -> tuple[RouteTable, RouteTable]:
        return self.before, self.after


def moves(
    before: RouteTable,
    after: RouteTable,
    changed: set[str],
    now: datetime,
    open_cases: Mapping[tuple[str, str], int],
) -> Iterator[Move]:
    """Find all of them, given the keys of the units whose own rows are different."""
    tables = _Tables(before, after, now)
    touched = changed | _of_changed_regions(tables)
    touched |= _below(tables, touched)
    counts: dict[str, int] = defaultdict(int)
    for (unit, _), count in open_cases.items():
        counts[unit] += count
    for key in sorted(touched):
        yield from _moves_of(key, tables, counts[key])


def routing_of(region: Region) -> tuple[object, ...]:
    """Give what a region says of routes, apart from how its destinations are reached."""
    rules = tuple(
        (one.name, one.destination.key, one.kind, one.provider, one.under, one.period)
        for one in region.rules
    )
    return region.committee.period, rules


def _of_changed_regions(tables: _Tables) -> set[str]:
    """Give every unit of the regions whose committee or rules are different."""
    before, after = (
        {key: routing_of(region) for key, region in table.regions.items()}
        for table in tables.both()
    )
    regions = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    if not regions:
        return set()
    return {
        key
        for table in tables.both()
        for key, rows in table.units.items()
        if any(row.unit.region in regions for row in rows)
    }


def _below(tables: _Tables, above: Iterable[str]) -> set[str]:
    """Give the units that may inherit from these."""
    children: dict[str, set[str]] = defaultdict(set)
    for table in tables.both():
        for key, rows in table.units.items():
            for row in rows:
                if row.unit.parent is not None:
                    children[row.unit.parent.key].add(key)
    found: set[str] = set()
    edge = set(above)
    for _ in range(LONGEST_CLIMB):
        edge = {child for key in edge for child in children.get(key, ())} - found
        found |= edge
    return found


def _moves_of(key: str, tables: _Tables, open_cases: int) -> Iterator[Move]:
    rows = tables.after.units.get(key) or tables.before.units[key]
    unit, instants = rows[-1].unit, (None, *_later(key, tables))
    for kind in Kind:
        last: tuple[str | None, str | None] | None = None
        for at in instants:
            before, after = (
                _goes(table, unit.hsa_id, kind, at or tables.now) for table in tables.both()
            )
            if before != after and last != (before, after):
                yield Move(unit.hsa_id, unit.name, kind, before, after, at, open_cases)
            last = before, after


def _goes(table: RouteTable, unit: HsaId, kind: Kind, at: datetime) -> str | None:
    if table.tree is None and table.default is None and unit.key not in table.units:
        return None
    found = table.resolve(unit, kind, ReceiverType.CARE, at)
    return found.destination.key if isinstance(found, Routed) else None


def _later(key: str, tables: _Tables) -> list[datetime]:
    """Tell when anything that a unit's route depends on begins or ends, from now on."""
    instants = edges(period for table in tables.both() for period in _periods(key, table))
    return sorted(instant for instant in instants if instant > tables.now)


def _periods(key: str, table: RouteTable) -> Iterator[Period]:
    own = table.units.get(key, ())
    # Of many thousand units most have rows that say it all, and no rule is asked.
    lineage = own if all(row.routed for row in own) else [*table.lines_above([key])]
    yield from (row.period for row in lineage)
    for region in {row.unit.region for row in lineage}:
        yield table.regions[region].committee.period
        if lineage is not own:
            yield from (rule.period for rule in table.regions[region].rules)
