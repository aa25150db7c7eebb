"""Where a case goes, and why: one immutable table, asked without any I/O (DOMAIN B)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import assert_never

from gateway.domain.addressing import Look, Stop, parts, platform_trace, route_stops
from gateway.domain.case import Kind, ReceiverType
from gateway.domain.destination import Destination
from gateway.domain.hsa import HsaId
from gateway.domain.period import ALWAYS, Period
from gateway.domain.permission import Permissions
from gateway.domain.region import Committee, Region, RouteRule, Unit, Way
from gateway.domain.routed import (
    NoRouteNow,
    NotACareUnit,
    NotACommittee,
    RegionNotActive,
    Routed,
    Row,
    UnknownUnit,
    Unrouted,
    not_active,
    to_committee,
)
from gateway.domain.tree import Tree

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

# What can be found at an address: a unit's row, a committee's region, or the default.
_Entry = Row | Region | Destination


@dataclass(frozen=True, slots=True)
class RouteTable:
    """
    One version of all routes (DESIGN decision 7).

    `version` is a short hash of the source. `regions` and `destinations` go by their own keys;
    `units` has every row of a unit, in order of time, by the key of its HSA-id. `tree` and
    `default` are for addresses without a row, and `permissions` tell who may call; each is None
    when the rules say nothing of it.
    """

    version: str
    regions: Mapping[str, Region] = field(repr=False)
    destinations: Mapping[str, Destination] = field(repr=False)
    units: Mapping[str, tuple[Row, ...]] = field(repr=False)
    tree: Tree | None = field(default=None, repr=False)
    default: Destination | None = None
    permissions: Permissions | None = field(default=None, repr=False)
    _committees: Mapping[str, Region] = field(init=False, repr=False, compare=False)
    # What units with one row for all time are answered, once they have been asked for.
    _settled: dict[str, Routed] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        """Index the committees by address."""
        index = {region.committee.hsa_id.key: region for region in self.regions.values()}
        object.__setattr__(self, "_committees", index)

    def resolve(
        self, address: HsaId, kind: Kind, receiver: ReceiverType, at: datetime
    ) -> Routed | Unrouted:
        """
        Tell where a case to `address` goes at the instant `at`, and why (DOMAIN B1, B11).

        Who is not in the table is looked up as a platform does it (INTEROP §2.3), where the rules
        say so; who is in it goes by its own rows, and nowhere when none of them holds.
        """
        if receiver is ReceiverType.CARE:
            key = address.key
            if settled := self._settled.get(key):
                return self._while_active(settled, at)
            for row in self.units.get(key, ()):
                if row.period.holds(at):
                    return self._to_unit(row, kind, at)
        own = self._without_row(address, receiver, at)
        if isinstance(own, UnknownUnit):
            return self._further(own, address, kind, receiver, at)
        return own

    def platform_trace(self, address: HsaId, at: datetime) -> str:
        """Write where a route was looked for, as a platform does (INTEROP §2.11)."""
        return platform_trace(self._walk(address, self.receiver_of(address), at)[0])

    def receiver_of(self, address: HsaId) -> ReceiverType:
        """Tell which receiver this address can be: a region's committee, else the care."""
        known = (part for part in parts(address) if part.key in self._committees)
        return ReceiverType.COMMITTEE if any(known) else ReceiverType.CARE

    def above(self, row: Row, at: datetime) -> Row | None:
        """Find the parent's row at that time, within the same region only (DOMAIN B7)."""
        parent = row.unit.parent
        for up in self.units.get(parent.key, ()) if parent else ():
            if up.unit.region == row.unit.region and up.period.holds(at):
                return up
        return None

    def lines_above(self, keys: Iterable[str]) -> Iterator[Row]:
        """Give all rows of these units, and of those that they may inherit from at some time."""
        line = {*keys}
        for _ in range(LONGEST_CLIMB + 1):
            rows = [row for key in line for row in self.units.get(key, ())]
            yield from rows
            line = {row.unit.parent.key for row in rows if row.unit.parent}

    def rule_for(self, row: Row, kind: Kind, at: datetime) -> RouteRule | None:
        """Find the first rule of the unit's region that matches."""
        for rule in self.regions[row.unit.region].rules:
            if self._matches(rule, row, kind, at):
                return rule
        return None

    def _to_unit(self, row: Row, kind: Kind, at: datetime) -> Routed | Unrouted:
        routed = row.routed
        if routed is None:
            region = self.regions[row.unit.region]
            active = region.committee.period.holds(at)
            return self._climb(row, kind, at) if active else not_active(region, at)
        key = row.unit.hsa_id.key
        if row.period == ALWAYS and len(self.units[key]) == 1:
            # Of a hundred thousand units none is in the processor's cache: the next time neither
            # the row nor its unit is touched.
            self._settled[key] = routed
        return self._while_active(routed, at)

    def _while_active(self, routed: Routed, at: datetime) -> Routed | RegionNotActive:
        region = self.regions[routed.region]
        return routed if region.committee.period.holds(at) else not_active(region, at)

    def _without_row(
        self, address: HsaId, receiver: ReceiverType, at: datetime
    ) -> Routed | Unrouted:
        rows = self.units.get(address.key)
        if rows and receiver is ReceiverType.COMMITTEE:
            return NotACommittee((f"{address}: a unit, {_places(rows)}",))
        if rows:
            return NoRouteNow((f"{address}: no route at {at.isoformat()}, {_places(rows)}",))
        region = self._committees.get(address.key)
        if region is None:
            return UnknownUnit((f"{address}: no row, and no region's committee",))
        if receiver is ReceiverType.CARE:
            return NotACareUnit((f"{address}: the committee of region {region.key}",))
        return to_committee(region, at)

    def _further(
        self,
        own: UnknownUnit,
        address: HsaId,
        kind: Kind,
        receiver: ReceiverType,
        at: datetime,
    ) -> Routed | Unrouted:
        visited, entry = self._walk(address, receiver, at)
        looked = (stop for stop in visited if stop.look is not Look.DEFAULT)
        trace = tuple(self._words(stop, own) for stop in looked)
        match entry:
            case None:
                return replace(own, trace=trace or own.trace)
            case Row():
                found = self._to_unit(entry, kind, at)
            case Region():
                found = to_committee(entry, at)
            case Destination():
                found = self._to_default(entry, address, at)
            case _ as never:
                assert_never(never)
        found = replace(found, trace=(*trace, *found.trace))
        return self._as_selected(found, address) if isinstance(found, Routed) else found

    def _as_selected(self, found: Routed, address: HsaId) -> Routed:
        """Keep the selected unit on the case; who holds it is said by what was found (B3)."""
        name = self.tree.name_of(address) if self.tree else None
        return replace(found, unit=address, unit_name=name or found.unit_name)

    def _words(self, stop: Stop, own: UnknownUnit) -> str:
        if stop.look is Look.EXACT:
            return own.trace[0]
        in_tree = f"above it in {self.tree.title}" if self.tree else ""
        return (
            f"{stop.address}: {in_tree if stop.look is Look.PARENT else 'a part of the address'}"
        )

    def _walk(
        self, address: HsaId, receiver: ReceiverType, at: datetime
    ) -> tuple[list[Stop], _Entry | None]:
        """Look at one address after the other, until one has something to say."""
        visited = []
        # Committees have no heirs: each region has its own (DOMAIN B5).
        tree = self.tree if receiver is ReceiverType.CARE else None
        for stop in route_stops(address, tree):
            visited.append(stop)
            if entry := self._entry(stop, receiver, at):
                return visited, entry
            if stop.look is Look.EXACT and address.key in self.units:
                break
        return visited, None

    def _entry(self, stop: Stop, receiver: ReceiverType, at: datetime) -> _Entry | None:
        if stop.look is Look.DEFAULT:
            return self.default if receiver is ReceiverType.CARE else None
        if receiver is ReceiverType.COMMITTEE:
            return self._committees.get(stop.address.key)
        is_own = stop.look is not Look.PARENT
        rows = self.units.get(stop.address.key, ())
        return next((row for row in rows if row.period.holds(at) and (is_own or row.below)), None)

    def _to_default(
        self, to: Destination, address: HsaId, at: datetime
    ) -> Routed | RegionNotActive:
        region = self.regions[to.region]
        if not region.committee.period.holds(at):
            return not_active(region, at)
        holder = to.holder_for(address)
        return Routed(to, region.key, address, address.text, holder, (f"default → {to.key}",))

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


def _places(rows: tuple[Row, ...]) -> str:
    return "; ".join(f"row {row.file}:{row.line}" for row in rows)
