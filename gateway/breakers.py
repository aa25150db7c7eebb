"""What a worker knows of its destinations' health: asked before a start, told after an attempt."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from math import inf
from random import random

import structlog

from gateway.adapter import Delivered, Outcome, Refused
from gateway.domain import opening
from gateway.domain.breaker import (
    Answered,
    Breaker,
    BreakerState,
    after,
    given_back,
    may_probe,
    probing,
)
from gateway.domain.errors import Unavailable
from gateway.domain.routing import Destination
from gateway.flow.ports import DestinationState, DestinationStates, Paused

log = structlog.get_logger()

# What another node, or an operator, has changed is seen within this time.
LOOK_S = 0.25
# Each try reads what another node wrote meanwhile; nobody is overtaken that often.
_TRIES = 5
_NEW = DestinationState()


@dataclass(frozen=True, slots=True)
class Leave:
    """
    To start: at most so many under way in all, None is as the policy says; or one probe.

    `careful` is while it fails: then what it was tried with least goes first, because what fails
    by itself says nothing of the system, and would keep all the others waiting.
    """

    most: int | None = None
    probe: int | None = None
    careful: bool = False


@dataclass(slots=True)
class Breakers:
    """
    The breakers and pauses of all destinations, shared with other nodes through the store.

    They are read at most every `LOOK_S` seconds, however much is delivered, and a destination
    that is well costs no write at all.
    """

    states: DestinationStates
    clock: Callable[[], datetime]
    luck: Callable[[], float] = random
    _known: dict[str, DestinationState] = field(default_factory=dict)
    _paused: dict[str, Paused] = field(default_factory=dict)
    _read_at: float = -inf
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def look(self) -> None:
        """See what others have changed; pauses are told once each way (DOMAIN G2)."""
        if time.monotonic() - self._read_at < LOOK_S:
            return
        with self._lock:
            self._read()
        self._tell_pauses()

    def leave(self, destination: Destination, lease: timedelta, *, idle: bool) -> Leave | None:
        """
        Give leave to start something there now, or None: paused, closed, or it does not answer.

        A leave to probe is given to one in all, and only while nothing is under way (`idle`),
        because what is may tell as much. Whoever has it and finds nothing to send calls
        `give_back`, and whoever is not heard of before the lease ends has lost it.
        """
        state, now = self._known.get(destination.key, _NEW), self.clock()
        if state.paused or not opening.is_open(destination.policy.opening_hours, now):
            return None
        match state.breaker.state:
            case BreakerState.CLOSED | BreakerState.DRAINING:
                draining = state.breaker.state is BreakerState.DRAINING
                careful = draining or state.breaker.failures > 0
                return Leave(state.breaker.allowed, careful=careful)
            case _ if idle and may_probe(state.breaker, now):
                return self._probe(destination.key, state.breaker, now, lease)
            case _:
                return None

    def wanted(self) -> dict[str, tuple[int, BreakerState]]:
        """Tell where something is to be tried now, due or not, each with the breaker's version."""
        now = self.clock()
        return {
            key: (state.breaker.version, state.breaker.state)
            for key, state in self._known.items()
            if state.breaker.state is BreakerState.DRAINING or may_probe(state.breaker, now)
        }

    def give_back(self, destination: str, leave: Leave) -> None:
        """Give back the leave to probe, when there was nothing to send."""
        if leave.probe is None:
            return
        with self._lock:
            seen = self._breaker(destination)
            if seen.version == leave.probe:
                self._move(destination, seen, given_back(seen, self.clock()))

    def heard(self, destination: Destination, outcome: Outcome, leave: Leave) -> None:
        """Take in what an attempt came to; when it cannot be kept now, the next one tells."""
        answered = Answered(isinstance(outcome, Delivered | Refused), self.clock(), leave.probe)
        seen = self._breaker(destination.key)
        if after(seen, answered, destination.policy, 0.0) is seen:
            return
        with suppress(Unavailable), self._lock:
            self._write(destination, answered, outcome)

    def _write(self, destination: Destination, answered: Answered, outcome: Outcome) -> None:
        for _ in range(_TRIES):
            seen = self._breaker(destination.key)
            new = after(seen, answered, destination.policy, self.luck())
            if new is seen:
                return
            if self._move(destination.key, seen, new):
                _tell(destination.key, seen, new, outcome)
                return
            self._read()

    def _probe(
        self, destination: str, seen: Breaker, now: datetime, lease: timedelta
    ) -> Leave | None:
        with self._lock:
            new = probing(seen, now, lease)
            return Leave(1, new.version, True) if self._move(destination, seen, new) else None

    def _move(self, destination: str, seen: Breaker, new: Breaker) -> bool:
        moved = self.states.move(destination, seen, new)
        if moved:
            state = self._known.get(destination, _NEW)
            self._known[destination] = replace(state, breaker=new)
        return moved

    def _breaker(self, destination: str) -> Breaker:
        return self._known.get(destination, _NEW).breaker

    def _read(self) -> None:
        self._known = self.states.all()
        self._read_at = time.monotonic()

    def _tell_pauses(self) -> None:
        paused = {key: state.paused for key, state in self._known.items() if state.paused}
        for key in sorted(paused.keys() - self._paused.keys()):
            by, reason = paused[key].by, paused[key].reason
            log.warning("destination.paused", destination=key, by=by, reason=reason)
        for key in sorted(self._paused.keys() - paused.keys()):
            log.info("destination.resumed", destination=key)
        self._paused = paused


def _tell(destination: str, seen: Breaker, new: Breaker, outcome: Outcome) -> None:
    """Tell the transitions, which come once each over all nodes, and not the counting."""
    reason = None if isinstance(outcome, Delivered) else outcome.reason
    told = {"destination": destination, "outcome": type(outcome).__name__, "reason": reason}
    since = new.failing_since or seen.failing_since
    told["failing_since"] = since.isoformat() if since else None
    told["next_probe_at"] = new.next_at.isoformat() if new.next_at else None
    match seen.state, new.state:
        case BreakerState.PROBING, BreakerState.OPEN:
            log.info("breaker.probed", **told)
        case _, BreakerState.OPEN:
            log.warning("breaker.opened", failures=new.failures, **told)
        case ((BreakerState.OPEN | BreakerState.PROBING), _):
            log.info("breaker.closed", **told)
        case _:
            return
