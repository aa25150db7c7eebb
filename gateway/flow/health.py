"""How destinations stand, in plain words, and their pauses by operators (DOMAIN C2, G1)."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from gateway.domain import opening
from gateway.domain.breaker import Breaker, BreakerState, stands
from gateway.domain.destination import Destination
from gateway.domain.errors import Fault, Refusal, Rule, StartRefused
from gateway.domain.lifecycle import DeliveryState
from gateway.domain.period import SWEDEN
from gateway.domain.person import without_numbers
from gateway.domain.routing import RouteTable
from gateway.flow.caller import Caller, Role, require
from gateway.flow.ports import (
    Backlog,
    DeliveryRecord,
    DestinationState,
    DestinationStates,
    Held,
    Paused,
)


class Standing(StrEnum):
    """Whether a destination is called; of several reasons why not, the one to mend first."""

    CALLED = "CALLED"
    RECOVERING = "RECOVERING"
    OUT_OF_HOURS = "OUT_OF_HOURS"
    NOT_ANSWERING = "NOT_ANSWERING"
    PAUSED = "PAUSED"
    UNROUTED = "UNROUTED"


@dataclass(frozen=True, slots=True)
class DestinationRecord:
    """
    How one destination stands, for those who watch.

    `reason` is in plain words, its times in Swedish time. `title` is None when the destination is
    in no route table, `backlog` when nothing waits for it.
    """

    key: str
    title: str | None
    standing: Standing
    reason: str
    state: DestinationState
    backlog: Backlog | None


@dataclass(frozen=True, slots=True)
class Health:
    """The verbs of operators on whole destinations."""

    table: Callable[[], RouteTable]
    states: DestinationStates
    clock: Callable[[], datetime]

    def listed(self, caller: Caller) -> list[DestinationRecord]:
        """Read every destination that is in the route table, or that something waits for."""
        require(caller, Role.OPERATOR)
        view = self._view()
        return [view.record(key) for key in view.names()]

    def pause(self, destination: str, reason: str, caller: Caller) -> DestinationRecord:
        """Stop the deliveries to a destination; what comes for it is kept (DOMAIN C2)."""
        require(caller, Role.OPERATOR)
        self._check_known(destination)
        if not reason.strip():
            raise Refusal(Fault(Rule.TEXT_MISSING, "reason", "say why; others will read it"))
        if not reason.isprintable():
            words = "it has characters that cannot be shown; write plain words"
            raise Refusal(Fault(Rule.SCHEMA, "reason", words))
        paused = Paused(without_numbers(reason), caller.acts_as, self.clock())
        if not self.states.pause(destination, paused):
            words = f"{destination} is paused already; resume it first to say another reason"
            raise Refusal(Fault(Rule.STEP_NOT_LEGAL, "destination", words))
        return self._view().record(destination)

    def resume(self, destination: str, caller: Caller) -> DestinationRecord:
        """Let the deliveries to a destination go on; what was kept for it is released."""
        require(caller, Role.OPERATOR)
        self._check_known(destination)
        if not self.states.resume(destination):
            words = f"{destination} is not paused; only a paused destination can be resumed"
            raise Refusal(Fault(Rule.STEP_NOT_LEGAL, "destination", words))
        return self._view().record(destination)

    def explained(self, records: Iterable[DeliveryRecord]) -> list[DeliveryRecord]:
        """Tell of deliveries that wait also why their destination is not called, if so."""
        view = self._view({})
        return [_explained(record, view) for record in records]

    def held(self, destinations: Iterable[str]) -> dict[str, Held]:
        """Tell which of these destinations are not called, each with why and until when."""
        view = self._view({})
        return {key: held for key in destinations if (held := view.held(key))}

    def unknown(self, destination: str) -> str | None:
        """Tell in words that a name is nobody's, and whose there are; None when it may be one."""
        view = self._view()
        # Without readable routes any may be somebody's.
        if view.table is None or destination in view.names():
            return None
        return f"no destination has that name; there are {', '.join(view.names()) or 'none'}"

    def _check_known(self, destination: str) -> None:
        words = self.unknown(destination)
        if words is not None:
            raise Refusal(Fault(Rule.CASE_UNKNOWN, "destination", words))

    def _view(self, backlogs: Mapping[str, Backlog] | None = None) -> "_View":
        # Operators must see what waits also when somebody has just broken the routes.
        try:
            table: Mapping[str, Destination] | None = self.table().destinations
        except StartRefused:
            table = None
        counted = self.states.backlogs() if backlogs is None else backlogs
        return _View(self.states.all(), counted, table, self.clock())


@dataclass(frozen=True, slots=True)
class _View:
    """All that is known now; `table` is None when the routes cannot be read."""

    known: Mapping[str, DestinationState]
    backlogs: Mapping[str, Backlog]
    table: Mapping[str, Destination] | None
    now: datetime

    def names(self) -> list[str]:
        """Tell the destinations that there are, by name."""
        paused = {key for key, state in self.known.items() if state.paused}
        routed = self.known if self.table is None else self.table
        return sorted({*routed, *self.backlogs, *paused})

    def record(self, key: str) -> DestinationRecord:
        """Tell how a destination stands."""
        state, routed, backlog = self.state(key), self._routed(key), self.backlogs.get(key)
        title = routed.title if routed else None
        held = dict(self._holds(key, waits=backlog is not None))
        standing, words = next(iter(held), None), _joined(held.values())
        if standing is None:
            standing, words = _called(state.breaker)
        return DestinationRecord(key, title, standing, f"it {words}", state, backlog)

    def held(self, key: str) -> Held | None:
        """Tell why a destination is not called, all at once, and until when; None when it is."""
        holds = [hold for _, hold in self._holds(key, waits=True)]
        if not holds:
            return None
        untils = [hold.until for hold in holds if hold.until]
        until = max(untils) if len(untils) == len(holds) else None
        return Held(_joined(holds), until)

    def state(self, key: str) -> DestinationState:
        """Tell what is kept of a destination."""
        return self.known.get(key, DestinationState())

    def _routed(self, key: str) -> Destination | None:
        return (self.table or {}).get(key)

    def _holds(self, key: str, *, waits: bool) -> Iterator[tuple[Standing, Held]]:
        """
        Tell everything that keeps a destination from being called, what to mend first first.

        `waits` tells whether there is anything to call it with.
        """
        state, routed = self.state(key), self._routed(key)
        if self.table is not None and routed is None:
            yield Standing.UNROUTED, Held("is not in the route table any more")
            # Whatever else was known of it says nothing until it is there again.
            return
        if state.paused:
            yield Standing.PAUSED, Held(_paused(state.paused))
        if state.breaker.state in {BreakerState.OPEN, BreakerState.PROBING}:
            yield Standing.NOT_ANSWERING, _not_answering(state.breaker, self.now, waits=waits)
        hours = routed.policy.opening_hours if routed else opening.ALWAYS
        if not opening.is_open(hours, self.now):
            opens = opening.opens_next(hours, self.now)
            words = f"is open {hours}, next from {_moment(opens)}"
            yield Standing.OUT_OF_HOURS, Held(words, opens)


def _explained(record: DeliveryRecord, view: _View) -> DeliveryRecord:
    if record.state is not DeliveryState.WAITING:
        return record
    return replace(record, held=view.held(record.destination))


def _joined(holds: Iterable[Held]) -> str:
    return "; it ".join(hold.words for hold in holds)


def _called(breaker: Breaker) -> tuple[Standing, str]:
    if breaker.state is BreakerState.DRAINING:
        words = f"answers again, and has at most {breaker.allowed} at once for now"
        return Standing.RECOVERING, words
    if breaker.failing_since:
        since = _moment(breaker.failing_since)
        words = f"is called; {breaker.failures} in a row have failed since {since}"
        return Standing.CALLED, words
    return Standing.CALLED, "is called"


def _not_answering(breaker: Breaker, now: datetime, *, waits: bool) -> Held:
    since = f"does not answer since {_moment(breaker.failing_since or now)}"
    next_at = max(breaker.next_at or now, now)
    if stands(breaker, now) is BreakerState.PROBING:
        return Held(f"{since}; one delivery is finding out now whether it does again", next_at)
    if not waits:
        words = "nothing waits for it, and the next delivery finds out whether it does again"
        earliest = f", from {_moment(next_at)} on" if next_at > now else ""
        return Held(f"{since}; {words}{earliest}", next_at)
    return Held(f"{since}; one delivery finds out again at {_moment(next_at)}", next_at)


def _paused(paused: Paused) -> str:
    return f"is paused by {paused.by} since {_moment(paused.at)}: {paused.reason}"


def _moment(at: datetime) -> str:
    return at.astimezone(SWEDEN).isoformat(timespec="seconds")
