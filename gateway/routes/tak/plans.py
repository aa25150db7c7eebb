"""What a TAK says, unit by unit in words of a region's own; what cannot be understood is told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches

from gateway.domain.addressing import ANY
from gateway.domain.case import ReceiverType
from gateway.domain.hsa import HsaId
from gateway.domain.routing import RouteTable
from gateway.routes.finding import Finding, Rule
from gateway.routes.tak.overlay import Plan, Stretch
from gateway.routes.tak.table import At, Days, TakOrder, TakRoute, TakTable
from gateway.routes.tak.units_text import EVER, NEVER, Record

Routes = Sequence[tuple[TakRoute, Stretch]]

# Looking for what somebody may have meant takes its time in a large region.
_MOST_GUESSES = 10


@dataclass(frozen=True, slots=True)
class Planning:
    """
    The region whose units are planned for, and the faults so far.

    `units` are its records by the key of their HSA-id, `addresses` its destinations' names by
    address. Units of other regions, and committees, are passed over.
    """

    region: str
    table: RouteTable
    units: Mapping[str, Sequence[Record]]
    addresses: Mapping[str, str]
    findings: list[Finding]
    _unknown: set[str] = field(default_factory=set, init=False)

    def of(self, tak: TakTable | TakOrder, today: date) -> dict[str, Plan]:
        """Plan for the units that a TAK or an order says something of, by their keys."""
        match tak:
            case TakTable():
                return self._of_table(tak, today)
            case TakOrder():
                return self._of_order(tak)

    def _of_table(self, tak: TakTable, today: date) -> dict[str, Plan]:
        """Plan for a whole TAK: where a unit has an address, until when, and no longer."""
        over = [route for route in tak.routes if _is_over(route, today)]
        told = self._told([route for route in tak.routes if not _is_over(route, today)])
        # With a date that cannot be read, what meets what is not known.
        in_turn = {key: _in_turn(routes) for key, routes in told.items() if not tak.findings}
        for routes in in_turn.values():
            self._check_overlap(routes)
        if not told and not self.findings:
            words = f"no route is for a unit of {self.region}; is it the right TAK, and region?"
            self.findings.append(Finding(self.region, 0, Rule.EMPTY, words))
        return self._plans(in_turn, over)

    def _of_order(self, order: TakOrder) -> dict[str, Plan]:
        """Plan for an order: what it ends, and then what it adds (INTEROP §3.5)."""
        begins = Stretch.of(Days(order.begins, None), "").start
        for permission in order.permissions:
            self._is_ours(permission.receiver, permission.place)
        plans = {
            route.receiver.key: Plan(ends=begins, ended=self._meant(route))
            for route in order.ended
            if route.receiver.key in self.units
        }
        for key, routes in self._told(order.routes).items():
            ended = plans[key].ended if key in plans else frozenset[str]()
            left = [r for r in self.units[key] if r.end > begins and r.destination not in ended]
            if len(left) > 1:
                one = routes[0][0]
                words = f"{one.receiver} has {len(left)} rows from {order.begins} on; make it one"
                self._fault(one.place, Rule.OVERLAP, words)
            plans[key] = Plan(tuple(one for _, one in routes), begins, ended)
        return plans

    def _plans(self, told: Mapping[str, Routes], over: Sequence[TakRoute]) -> dict[str, Plan]:
        """Plan for units that have an address, or had one; what is over is only known to end."""
        ends: dict[str, int] = {}
        for route in over:
            key = route.receiver.key
            if key in self.units:
                ends[key] = max(ends.get(key, EVER), Stretch.of(route.valid, "").end)
        for key, routes in told.items():
            ends[key] = min(ends.get(key, NEVER), routes[0][1].start)
        ended = frozenset(self.addresses.values())
        return {
            key: Plan(tuple(one for _, one in told.get(key, ())), day, ended)
            for key, day in ends.items()
        }

    def _told(self, routes: Sequence[TakRoute]) -> dict[str, list[tuple[TakRoute, Stretch]]]:
        """Tell where each unit of the region is called."""
        found: dict[str, list[tuple[TakRoute, Stretch]]] = {}
        strange: dict[str, list[At]] = {}
        for route in routes:
            if not self._is_ours(route.receiver, route.place):
                continue
            name = self.addresses.get(route.address)
            if name is not None:
                one = route, Stretch.of(route.valid, name)
                found.setdefault(route.receiver.key, []).append(one)
            elif route.address:
                strange.setdefault(route.address, []).append(route.place)
        for address, places in strange.items():
            words = f"{address!r} ({len(places)} in all) is not the url of one destination; tell which it means under [tak] addresses in region.toml"  # noqa: E501 one sentence
            self._fault(places[0], Rule.UNKNOWN_ADDRESS, words)
        return found

    def _is_ours(self, receiver: HsaId, place: At) -> bool:
        """Tell whether somebody is a unit of this region; one that nobody knows is told."""
        if receiver.key in self.units:
            return True
        known = (
            receiver.text in ("", ANY.text)
            or receiver.key in self.table.units
            or receiver.key in self._unknown
            or self.table.receiver_of(receiver) is ReceiverType.COMMITTEE
        )
        if not known:
            words = f"{receiver} is no unit here; {self._guess(receiver)}"
            self._unknown.add(receiver.key)
            self._fault(place, Rule.UNKNOWN_UNIT, words)
        return False

    def _guess(self, receiver: HsaId) -> str:
        few = len(self._unknown) < _MOST_GUESSES
        near = get_close_matches(receiver.key, self.units, n=1, cutoff=0.9) if few else []
        meant = (
            f"did you mean {self.units[near[0]][0].cells['hsa_id']}? Otherwise " if near else ""
        )
        return f"{meant}add it to units.csv with its name and place"

    def _meant(self, route: TakRoute) -> frozenset[str]:
        """Tell which destinations an ended route is to; without an address, all that have one."""
        if not route.address:
            return frozenset(self.addresses.values())
        name = self.addresses.get(route.address)
        return frozenset() if name is None else frozenset((name,))

    def _check_overlap(self, routes: Routes) -> None:
        reach = routes[0][1]
        for route, told in routes[1:]:
            if told.start < reach.end and told.destination != reach.destination:
                words = f"{route.receiver} has two addresses for some of this time; have one ended"
                self._fault(route.place, Rule.OVERLAP, words)
            reach = max(reach, told, key=lambda one: one.end)

    def _fault(self, place: At, rule: Rule, words: str) -> None:
        self.findings.append(Finding(place.section, place.row, rule, words))


def _is_over(route: TakRoute, today: date) -> bool:
    return route.valid.last is not None and route.valid.last < today


def _in_turn(routes: Routes) -> list[tuple[TakRoute, Stretch]]:
    """Put routes in order of time; one ends when the next begins on its last day."""
    routes = sorted(routes, key=lambda pair: (pair[1].start, pair[1].end))
    starts = [told.start for _, told in routes]
    return [
        (route, replace(told, end=later) if told.start < later == told.end - 1 else told)
        for (route, told), later in zip(routes, [*starts[1:], NEVER], strict=True)
    ]
