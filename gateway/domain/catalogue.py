"""A route table as a catalogue of addresses tells it: who is reached, where and when (B12)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from gateway.domain.addressing import ANY
from gateway.domain.case import Kind
from gateway.domain.hsa import HsaId
from gateway.domain.period import EARLIEST, Period, edges
from gateway.domain.routed import Routed, Row
from gateway.domain.routing import RouteTable


@dataclass(frozen=True, slots=True)
class Reached:
    """
    Where cases to a receiver go.

    `place` is the key of a destination, or only its region's when it depends on the kind of case.
    """

    place: str
    name: str


@dataclass(frozen=True, slots=True)
class Listed:
    """In this period, cases to `receiver` go where `reached` says."""

    receiver: HsaId
    reached: Reached
    period: Period


def listed(table: RouteTable) -> Iterator[Listed]:
    """
    Tell every route of a table, past and to come; `*` is for who has none (DOMAIN B12).

    At any instant a receiver has one, which is what the table resolves to then, or none where no
    kind of case has a route (DOMAIN B1). Who has no row but a place in the directory's tree is
    not told: platforms climb the tree themselves (INTEROP §2.3).
    """
    for rows in table.units.values():
        yield from _in_order(table, rows[0].unit.hsa_id, _periods(table, rows))
    for region in table.regions.values():
        committee = region.committee
        yield from _in_order(table, committee.hsa_id, [committee.period])
    if table.default:
        yield from _in_order(table, ANY, [_committee_of(table, table.default.region)])


def reached(table: RouteTable, receiver: HsaId, at: datetime) -> Reached | None:
    """Tell where cases to `receiver` go at the instant `at`; None when they go nowhere."""
    who = table.receiver_of(receiver)
    resolved = [table.resolve(receiver, kind, who, at) for kind in Kind]
    routes = [one for one in resolved if isinstance(one, Routed)]
    if not routes:
        return None
    keys = {route.destination.key for route in routes}
    alike = len(routes) == len(resolved) and len(keys) == 1
    return Reached(keys.pop() if alike else routes[0].region, routes[0].unit_name)


def receivers(table: RouteTable) -> Iterator[HsaId]:
    """Tell everybody in a table that can receive at some time: units and committees."""
    yield from (rows[0].unit.hsa_id for rows in table.units.values())
    yield from (region.committee.hsa_id for region in table.regions.values())


def _in_order(table: RouteTable, receiver: HsaId, periods: Iterable[Period]) -> Iterator[Listed]:
    # Between two edges nothing changes, so one look tells it all.
    last: Listed | None = None
    for start, end in pairwise([None, *sorted(edges(periods)), None]):
        now = reached(table, receiver, start or EARLIEST)
        if last and now == last.reached:
            last = Listed(receiver, now, Period(last.period.start, end))
            continue
        if last:
            yield last
        last = Listed(receiver, now, Period(start, end)) if now else None
    if last:
        yield last


def _periods(table: RouteTable, rows: Sequence[Row]) -> Iterator[Period]:
    """Tell every period that the route of who has rows may begin or end with."""
    yield from (row.period for row in rows)
    regions = {row.unit.region for row in rows}
    yield from (_committee_of(table, region) for region in regions)
    if not all(row.routed for row in rows):
        yield from (rule.period for key in regions for rule in table.regions[key].rules)
        yield from (up.period for up in table.lines_above([rows[0].unit.hsa_id.key]))


def _committee_of(table: RouteTable, region: str) -> Period:
    return table.regions[region].committee.period
