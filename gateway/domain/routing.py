"""Where a case goes, and why: one immutable table, asked without any I/O (DOMAIN B)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from gateway.domain.case import Kind, ReceiverType
from gateway.domain.destination import Destination
from gateway.domain.hsa import HsaId
from gateway.domain.period import Period
from gateway.domain.region import Committee, Region, RouteRule, Unit, Way

__all__ = [
    "LONGEST_CLIMB",
    "Committee",
    "Destination",
    "NoRouteNow",
    "NotACareUnit",
    "NotACommittee",
    "Period",
    "Region",
    "RegionNotActive",
    "RouteRule",
    "RouteTable",
    "Routed",
    "Row",
    "Unit",
    "UnknownUnit",
    "Unrouted",
    "Way",
]

# Real chains are clinic, hospital, administration. The limit also ends a loop in a faulty table.
LONGEST_CLIMB = 8


@dataclass(frozen=True, slots=True)
class Routed:
    """The case goes to `destination`; `holder` is who may answer it (DOMAIN B1, D2)."""

    destination: Destination
    region: str
    unit: HsaId
    unit_name: str
    holder: HsaId
    trace: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnknownUnit:
    """Nobody in the table has this address."""

    trace: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RegionNotActive:
    """The region's committee has no route at this time, so nobody in it can receive (B6)."""

    trace: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NoRouteNow:
    """The unit is known, but has no route at this time."""

    trace: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NotACommittee:
    """The case is for a committee, and the address is a unit's."""

    trace: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NotACareUnit:
    """The case is for the care, and the address is a committee's."""

    trace: tuple[str, ...]


Unrouted = UnknownUnit | RegionNotActive | NoRouteNow | NotACommittee | NotACareUnit


@dataclass(frozen=True, slots=True)
class Row:
    """What one line of a region's file says about a unit in a period."""

    unit: Unit
    to: Destination | Way
    period: Period
    file: str
    line: int
    # The whole answer when the row says it all; made once, since resolving is hot.
    routed: Routed | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Make the answer."""
        to = self.to
        routed = self.reaching(to, (self.step,)) if isinstance(to, Destination) else None
        object.__setattr__(self, "routed", routed)

    @property
    def step(self) -> str:
        """What a trace says about this row."""
        to = self.to.key if isinstance(self.to, Destination) else self.to
        return f"{self.unit.hsa_id}: row {self.file}:{self.line} → {to}"

    def reaching(self, destination: Destination, trace: tuple[str, ...]) -> Routed:
        """Answer that a case to this unit goes to `destination`."""
        unit = self.unit
        holder = destination.holder_for(unit.hsa_id)
        return Routed(destination, unit.region, unit.hsa_id, unit.name, holder, trace)


@dataclass(frozen=True, slots=True)
class RouteTable:
    """
    One version of all routes (DESIGN decision 7).

    `version` is a short hash of the source. `regions` and `destinations` go by their own keys;
    `units` has every row of a unit, in order of time, by the key of its HSA-id.
    """

    version: str
    regions: Mapping[str, Region] = field(repr=False)
    destinations: Mapping[str, Destination] = field(repr=False)
    units: Mapping[str, tuple[Row, ...]] = field(repr=False)
    _committees: Mapping[str, Region] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the committees by address."""
        index = {region.committee.hsa_id.key: region for region in self.regions.values()}
        object.__setattr__(self, "_committees", index)

    def resolve(
        self, address: HsaId, kind: Kind, receiver: ReceiverType, at: datetime
    ) -> Routed | Unrouted:
        """Tell where a case to `address` goes at the instant `at`, and why (DOMAIN B1, B11)."""
        rows = self.units.get(address.key)
        if rows is None:
            return self._to_committee(address, receiver, at)
        if receiver is ReceiverType.COMMITTEE:
            return NotACommittee((f"{address}: a unit, {_places(rows)}",))
        for row in rows:
            if row.period.holds(at):
                return self._to_unit(row, kind, at)
        return NoRouteNow((f"{address}: no route at {at.isoformat()}, {_places(rows)}",))

    def receiver_of(self, address: HsaId) -> ReceiverType:
        """Tell which receiver this address can be: a region's committee, else the care."""
        known = address.key in self._committees
        return ReceiverType.COMMITTEE if known else ReceiverType.CARE

    def above(self, row: Row, at: datetime) -> Row | None:
        """Find the parent's row at that time, within the same region only (DOMAIN B7)."""
        parent = row.unit.parent
        for up in self.units.get(parent.key, ()) if parent else ():
            if up.unit.region == row.unit.region and up.period.holds(at):
                return up
        return None

    def rule_for(self, row: Row, kind: Kind, at: datetime) -> RouteRule | None:
        """Find the first rule of the unit's region that matches."""
        for rule in self.regions[row.unit.region].rules:
            if self._matches(rule, row, kind, at):
                return rule
        return None

    def _to_unit(self, row: Row, kind: Kind, at: datetime) -> Routed | Unrouted:
        region = self.regions[row.unit.region]
        if not region.committee.period.holds(at):
            return _not_active(region, at)
        return row.routed or self._climb(row, kind, at)

    def _to_committee(
        self, address: HsaId, receiver: ReceiverType, at: datetime
    ) -> Routed | Unrouted:
        region = self._committees.get(address.key)
        if region is None:
            return UnknownUnit((f"{address}: no row, and no region's committee",))
        committee = region.committee
        if receiver is ReceiverType.CARE:
            return NotACareUnit((f"{address}: the committee of region {region.key}",))
        if not committee.period.holds(at):
            return _not_active(region, at)
        to = committee.destination
        step = f"{address}: the committee of region {region.key} → {to.key}"
        address = committee.hsa_id
        holder = to.holder_for(address)
        return Routed(to, region.key, address, committee.name, holder, (step,))

    def _climb(self, row: Row, kind: Kind, at: datetime) -> Routed | NoRouteNow:
        trace = []
        for step in self._lineage(row, at):
            trace.append(step.step)
            if isinstance(step.to, Destination):
                return row.reaching(step.to, tuple(trace))
            if step.to is Way.RULES:
                return _by_rule(row, self.rule_for(step, kind, at), tuple(trace))
        return NoRouteNow((*trace, "no parent in this region at this time to inherit from"))

    def _matches(self, rule: RouteRule, row: Row, kind: Kind, at: datetime) -> bool:
        return (
            rule.kind in (None, kind)
            and rule.provider in (None, row.unit.provider)
            and rule.period.holds(at)
            and (rule.under is None or self._is_under(row, rule.under, at))
        )

    def _is_under(self, row: Row, ancestor: HsaId, at: datetime) -> bool:
        return any(step.unit.hsa_id == ancestor for step in self._lineage(row, at))

    def _lineage(self, row: Row, at: datetime) -> Iterator[Row]:
        """Go from a unit's own row to its parents', at most LONGEST_CLIMB steps up."""
        step: Row | None = row
        for _ in range(LONGEST_CLIMB + 1):
            if step is None:
                return
            yield step
            step = self.above(step, at)


def _by_rule(row: Row, rule: RouteRule | None, trace: tuple[str, ...]) -> Routed | NoRouteNow:
    if rule is None:
        return NoRouteNow((*trace, "no rule of the region matches"))
    step = f"rule {rule.name!r} → {rule.destination.key}"
    return row.reaching(rule.destination, (*trace, step))


def _not_active(region: Region, at: datetime) -> RegionNotActive:
    committee = region.committee.hsa_id
    words = f"region {region.key}: its committee {committee} has no route at {at.isoformat()}"
    return RegionNotActive((words,))


def _places(rows: tuple[Row, ...]) -> str:
    return "; ".join(f"row {row.file}:{row.line}" for row in rows)
