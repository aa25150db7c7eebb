"""Whether a table routes units as a TAK says, also where rows say @parent or @rules."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from gateway.domain.case import Kind, ReceiverType
from gateway.domain.hsa import HsaId
from gateway.domain.period import EARLIEST, edges, swedish_midnight
from gateway.domain.routing import RegionNotActive, Routed, RouteTable
from gateway.routes.tak.overlay import Plan, Stretch
from gateway.routes.tak.units_text import EVER, NEVER


def disagreeing(table: RouteTable, region: str, plans: Mapping[str, Plan]) -> set[str]:
    """
    Tell which units do not go where their plans say, whatever kind of case it is.

    A TAK does not tell kinds apart: it is enough that one kind goes there.
    """
    turns = _turns(table, region)
    return {key for key, plan in plans.items() if not _agrees(table, region, key, plan, turns)}


def _agrees(table: RouteTable, region: str, key: str, plan: Plan, turns: list[datetime]) -> bool:
    address = HsaId(key)
    return all(
        _goes(table, address, f"{region}/{told.destination}", at)
        for told in plan.told
        for at in _moments(told, turns)
    )


def _goes(table: RouteTable, address: HsaId, destination: str, at: datetime) -> bool:
    for kind in Kind:
        found = table.resolve(address, kind, ReceiverType.CARE, at)
        # While nobody can receive it does not matter where to.
        if isinstance(found, RegionNotActive):
            return True
        if isinstance(found, Routed) and found.destination.key == destination:
            return True
    return False


def _moments(told: Stretch, turns: list[datetime]) -> Iterator[datetime]:
    """Tell when something may change while this holds: its first moment, and all turns in it."""
    start = EARLIEST if told.start == EVER else swedish_midnight(date.fromordinal(told.start))
    end = None if told.end == NEVER else swedish_midnight(date.fromordinal(told.end))
    yield start
    yield from (at for at in turns if at > start and (end is None or at < end))


def _turns(table: RouteTable, region: str) -> list[datetime]:
    one = table.regions[region]
    rows = (row for of_unit in table.units.values() for row in of_unit)
    periods = [row.period for row in rows if row.unit.region == region]
    periods += [one.committee.period, *(rule.period for rule in one.rules)]
    return sorted(edges(periods))
