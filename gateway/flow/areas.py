"""The areas that statistics are asked of: what is meant by a level and a key (DOMAIN F2)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gateway.domain.case import Kind, ReceiverType
from gateway.domain.errors import Fault, Refusal, Rule
from gateway.domain.hsa import HsaId
from gateway.domain.routing import RouteTable
from gateway.domain.span import Span
from gateway.domain.statistics import NATION, UNKNOWN, Area, Level, Parameter
from gateway.flow.statistics import Statistics


@dataclass(frozen=True, slots=True)
class Asked:
    """
    For whom, when and of what; without `kind` or `receiver` they are counted together.

    `key` is a region's key or an HSA-id, and None for the nation. `region` tells which region's
    units of a provider are meant, if it has units in many.
    """

    level: Level
    key: str | None
    span: Span
    kind: Kind | None = None
    receiver: ReceiverType | None = None
    region: str | None = None
    parameters: Sequence[Parameter] = tuple(Parameter)


@dataclass(frozen=True, slots=True)
class Areas:
    """What is meant by a level and a key."""

    statistics: Statistics
    table: RouteTable

    def found(self, asked: Asked) -> Area:
        """Give the area; raises Refusal when there is none, or more than one."""
        if asked.level is Level.NATION:
            return NATION
        if not asked.key:
            words = "is missing: give a region's key, or the HSA-id of a provider or a unit"
            raise Refusal(Fault(Rule.SCHEMA, "query/key", words))
        found = [*dict.fromkeys(self._named(asked.level, asked.key))]
        wanted = [area for area in found if asked.region in (None, area[0])]
        if not wanted:
            words = f"no {asked.level.value.lower()} of that key is known"
            raise Refusal(Fault(Rule.UNKNOWN_UNIT, "query/key", words))
        if asked.level is Level.PROVIDER and len({area[0] for area in wanted}) > 1:
            regions = ", ".join(sorted(area[0] for area in wanted))
            words = f"tell which region: this provider has units in {regions}"
            raise Refusal(Fault(Rule.SCHEMA, "query/region", words))
        return wanted[0]

    def _named(self, level: Level, key: str) -> Iterator[Area]:
        if level is Level.REGION:
            if key in self.table.regions or (key,) in self.statistics.seen(key):
                yield (key,)
            return
        address = HsaId(key)
        if level is Level.UNIT and (area := area_of(self.table, address)):
            yield area
        depth = 2 if level is Level.PROVIDER else 3
        yield from (one for one in self.statistics.seen(address.key) if len(one) == depth)
        if level is Level.PROVIDER:
            yield from self._of_provider(address)

    def _of_provider(self, provider: HsaId) -> Iterator[Area]:
        for rows in self.table.units.values():
            if rows[-1].unit.provider == provider:
                yield rows[-1].unit.region, provider.key


def area_of(table: RouteTable, unit: HsaId) -> Area | None:
    """Tell the region and the provider of a unit; None when it is no unit's address."""
    rows = table.units.get(unit.key)
    if not rows:
        return None
    last = rows[-1].unit
    return last.region, last.provider.key if last.provider else UNKNOWN, unit.key
