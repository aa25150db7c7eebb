"""Claim, deliver, record, for ever: each destination in its own slots, so none delays another."""

import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_random_exponential

from gateway.adapter import Adapter, Outcome, Unclear
from gateway.domain.errors import StartRefused, Unavailable
from gateway.domain.lifecycle import DeliveryState
from gateway.domain.routing import Destination, RouteTable
from gateway.flow import delivery
from gateway.flow.ports import Abandoned, Attempted, Claimed, Deliveries
from gateway.wire import longest_call_s

log = structlog.get_logger()

# What another process has put in the outbox is seen within this time.
POLL_S = 0.2
# After the longest that a call can take, a worker that has not recorded it is taken for dead.
LEASE_MARGIN_S = 10.0
_PAUSE_S = 1.0
_BUILD_PAUSE_S = 10.0


@dataclass(frozen=True, slots=True)
class Outlet:
    """One destination with its adapter and its own slots."""

    destination: Destination
    adapter: Adapter
    slots: ThreadPoolExecutor
    free: threading.BoundedSemaphore

    @property
    def lease(self) -> timedelta:
        """How long a claim is held before others may take it over."""
        return timedelta(seconds=longest_call_s(self.destination.policy) + LEASE_MARGIN_S)


@dataclass(slots=True)
class Worker:
    """
    Delivers what waits in the outbox until it is stopped.

    `build` makes the adapter of a destination. `table` is asked each round, so a new table works
    at once. A destination that is not in the table, or cannot be built, keeps what waits for it.
    """

    deliveries: Deliveries
    table: Callable[[], RouteTable]
    build: Callable[[Destination], Adapter]
    clock: Callable[[], datetime]
    luck: Callable[[], float] = random.random
    _outlets: dict[str, Outlet] = field(default_factory=dict)
    _wake: threading.Event = field(default_factory=threading.Event)
    _stopping: threading.Event = field(default_factory=threading.Event)
    _replaced: list[Outlet] = field(default_factory=list)
    _shut: set[str] = field(default_factory=set)
    _try_again_at: dict[str, float] = field(default_factory=dict)
    _gone: bool = False

    def run(self) -> None:
        """Work until `stop`; then let what is under way end."""
        while not self._stopping.is_set():
            self._wake.clear()
            if not self._round():
                self._wake.wait(POLL_S)
        for outlet in (*self._outlets.values(), *self._replaced):
            outlet.slots.shutdown(wait=True)

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
            self._take_over()
            started = sum(self._try_start(key) for key in self.deliveries.due(self.clock()))
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
        outlet = self._outlet(key)
        if outlet is None:
            return 0
        slots = _take_free(outlet)
        try:
            claims = self.deliveries.claim(key, slots, self.clock(), outlet.lease) if slots else []
        except Exception:
            _give_back(outlet, slots)
            raise
        _give_back(outlet, slots - len(claims))
        for claim in claims:
            outlet.slots.submit(self._deliver, outlet, claim)
        return len(claims)

    def _outlet(self, key: str) -> Outlet | None:
        """Give the way out to a destination; None, and a word in the log, when there is none."""
        destination = self.table().destinations.get(key)
        known = self._outlets.get(key)
        if destination is None:
            self._tell_shut(key, "it is not in the route table")
            return None
        if known is not None and known.destination == destination:
            self._shut.discard(key)
            return known
        if self._try_again_at.get(key, 0.0) > time.monotonic():
            return None
        try:
            opened = self._open(destination)
        except StartRefused as error:
            self._try_again_at[key] = time.monotonic() + _BUILD_PAUSE_S
            self._tell_shut(key, str(error))
            return None
        if known is not None:
            # What is under way in the old slots ends there; nothing new goes in.
            known.slots.shutdown(wait=False)
            self._replaced.append(known)
        self._shut.discard(key)
        self._outlets[key] = opened
        return opened

    def _open(self, destination: Destination) -> Outlet:
        concurrency = destination.policy.concurrency
        return Outlet(
            destination,
            self.build(destination),
            ThreadPoolExecutor(concurrency, thread_name_prefix=destination.key),
            threading.BoundedSemaphore(concurrency),
        )

    def _tell_shut(self, key: str, reason: str) -> None:
        if key not in self._shut:
            self._shut.add(key)
            log.warning("destination.shut", destination=key, reason=reason, kept="waiting")

    def _deliver(self, outlet: Outlet, claim: Claimed) -> None:
        try:
            started = time.monotonic()
            outcome = delivery.attempt(outlet.adapter, claim.message)
            attempted = self._judge(outlet, outcome, claim)
            self._record(claim, attempted, outlet.lease)
            _tell(claim, attempted, time.monotonic() - started)
        except Exception:
            # Whatever happened here, the lease ends and the attempt is judged as abandoned.
            log.exception("delivery.not_recorded", delivery=str(claim.id))
        finally:
            outlet.free.release()
            self._wake.set()

    def _judge(self, outlet: Outlet, outcome: Outcome, claim: Claimed | Abandoned) -> Attempted:
        terms = delivery.Terms(
            policy=outlet.destination.policy,
            recognises_repeats=outlet.adapter.can.recognises_repeats,
            attempt=claim.attempt,
            waiting_since=claim.waiting_since,
            now=self.clock(),
            luck=self.luck(),
        )
        return delivery.judge(outcome, terms)

    def _record(self, claim: Claimed | Abandoned, attempted: Attempted, lease: timedelta) -> None:
        """Keep trying to write down what came of it, for as long as the claim is ours."""
        patiently = Retrying(
            retry=retry_if_exception_type(Unavailable),
            wait=wait_random_exponential(multiplier=0.2, max=2),
            stop=stop_after_delay(lease),
            reraise=True,
        )
        recorded = patiently(self.deliveries.record, claim, attempted, self.clock())
        if not recorded:
            log.warning("delivery.claim_lost", delivery=str(claim.id), attempt=claim.attempt)

    def _take_over(self) -> None:
        """Judge the attempts that a stopped worker left behind (DOMAIN C1, C6)."""
        for left in self.deliveries.abandoned(self.clock()):
            outlet = self._outlet(left.destination)
            if outlet is not None:
                unclear = Unclear("the worker stopped before it could tell what came of it")
                attempted = self._judge(outlet, unclear, left)
                # Another worker may have been first.
                if self.deliveries.record(left, attempted, self.clock()):
                    _tell(left, attempted, 0.0)


def _take_free(outlet: Outlet) -> int:
    taken = 0
    while taken < outlet.destination.policy.concurrency and outlet.free.acquire(blocking=False):
        taken += 1
    return taken


def _give_back(outlet: Outlet, slots: int) -> None:
    for _ in range(slots):
        outlet.free.release()


def _tell(claim: Claimed | Abandoned, attempted: Attempted, seconds: float) -> None:
    # What waits for a human must be seen by a monitor that looks at levels.
    tell = log.warning if attempted.state is DeliveryState.PARKED else log.info
    tell(
        "delivery.attempted",
        delivery=str(claim.id),
        destination=claim.destination,
        case_number=claim.message.case_number if isinstance(claim, Claimed) else None,
        attempt=claim.attempt,
        outcome=attempted.outcome,
        state=attempted.state.value,
        reason=attempted.reason,
        due_at=attempted.due_at.isoformat() if attempted.due_at else None,
        duration_ms=round(seconds * 1000, 1),
    )
