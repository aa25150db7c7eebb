"""Which units a citizen can choose now, and the committee as the way out (DOMAIN A13, A14)."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import dropwhile, islice
from threading import Lock

from gateway.domain.capability import Capability, capability
from gateway.domain.case import Kind, ReceiverType
from gateway.domain.errors import Fault, Refusal, Rule
from gateway.domain.hsa import HsaId
from gateway.domain.region import Region
from gateway.domain.routing import Routed, RouteTable, Row
from gateway.domain.spelling import alphabetical
from gateway.flow.unit_index import UnitIndex

# Sweden has 21 regions; a longer list helps nobody who has not said where they are.
MOST_COMMITTEES = 25


@dataclass(frozen=True, slots=True)
class Choice:
    """
    A unit, or a committee, which has no place; the same whatever handles its cases.

    `region` is the key and `region_name` what people call it.
    """

    hsa_id: HsaId
    name: str
    place: str | None
    region: str
    region_name: str
    receiver: ReceiverType


@dataclass(frozen=True, slots=True)
class Offer:
    """Units, the best first, and the committees of their regions."""

    units: Sequence[Choice]
    committees: Sequence[Choice]


class Chooser:
    """
    The verbs of the unit chooser; nothing is read but the route table.

    The index of a new table is made by the first search that comes, in its own thread; searches
    beside it are answered from the table before until it is there.
    """

    def __init__(self, table: Callable[[], RouteTable], clock: Callable[[], datetime]) -> None:
        self._table = table
        self._clock = clock
        self._index: UnitIndex | None = None
        self._reading = Lock()

    def search(self, text: str, region: str | None, after: str | None, limit: int) -> Offer:
        """
        Find what can be chosen now; one more than `limit` is given when there is more.

        `text` is as it was typed, and `after` the HSA-id of the last unit of the page before. The
        committees are those of the units of this page and of the region asked for; without either
        it is every active region's, if they are not too many to choose from.
        """
        index, at = self._indexed(), self._clock()
        table = index.table
        if region is not None and region not in table.regions:
            raise Refusal(_UNKNOWN_REGION)
        rows = index.found(text)
        if after is not None:
            rows = _following(rows, table.units.get(after.lower(), ()), at)
        valid = _valid(rows, _active(table, region, at), at)
        visible = (row for row in valid if _receives(table, row, at))
        found = [_unit(table, row) for row in islice(visible, limit + 1)]
        shown = {unit.region for unit in found[:limit]}
        return Offer(found, _committees(table, shown, region, at))

    def committees(self) -> Sequence[Choice]:
        """Give every committee that can be chosen now: the way out for whoever lives elsewhere."""
        table, at = self._table(), self._clock()
        return _committees(table, set(_active(table, None, at)), None, at)

    def one(self, address: HsaId) -> Choice:
        """Give a unit or a committee by its address; refused when it cannot be chosen now."""
        table, at = self._table(), self._clock()
        for row in _valid(table.units.get(address.key, ()), _active(table, None, at), at):
            if _receives(table, row, at):
                return _unit(table, row)
        for region in _active(table, None, at).values():
            if region.committee.hsa_id == address:
                return _committee(region)
        raise Refusal(_NOT_VISIBLE)

    def capability(self, address: HsaId, kind: Kind) -> Capability:
        """Tell whether a case of this kind would be taken now, and until when that is so."""
        return capability(self._table(), address, kind, self._clock())

    def _indexed(self) -> UnitIndex:
        table, index = self._table(), self._index
        if index is not None and (index.table is table or self._reading.locked()):
            return index
        with self._reading:
            if self._index is None or self._index.table is not table:
                self._index = UnitIndex.of(table)
            return self._index


def _active(table: RouteTable, wanted: str | None, at: datetime) -> dict[str, Region]:
    """Give the regions in which somebody can receive (DOMAIN B6)."""
    return {
        key: region
        for key, region in table.regions.items()
        if wanted in (None, key) and region.committee.period.holds(at)
    }


def _valid(rows: Iterable[Row], regions: dict[str, Region], at: datetime) -> Iterator[Row]:
    return (row for row in rows if row.unit.region in regions and row.period.holds(at))


def _following(rows: Iterator[Row], unit: Sequence[Row], at: datetime) -> Iterator[Row]:
    """Give the rows after the one of this unit that was shown, which may have ended since."""
    shown = next((row for row in unit if row.period.holds(at)), unit[-1] if unit else None)
    rest = dropwhile(lambda row: row is not shown, rows)
    if next(rest, None) is None:
        raise Refusal(_LOST_PLACE)
    return rest


def _receives(table: RouteTable, row: Row, at: datetime) -> bool:
    address, care = row.unit.hsa_id, ReceiverType.CARE
    return any(isinstance(table.resolve(address, kind, care, at), Routed) for kind in Kind)


def _committees(
    table: RouteTable, regions: set[str], asked: str | None, at: datetime
) -> list[Choice]:
    active = _active(table, None, at)
    wanted = regions if asked is None else {asked}
    if not wanted and len(active) <= MOST_COMMITTEES:
        wanted = set(active)
    found = [_committee(region) for key, region in active.items() if key in wanted]
    return sorted(found, key=lambda one: (alphabetical(one.region_name), one.region))


def _unit(table: RouteTable, row: Row) -> Choice:
    unit = row.unit
    name = table.regions[unit.region].name
    return Choice(unit.hsa_id, unit.name, unit.place, unit.region, name, ReceiverType.CARE)


def _committee(region: Region) -> Choice:
    address, name = region.committee.hsa_id, region.committee.name
    return Choice(address, name, None, region.key, region.name, ReceiverType.COMMITTEE)


_UNKNOWN_REGION = Fault(
    Rule.SCHEMA, "query/region", "no region has this key; each unit tells its own in `region`"
)
_LOST_PLACE = Fault(
    Rule.SCHEMA, "query/after", "is not among these units now; begin with the first page again"
)
_NOT_VISIBLE = Fault(
    Rule.UNIT_NOT_VISIBLE,
    "path/hsaId",
    "no unit of this HSA-id can be chosen now: it is not known, it is closed or not open yet, or "
    "its region takes no cases; search for another, or choose the region's committee",
)
