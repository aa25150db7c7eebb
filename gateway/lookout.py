"""Look now and then at what stands where, beside the work; measure it, and tell its turns."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from uuid_utils.compat import uuid7

from gateway.domain import opening
from gateway.domain.breaker import Breaker, BreakerState, stands
from gateway.domain.errors import Unavailable
from gateway.domain.routing import Destination, RouteTable
from gateway.flow.alarms import Alarm, AlarmKind, Alarms, Alert, Overview, Seen, queue_alarms
from gateway.flow.clock import Overdue
from gateway.flow.ports import DestinationState
from gateway.flow.watching import Queue, Watching

log = structlog.get_logger()

# A look at the queues at most this often, and never more than this share of the time.
LOOK_S = 5.0
LARGEST_SHARE = 0.02
# However long a look took: a store that hung is well again, or we are taken for dead.
LONGEST_PAUSE_S = 60.0
# Receipts and answers are waited for during days.
SELDOM_S = 60.0
# Who sees that an alarm stands says so this often; one of whom nothing was heard is not asked.
SEEN_AGAIN = timedelta(minutes=1)
FORGOTTEN = timedelta(minutes=5)

_FAILING = frozenset({BreakerState.OPEN, BreakerState.PROBING})
_AT_EACH_LOOK = frozenset(
    {
        AlarmKind.FAILING,
        AlarmKind.UNROUTED,
        AlarmKind.LATE,
        AlarmKind.PARKED,
        AlarmKind.NO_REPLIES,
    }
)
_NO_RECEIPT = frozenset({AlarmKind.NO_RECEIPT})
_OVERDUE = frozenset({AlarmKind.OVERDUE})
_NO_SCAN = frozenset({AlarmKind.NO_SCAN})
# What alerts call who looks for malware, where others name a destination.
SCANNER = "malware-scan"


@dataclass(slots=True)
class Lookout:
    """
    Keeps alarms as the world is (DOMAIN G2): each turn is told once, over restarts and all nodes.

    Each turn goes to all `channels`, by their names. Nodes may see different things: by another
    table, or another network. An alarm stands as long as the node that saw it last sees it, and
    is ended by no other, unless that one has stopped or says nothing.

    A delivery is late after `delivered_within`, and so are replies that could not be fetched, of
    which `unfetched` tells by destination since when; a receipt after `receipt_within` (None: not
    looked for). `overdue` tells by destination which complaints were reminded of as overdue (A11),
    and `scan_trouble` why nobody can look for malware; None when all is well. Destinations that
    cannot be built in this process are `shut`.
    """

    overview: Overview
    states: Callable[[], Mapping[str, DestinationState]]
    alarms: Alarms
    table: Callable[[], RouteTable]
    clock: Callable[[], datetime]
    watching: Watching
    channels: Sequence[str]
    delivered_within: timedelta
    unfetched: Callable[[], Mapping[str, datetime]]
    overdue: Callable[[], Mapping[str, Overdue]]
    scan_trouble: Callable[[], str | None]
    shut: Callable[[], frozenset[str]]
    receipt_within: timedelta | None = None
    _node: str = field(default_factory=lambda: str(uuid7()))
    _seldom_at: float = 0.0
    _scanner_at: float = 0.0
    _stopping: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Look until `stop`."""
        pause_s = 0.0
        while not self._stopping.wait(pause_s):
            began = time.monotonic()
            self._safely(self.look)
            took_s = time.monotonic() - began
            pause_s = min(max(LOOK_S, took_s / LARGEST_SHARE), LONGEST_PAUSE_S)
            # One that hangs takes a while to say so, and that is no load on the store.
            self._safely(self.look_at_scanner)
        with suppress(Unavailable):  # the others find out by themselves
            self.alarms.let_go(self._node)

    def stop(self) -> None:
        """Look no more."""
        self._stopping.set()

    def look(self) -> None:
        """Look once; raises Unavailable when the store cannot tell."""
        states, queues = self.states(), self.overview.queues()
        unrouted = self._unrouted(queues)
        self.watching.queues(queues)
        self.watching.destination_states(
            self._states(states) | dict.fromkeys(unrouted, "unrouted")
        )
        found = queue_alarms(queues, self.delivered_within, self.clock())
        found |= self._failing(states) | _not_routed(unrouted) | self._without_replies()
        self._settle(_AT_EACH_LOOK, found)
        if time.monotonic() >= self._seldom_at:
            self._settle(_OVERDUE, _overdue(self.overdue()))
            within = self.receipt_within
            # What was told while it was looked for ends when it is not any more.
            self._settle(_NO_RECEIPT, self._without_receipt(within) if within else {})
            self._seldom_at = time.monotonic() + SELDOM_S

    def look_at_scanner(self) -> None:
        """Find out now and then whether files can be looked at; raises Unavailable."""
        if time.monotonic() >= self._scanner_at:
            self._settle(_NO_SCAN, _no_scan(self.scan_trouble()))
            self._scanner_at = time.monotonic() + SELDOM_S

    def _safely(self, look: Callable[[], None]) -> None:
        try:
            look()
        except Unavailable:
            # The worker and the doors tell of it.
            return
        except Exception:
            # A fault of ours must not end the looking.
            log.exception("lookout.failed")

    def _states(self, states: Mapping[str, DestinationState]) -> dict[str, str]:
        """Give how each destination in the table stands, also one of which nothing is kept."""
        shut, now = self.shut(), self.clock()
        return {
            key: _state(to, states.get(key, _WELL), shut, now)
            for key, to in self.table().destinations.items()
        }

    def _unrouted(self, queues: Mapping[str, Queue]) -> dict[str, int]:
        """Count what waits for destinations that have left the table."""
        known = self.table().destinations
        return {
            key: queue.waiting
            for key, queue in queues.items()
            if queue.waiting and key not in known
        }

    def _without_replies(self) -> dict[Alarm, str]:
        before, known = self.clock() - self.delivered_within, self.table().destinations
        return {
            Alarm(AlarmKind.NO_REPLIES, key): f"since {_written(since)}"
            for key, since in self.unfetched().items()
            if key in known and since < before
        }

    def _without_receipt(self, within: timedelta) -> dict[Alarm, str]:
        before, found = self.clock() - within, dict[Alarm, str]()
        for destination in self.table().destinations:
            since = self.overview.unanswered_since(destination, before)
            if since is not None:
                alarm = Alarm(AlarmKind.NO_RECEIPT, destination)
                found[alarm] = f"received {_written(since)}"
        return found

    def _failing(self, states: Mapping[str, DestinationState]) -> dict[Alarm, str]:
        """Tell what is not called; nobody finds out how one stands that has left the table."""
        known = self.table().destinations
        return {
            Alarm(AlarmKind.FAILING, key): _since(state.breaker)
            for key, state in states.items()
            if key in known and state.breaker.state in _FAILING
        }

    def _settle(self, kinds: frozenset[AlarmKind], found: Mapping[Alarm, str]) -> None:
        """Begin what is found and does not stand, end what stands and is not found."""
        # A turn has its time after those that are known: by it they are told in their order.
        standing, now = self.alarms.standing(), self.clock()
        mine = Seen(self._node, now)
        for alarm in found.keys() - standing.keys():
            alert = Alert(uuid7(), alarm, began=True, at=now, detail=found[alarm])
            self.alarms.begin(alert, mine, self.channels)
        for alarm in standing.keys() - found.keys():
            if alarm.kind in kinds and self._may_end(standing[alarm], now):
                self.alarms.end(Alert(uuid7(), alarm, began=False, at=now), self.channels)
        still = [one for one in standing.keys() & found.keys() if self._says(standing[one], now)]
        if still:
            self.alarms.see(still, mine)

    def _may_end(self, seen: Seen, now: datetime) -> bool:
        return seen.by in (None, self._node) or now - seen.at > FORGOTTEN

    def _says(self, seen: Seen, now: datetime) -> bool:
        """Tell whether to say that we see an alarm: one more time, or instead of another."""
        return self._may_end(seen, now) and (seen.by is None or now - seen.at >= SEEN_AGAIN)


_WELL = DestinationState()


def _state(to: Destination, state: DestinationState, shut: frozenset[str], now: datetime) -> str:
    """Of several reasons why it is not called, name the one to mend first."""
    if state.paused:
        return "paused"
    if to.key in shut:
        return "shut"
    breaker = stands(state.breaker, now)
    if breaker in _FAILING or opening.is_open(to.policy.opening_hours, now):
        return breaker
    return "out_of_hours"


def _no_scan(trouble: str | None) -> dict[Alarm, str]:
    return {} if trouble is None else {Alarm(AlarmKind.NO_SCAN, SCANNER): trouble}


def _overdue(found: Mapping[str, Overdue]) -> dict[Alarm, str]:
    return {
        Alarm(AlarmKind.OVERDUE, key): f"{one.cases}, since {_written(one.since)}"
        for key, one in found.items()
    }


def _not_routed(waiting: Mapping[str, int]) -> dict[Alarm, str]:
    return {Alarm(AlarmKind.UNROUTED, key): f"{count} wait" for key, count in waiting.items()}


def _since(breaker: Breaker) -> str:
    since = breaker.failing_since
    return f"since {_written(since)}" if since else ""


def _written(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
