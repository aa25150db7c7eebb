"""Whether an address can receive a kind of case, and until when that is so (DOMAIN B2, B6)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from gateway.domain.addressing import route_stops
from gateway.domain.case import Kind, ReceiverType
from gateway.domain.hsa import HsaId
from gateway.domain.period import Period, edges
from gateway.domain.routing import Routed, RouteTable, Unrouted


@dataclass(frozen=True, slots=True)
class Capability:
    """
    What resolving answers, for the receiver that the address can be.

    `changes_at` is when it will be able, or no longer; None when this table knows no such time.
    `anonymous` is whether it also takes cases of people who do not say who they are (A9).
    """

    receiver: ReceiverType
    resolved: Routed | Unrouted
    changes_at: datetime | None
    anonymous: bool = False

    @property
    def can_receive(self) -> bool:
        """Tell whether a case would be taken."""
        return isinstance(self.resolved, Routed)


def capability(table: RouteTable, address: HsaId, kind: Kind, at: datetime) -> Capability:
    """Tell what would happen to a case at the instant `at`, as the table resolves it."""
    receiver = table.receiver_of(address)
    resolved, changes_at = table.resolve(address, kind, receiver, at), None
    for moment in _turning_points(table, address, at):
        then = table.resolve(address, kind, receiver, moment)
        if isinstance(then, Routed) is not isinstance(resolved, Routed):
            changes_at = moment
            break
    anonymous = isinstance(resolved, Routed) and table.regions[resolved.region].anonymous
    return Capability(receiver, resolved, changes_at, anonymous)


def _turning_points(table: RouteTable, address: HsaId, after: datetime) -> list[datetime]:
    """Give every later instant at which anything that resolving may ask becomes another."""
    rows = table.lines_above(stop.address.key for stop in route_stops(address, table.tree))
    moments = edges([*_periods_of_regions(table), *(row.period for row in rows)])
    return sorted(moment for moment in moments if moment > after)


def _periods_of_regions(table: RouteTable) -> Iterator[Period]:
    for region in table.regions.values():
        yield region.committee.period
        yield from (rule.period for rule in region.rules)
