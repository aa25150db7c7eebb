"""What operators do with parked work: see it in groups, and replay many by filter (DOMAIN C4)."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from uuid_utils.compat import uuid7

from gateway.domain.blame import Blame
from gateway.domain.destination import Destination
from gateway.domain.errors import Fault, Refusal, Rule
from gateway.domain.routing import Routed, RouteTable
from gateway.flow.caller import Caller, Role, require
from gateway.flow.forwarding import way_to
from gateway.flow.parked import (
    ORIGINAL,
    TODAY,
    Aim,
    Group,
    Move,
    Parked,
    ParkedWork,
    Replay,
    ReplayState,
    ReplayStep,
    Selection,
    Stock,
)
from gateway.flow.standings import Held

# How many are taken in one transaction, which others wait for.
BATCH = 200


@dataclass(frozen=True, slots=True)
class Preview:
    """What a replay would take, and what to think of first."""

    count: int
    destinations: int
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Replaying:
    """
    The verbs of operators about what is parked.

    `may_repeat` tells of a destination whether sending to it again can make nothing double there;
    `check_destination` refuses the name of one that never was, and `held` tells which of some are
    not called now.
    """

    table: Callable[[], RouteTable]
    parked: ParkedWork
    check_destination: Callable[[str | None], None]
    held: Callable[[Iterable[str]], Mapping[str, Held]]
    may_repeat: Callable[[Destination], bool]
    clock: Callable[[], datetime]

    def groups(
        self, caller: Caller, destination: str | None, blame: Blame | None, limit: int
    ) -> list[Group]:
        """Read what is parked in groups by cause, the largest first."""
        require(caller, Role.OPERATOR)
        found = self.parked.groups(destination, blame, limit)
        if not found:
            self.check_destination(destination)
        return found

    def preview(self, chosen: Selection, route: str, caller: Caller) -> Preview:
        """Tell what a replay would take; refused when that is nothing, or has no way."""
        return self._preview(chosen, route, caller, self.clock())

    def _preview(self, chosen: Selection, route: str, caller: Caller, now: datetime) -> Preview:
        require(caller, Role.OPERATOR)
        self._check(chosen, route)
        within, routed = self._within_its_region(chosen, route), self._routed()
        stocks = self.parked.stock(within, now, None if route == ORIGINAL else routed)
        if not stocks:
            self._check_names(chosen)
            raise Refusal(Fault(Rule.NOTHING_PARKED, "filter", self._nothing(chosen)))
        count = sum(stock.count for stock in stocks)
        return Preview(count, len(stocks), tuple(self._warnings(stocks, route)))

    def start(self, chosen: Selection, route: str, caller: Caller) -> Replay:
        """Begin a replay of all that is parked now and fits; workers go on with it in steps."""
        # One moment for both, so that what is parked while it is counted is not taken.
        by, now = caller.acts_as, self.clock()
        preview = self._preview(chosen, route, caller, now)
        chosen, state = self._within_its_region(chosen, route), ReplayState.RUNNING
        replay = Replay(uuid7(), state, now, by, route, chosen, preview.count)
        self.parked.start(replay)
        return replay

    def listed(self, caller: Caller, after: UUID | None, limit: int) -> list[Replay]:
        """Read a page of replays, newest first, and how far each has come."""
        require(caller, Role.OPERATOR)
        return self.parked.replays(after, limit)

    def find(self, replay: UUID, caller: Caller) -> Replay:
        """Read where a replay stands."""
        require(caller, Role.OPERATOR)
        found = self.parked.find(replay)
        if found is None:
            words = f"no replay {replay} is known here"
            raise Refusal(Fault(Rule.CASE_UNKNOWN, "replay", words))
        return found

    def move(self, replay: UUID, step: ReplayStep, caller: Caller) -> Replay:
        """Pause, resume or cancel a replay; what it has taken stays taken."""
        before = self.find(replay, caller)
        after = self.parked.move(replay, step)
        if after is None:
            words = f"the replay is {before.state} and cannot take a {step} now"
            raise Refusal(Fault(Rule.STEP_NOT_LEGAL, "replay", words))
        return after

    def step(self) -> bool:
        """Take the next of a running replay; False when there is none to go on with."""
        return self.parked.step(self.aim, self.clock(), BATCH, self._routed())

    def aim(self, replay: Replay, parked: Parked) -> Aim | None:
        """Tell where a parked delivery goes now; None when there is no way (DOMAIN B4, C4)."""
        if replay.route == ORIGINAL:
            return Aim(parked.destination)
        if replay.route == TODAY:
            return self._today(parked)
        to = self.table().destinations.get(replay.route)
        return None if to is None else _aim_at(to, parked)

    def _today(self, parked: Parked) -> Aim | None:
        if not parked.brings_the_case:
            # An open case stays where it is being handled, and what belongs to it goes there.
            is_there = parked.case_destination in self._routed()
            return Aim(parked.case_destination) if is_there else None
        table = self.table()
        found = way_to(table, parked.unit, parked.kind, self.clock())
        if not isinstance(found, Routed):
            return None
        # Who has no row of their own is held by whom the table says, not by themselves.
        return Aim(found.destination.key, Move(found.holder, found.region))

    def _nothing(self, chosen: Selection) -> str:
        to = chosen.destination
        if to is None or to in self._routed():
            return _NOTHING
        return (
            f"{_NOTHING}; {to!r} is not in the route table: what waits there needs another route"
        )

    def _routed(self) -> frozenset[str]:
        return frozenset(self.table().destinations)

    def _check(self, chosen: Selection, route: str) -> None:
        if chosen == Selection():
            raise Refusal(Fault(Rule.SCHEMA, "filter", "say which ones, in one way or more"))
        if route not in (ORIGINAL, TODAY) and route not in self.table().destinations:
            words = f"no destination {route!r} is in the route table; use original, today or a key"
            raise Refusal(Fault(Rule.SCHEMA, "route", words))

    def _check_names(self, chosen: Selection) -> None:
        self.check_destination(chosen.destination)
        regions = self.table().regions
        if chosen.region is not None and chosen.region not in regions:
            words = f"no region has that key; there are {', '.join(sorted(regions)) or 'none'}"
            raise Refusal(Fault(Rule.SCHEMA, "region", words))

    def _within_its_region(self, chosen: Selection, route: str) -> Selection:
        """Choose only cases of the region that they go to: none is seen in another (DOMAIN B7)."""
        to = self.table().destinations.get(route)
        if to is None or chosen.region == to.region:
            return chosen
        if chosen.region is None:
            return replace(chosen, region=to.region)
        words = f"a case does not leave its region, and {to.key} is not in {chosen.region}"
        raise Refusal(Fault(Rule.SCHEMA, "route", words))

    def _warnings(self, stocks: list[Stock], route: str) -> Iterator[str]:
        for to, held in self.held(_known_ways(stocks, route)).items():
            yield f"what goes to {to} waits: it {held.words}"
        for stock in stocks:
            here = self.table().destinations.get(stock.destination)
            if stock.unclear and route in (ORIGINAL, stock.destination):
                if here is None or not self.may_repeat(here):
                    yield f"{_may_have(stock)}, and it does not recognise repeats"
            elif stock.unclear:
                yield f"{_may_have(stock)}, and elsewhere they would be handled a second time"


_NOTHING = "nothing that is parked fits; see what is, in groups by cause"


def _known_ways(stocks: list[Stock], route: str) -> list[str]:
    """Tell where a replay leads to; by today's routes each delivery has its own way."""
    if route == ORIGINAL:
        return [stock.destination for stock in stocks]
    return [] if route == TODAY else [route]


def _may_have(stock: Stock) -> str:
    return f"{stock.unclear} of {stock.count} may have arrived at {stock.destination} already"


def _aim_at(to: Destination, parked: Parked) -> Aim:
    if not parked.brings_the_case:
        return Aim(to.key)
    return Aim(to.key, Move(to.holder_for(parked.unit), to.region))
