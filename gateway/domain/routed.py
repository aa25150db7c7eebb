"""What asking the route table gives: a destination, or why there is none, and the way there."""

from dataclasses import dataclass, field
from datetime import datetime

from gateway.domain.destination import Destination
from gateway.domain.hsa import HsaId
from gateway.domain.period import Period
from gateway.domain.region import Region, Unit, Way


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
    # Units below it in the directory's tree go the same way, if they have no row (B13).
    below: bool = False
    _routed: Routed | None = field(init=False, default=None, repr=False, compare=False)

    @property
    def routed(self) -> Routed | None:
        """The whole answer when the row says it all; made once, since resolving is hot."""
        if self._routed is None and isinstance(self.to, Destination):
            object.__setattr__(self, "_routed", self.reaching(self.to, (self.step,)))
        return self._routed

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


def to_committee(region: Region, at: datetime) -> Routed | RegionNotActive:
    """Answer that a case to a region's committee goes to its destination (DOMAIN B5)."""
    committee = region.committee
    if not committee.period.holds(at):
        return not_active(region, at)
    to, address = committee.destination, committee.hsa_id
    step = f"{address}: the committee of region {region.key} → {to.key}"
    return Routed(to, region.key, address, committee.name, to.holder_for(address), (step,))


def not_active(region: Region, at: datetime) -> RegionNotActive:
    """Answer that nobody in a region can receive at this time (DOMAIN B6)."""
    committee = region.committee.hsa_id
    words = f"region {region.key}: its committee {committee} has no route at {at.isoformat()}"
    return RegionNotActive((words,))
