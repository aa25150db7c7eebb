"""The ways out that a worker has open: one for each destination, closed when they are replaced."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from gateway.adapter import Adapter
from gateway.domain.errors import StartRefused
from gateway.domain.pace import Pace
from gateway.domain.routing import Destination, RouteTable
from gateway.wire import longest_call_s

log = structlog.get_logger()

# After the longest that a call can take, whoever began it is taken for dead.
LEASE_MARGIN_S = 10.0
_BUILD_PAUSE_S = 10.0

# Lends the adapter of a destination, with all that it holds open until the block ends.
Build = Callable[[Destination], AbstractContextManager[Adapter]]


@dataclass(slots=True, eq=False)
class Outlet:
    """One destination with its adapter, its own slots and its pace."""

    destination: Destination
    adapter: Adapter
    held: ExitStack
    slots: ThreadPoolExecutor
    pace: Pace
    _under_way: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def lease(self) -> timedelta:
        """How long a call may be unheard of before others may take it over."""
        return timedelta(seconds=longest_call_s(self.destination.policy) + LEASE_MARGIN_S)

    @property
    def is_idle(self) -> bool:
        """Tell whether nothing is under way."""
        with self._lock:
            return self._under_way == 0

    def take(self, most: int | None) -> int:
        """Take the slots that are free, while at most `most` in all are under way."""
        bears = self.destination.policy.concurrency
        allowed = bears if most is None else min(bears, most)
        with self._lock:
            free = min(allowed - self._under_way, self.pace.room(time.monotonic()))
            taken = max(0, free)
            self._under_way += taken
        return taken

    def give_back(self, slots: int) -> None:
        """Free slots again."""
        with self._lock:
            self._under_way -= slots

    def close(self) -> None:
        """Wait for what is under way, and close what is held open."""
        self.slots.shutdown(wait=True)
        self.held.close()


@dataclass(slots=True)
class Outlets:
    """
    The outlets by destination, for one worker thread.

    `table` is asked each time, so that a new table works at once. A destination that is not in it,
    or cannot be built, has no outlet, which is told once. One that cannot be built is built at
    most every ten seconds, and stands in `shut` until then, which any thread may read.
    """

    table: Callable[[], RouteTable]
    build: Build
    _open: dict[str, Outlet] = field(default_factory=dict)
    _replaced: list[Outlet] = field(default_factory=list)
    shut: frozenset[str] = frozenset()
    _told: set[str] = field(default_factory=set)
    _try_again_at: dict[str, float] = field(default_factory=dict)

    def find(self, key: str) -> Outlet | None:
        """Give the way out to a destination; None, and a word in the log, when there is none."""
        destination = self.table().destinations.get(key)
        if destination is None:
            self._tell_shut(key, "it is not in the route table")
            return None
        known = self._open.get(key)
        if known is not None and known.destination == destination:
            self._note_open(key)
            return known
        if self._try_again_at.get(key, 0.0) > time.monotonic():
            return None
        return self._renewed(destination)

    def sweep(self) -> None:
        """Close what was replaced or has left the table, once nothing is under way there."""
        destinations = self.table().destinations
        self.shut = self.shut.intersection(destinations)
        for key in [key for key in self._open if key not in destinations]:
            self._replaced.append(self._open.pop(key))
        for outlet in [outlet for outlet in self._replaced if outlet.is_idle]:
            self._replaced.remove(outlet)
            outlet.close()

    def close(self) -> None:
        """Wait for what is under way everywhere, and close everything."""
        for outlet in (*self._open.values(), *self._replaced):
            outlet.close()
        self._open.clear()
        self._replaced.clear()

    def _renewed(self, destination: Destination) -> Outlet | None:
        key = destination.key
        try:
            opened = self._opened(destination)
        except StartRefused as error:
            self._try_again_at[key] = time.monotonic() + _BUILD_PAUSE_S
            self._tell_shut(key, str(error))
            self.shut |= {key}
            return None
        if key in self._open:
            # What is under way in the old slots ends there; nothing new goes in.
            self._replaced.append(self._open[key])
        self._open[key] = opened
        self._note_open(key)
        return opened

    def _opened(self, destination: Destination) -> Outlet:
        with ExitStack() as stack:
            adapter = stack.enter_context(self.build(destination))
            policy = destination.policy
            slots = ThreadPoolExecutor(policy.concurrency, thread_name_prefix=destination.key)
            pace = Pace(policy.rate_per_s)
            return Outlet(destination, adapter, stack.pop_all(), slots, pace)

    def _note_open(self, key: str) -> None:
        self._told.discard(key)
        self.shut -= {key}

    def _tell_shut(self, key: str, reason: str) -> None:
        if key not in self._told:
            self._told.add(key)
            log.warning("destination.shut", destination=key, reason=reason, kept="waiting")
