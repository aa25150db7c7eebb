"""Claim, deliver, record, for ever: each destination in its own slots, so none delays another."""

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_random_exponential

from gateway.adapter import Adapter, Outcome
from gateway.breakers import Breakers, Leave
from gateway.domain.breaker import BreakerState
from gateway.domain.errors import Unavailable
from gateway.domain.lifecycle import DeliveryState
from gateway.domain.routing import Destination, RouteTable
from gateway.flow import delivery, pickups
from gateway.flow.ports import Abandoned, Attempted, Claimed, Deliveries, DestinationStates
from gateway.flow.watching import SILENT, Watching
from gateway.leases import LEASE, Leases
from gateway.loops import running
from gateway.outlets import Build, Outlet, Outlets
from gateway.recorder import Recorder
from gateway.takeover import Takeover

log = structlog.get_logger()

# What another process has put in the outbox is seen within this time.
POLL_S = 0.2
# The rest between two rounds: what ends or comes within it is taken together.
GATHER_S = 0.005
# How often it looks for what others have left behind.
TAKE_OVER_S = 0.5
# How many are let go at once when a destination is well again; the others follow as they fall due.
MOST_AT_ONCE = 1000
_PAUSE_S = 1.0
_TOO_LATE = delivery.TooLate("not sent: the worker or the database stood still after the claim")
_UNFETCHED_PAUSE_S = 60.0
_UNFETCHED_AT_ONCE = 10
# So long a system may fetch what has lain here too long while nobody could.
_TO_FETCH_FIRST_S = pickups.LEASE.total_seconds()


@dataclass(slots=True)
class Worker:
    """
    Delivers what waits in the outbox until it is stopped.

    `build` lends the adapter of a destination, and `kind_of` tells its kind, also of one that
    cannot be built; None when no such adapter can be used. `table` is asked each round, so a new
    table works at once. A destination that is not in the table, cannot be built, is paused, closed
    or does not answer keeps what waits for it.
    """

    deliveries: Deliveries
    states: DestinationStates
    table: Callable[[], RouteTable]
    build: Build
    kind_of: Callable[[Destination], type[Adapter] | None]
    clock: Callable[[], datetime]
    luck: Callable[[], float] = random.random
    watching: Watching = SILENT
    _outlets: Outlets = field(init=False)
    _leases: Leases = field(init=False)
    _recorder: Recorder = field(init=False)
    _breakers: Breakers = field(init=False)
    _takeover: Takeover = field(init=False)
    _wake: threading.Event = field(default_factory=threading.Event)
    _stopping: threading.Event = field(default_factory=threading.Event)
    _look_again_at: dict[str, float] = field(default_factory=dict)
    _brought: dict[str, int] = field(default_factory=dict)
    _take_over_at: float = 0.0
    _gone: bool = False

    def __post_init__(self) -> None:
        """Set up what it looks at: the ways out, and whether they are called."""
        self._outlets = Outlets(self.table, self.build)
        self._leases = Leases(self.deliveries, self.clock)
        self._recorder = Recorder(self.deliveries, self.clock)
        self._breakers = Breakers(self.states, self.clock, self.luck)
        self._takeover = Takeover(self.deliveries, self.table, self.kind_of, self.clock, self.luck)

    @property
    def shut(self) -> frozenset[str]:
        """Tell the destinations that cannot be built here; for any thread."""
        return self._outlets.shut

    def run(self) -> None:
        """Work until `stop`; then let what is under way end."""
        with running(self._leases, self._recorder):
            while not self._stopping.is_set():
                self._wake.clear()
                if not self._round():
                    self._wake.wait(POLL_S)
                # Slots that become free shortly after each other are filled in one round.
                self._stopping.wait(GATHER_S)
            self._outlets.close()

    def wake(self) -> None:
        """Say that there is something new in the outbox."""
        self._wake.set()

    def stop(self) -> None:
        """Take nothing more."""
        self._stopping.set()
        self._wake.set()

    def _round(self) -> int:
        """Start what can be started; tells how much that was."""
        try:
            self._outlets.sweep()
            self._take_over()
            self._breakers.look()
            self._bring_forward()
            wanted = {*self.deliveries.due(self.clock()), *self.shut}
            started = sum(self._try_start(key) for key in sorted(wanted))
        except Unavailable as error:
            self._database_is_gone(error)
            return 0
        except Exception:
            # A fault of ours in one round must not end the deliveries of all.
            log.exception("worker.round_failed")
            self._stopping.wait(_PAUSE_S)
            return 0
        if self._gone:
            self._gone = False
            log.info("database.recovered")
        return started

    def _bring_forward(self) -> None:
        """Let a probe find something to send, and what failed go when the destination is well."""
        for key, (version, state) in self._breakers.wanted().items():
            if self._brought.get(key) != version:
                most = MOST_AT_ONCE if state is BreakerState.DRAINING else 1
                self.deliveries.bring_forward(key, self.clock(), most)
                self._brought[key] = version

    def _database_is_gone(self, error: Unavailable) -> None:
        if not self._gone:
            log.error("database.unavailable", reason=str(error))
        self._gone = True
        self._stopping.wait(_PAUSE_S)

    def _try_start(self, key: str) -> int:
        """Start what one destination can take; what breaks there stops no other (DOMAIN C2)."""
        try:
            return self._start(key)
        except Unavailable:
            raise
        except Exception:
            log.exception("destination.failed", destination=key)
            return 0

    def _start(self, key: str) -> int:
        outlet = self._outlets.find(key)
        if outlet is None:
            return 0
        leave = self._breakers.leave(outlet.destination, outlet.lease, idle=outlet.is_idle)
        if outlet.adapter.can.fetched:
            return self._park_unfetched(outlet, is_open=leave is not None)
        if leave is None:
            return 0
        held_until = time.monotonic() + LEASE.total_seconds()
        claims = self._claims(outlet, leave)
        if not claims:
            self._breakers.give_back(key, leave)
        for claim in claims:
            self._leases.hold(claim)
            outlet.slots.submit(self._deliver, outlet, claim, leave, held_until)
        return len(claims)

    def _claims(self, outlet: Outlet, leave: Leave) -> list[Claimed]:
        """Claim for the slots that are free and may be used."""
        slots, claims = outlet.take(leave.most), list[Claimed]()
        try:
            if slots:
                key = outlet.destination.key
                now, careful = self.clock(), leave.careful
                claims = self.deliveries.claim(key, slots, now, LEASE, least_tried=careful)
        finally:
            outlet.give_back(slots - len(claims))
        outlet.pace.start(len(claims), time.monotonic())
        return claims

    def _park_unfetched(self, outlet: Outlet, *, is_open: bool) -> int:
        """
        Park what its system has not fetched in time, looked for now and then (DOMAIN C4).

        After a pause, and after a stop of ours, it has some minutes to fetch what waits first.
        """
        to, now = outlet.destination, time.monotonic()
        later = now + _TO_FETCH_FIRST_S
        if not is_open:
            self._look_again_at[to.key] = later
            return 0
        if self._look_again_at.setdefault(to.key, later) > now:
            return 0
        overdue = pickups.overdue(self.deliveries, to, _UNFETCHED_AT_ONCE, self.clock())
        for claim in overdue:
            attempted = pickups.expired(to.policy)
            if self._record(claim, attempted, outlet.lease):
                self._tell(claim, attempted)
        if not overdue:
            self._look_again_at[to.key] = now + _UNFETCHED_PAUSE_S
        return len(overdue)

    def _deliver(self, outlet: Outlet, claim: Claimed, leave: Leave, held_until: float) -> None:
        try:
            started = time.monotonic()
            # Whoever stood still meanwhile must not send what a human may have been asked about.
            outcome = (
                delivery.attempt(outlet.adapter, claim.message, claim.attempt)
                if started < held_until
                else _TOO_LATE
            )
            took_s = time.monotonic() - started
            attempted = self._judge(outlet, outcome, claim)
            if self._record(claim, attempted, outlet.lease):
                self._tell(claim, attempted, took_s)
            if delivery.tells_of_them(outcome):
                self._breakers.heard(outlet.destination, outcome, leave)
            else:
                self._breakers.give_back(outlet.destination.key, leave)
        except Exception:
            # Whatever happened here, the lease ends and the attempt is judged as abandoned.
            log.exception("delivery.not_recorded", delivery=str(claim.id))
        finally:
            self._leases.let_go(claim)
            outlet.give_back(1)
            self._wake.set()

    def _judge(self, outlet: Outlet, outcome: Outcome, claim: Claimed) -> Attempted:
        policy, kind = outlet.destination.policy, type(outlet.adapter)
        terms = delivery.terms(policy, kind, claim, self.clock(), self.luck())
        return delivery.judge(outcome, terms)

    def _record(self, claim: Claimed | Abandoned, attempted: Attempted, lease: timedelta) -> bool:
        """Keep trying to write down what came of it; False when it was taken over meanwhile."""
        patiently = Retrying(
            retry=retry_if_exception_type(Unavailable),
            wait=wait_random_exponential(multiplier=0.2, max=2),
            stop=stop_after_delay(lease),
            reraise=True,
        )
        recorded = patiently(self._recorder.record, claim, attempted)
        if not recorded:
            log.warning("delivery.claim_lost", delivery=str(claim.id), attempt=claim.attempt)
        return recorded

    def _take_over(self) -> None:
        """Judge the attempts that a stopped worker left behind (DOMAIN C1, C6)."""
        if self._take_over_at > time.monotonic():
            return
        self._take_over_at = time.monotonic() + TAKE_OVER_S
        for left, attempted in self._takeover.judged():
            # Another worker may have been first.
            if self.deliveries.record(left, attempted, self.clock()):
                self._tell(left, attempted)

    def _tell(
        self, claim: Claimed | Abandoned, attempted: Attempted, took_s: float | None = None
    ) -> None:
        self.watching.attempted(claim, attempted, self.clock(), took_s)
        _tell(claim, attempted, took_s)


def _tell(claim: Claimed | Abandoned, attempted: Attempted, took_s: float | None) -> None:
    # What waits for a human must be seen by a monitor that looks at levels.
    tell = log.warning if attempted.state is DeliveryState.PARKED else log.info
    tell(
        "delivery.attempted",
        delivery=str(claim.id),
        destination=claim.destination,
        case_number=claim.message.case_number if isinstance(claim, Claimed) else claim.case_number,
        attempt=claim.attempt,
        outcome=attempted.outcome,
        state=attempted.state.value,
        reason=attempted.reason,
        due_at=attempted.due_at.isoformat() if attempted.due_at else None,
        duration_ms=None if took_s is None else round(took_s * 1000, 1),
    )
