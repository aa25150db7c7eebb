"""Fetch replies for ever: each destination in its own round, so none delays another (D2)."""

import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from gateway.adapter import Adapter, AdapterTypes, CaseMessage, Polls, Settles
from gateway.domain.destination import Destination
from gateway.domain.errors import Refusal, StartRefused, Unavailable
from gateway.domain.hsa import HsaId
from gateway.domain.routing import RouteTable
from gateway.flow.caller import Caller, Role
from gateway.flow.file_intake import FILE_RULES
from gateway.flow.polls import Poll, PollRounds
from gateway.flow.replies import Replies

log = structlog.get_logger()

# How often a system is asked, and how much longer each wait is while it fails.
EVERY = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=15)
# Longer than clocks differ, and than a reply takes from being stamped to being told.
OVERLAP = timedelta(minutes=10)
# What was told late, or behind our back, is still found within this time.
SWEEP_EVERY = timedelta(days=1)
SWEEP_BACK = timedelta(days=7)
# So soon another worker begins where one died. A round may well take longer: then two are under
# way, and repeats change nothing.
LEASE = timedelta(minutes=1)
_LOOK_S = 1.0


@dataclass(slots=True)
class _Line:
    """What is known of one destination that is polled."""

    destination: Destination
    thread: threading.Thread | None = None
    look_at: float = 0.0
    failures: int = 0
    refused: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Poller:
    """
    Asks every destination whose adapter polls, until it is stopped.

    `build` lends the adapter of a destination, `types` tell which poll. What is fetched is posted
    as the destination's `system` would post it: only the holder of a case may.
    """

    rounds: PollRounds
    replies: Replies
    table: Callable[[], RouteTable]
    types: AdapterTypes
    build: Callable[[Destination], AbstractContextManager[Adapter]]
    clock: Callable[[], datetime]
    _lines: dict[str, _Line] = field(default_factory=dict)
    _stopping: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Work until `stop`; then let the rounds under way end."""
        while not self._stopping.is_set():
            for destination in [*self.table().destinations.values()]:
                if destination.system is not None and self._polls(destination):
                    self._see_to(destination, destination.system)
            self._stopping.wait(_LOOK_S)
        for line in self._lines.values():
            if line.thread is not None:
                line.thread.join()

    def stop(self) -> None:
        """Ask nobody more."""
        self._stopping.set()

    def _polls(self, destination: Destination) -> bool:
        return hasattr(self.types.get(destination.adapter), "replies")

    def _see_to(self, destination: Destination, system: HsaId) -> None:
        """Begin a round where none is under way; the store knows whether it is due for all."""
        line = self._lines.setdefault(destination.key, _Line(destination))
        if time.monotonic() < line.look_at or (line.thread and line.thread.is_alive()):
            return
        line.destination = destination
        caller = Caller(system, destination.title, Role.CASE_SYSTEM)
        name = f"replies of {destination.key}"
        line.thread = threading.Thread(target=self._round, args=(line, caller), name=name)
        line.thread.start()

    def _round(self, line: _Line, caller: Caller) -> None:
        now = self.clock()
        try:
            poll = self.rounds.begin(line.destination.key, now, now + LEASE)
            if poll is not None:
                came = self._fetched(line, caller, poll, now)
                _tell_turn(line, came.trouble)
                self.rounds.end(came.poll, now + _wait(line.failures))
        except Unavailable as error:
            # The database; the round is begun anew when it is back and the lease has ended.
            _tell_turn(line, str(error))
        except Exception:
            log.exception("replies.round_failed", destination=line.destination.key)
        finally:
            line.look_at = time.monotonic() + _wait(line.failures).total_seconds()

    def _fetched(self, line: _Line, caller: Caller, poll: Poll, now: datetime) -> "_Came":
        """Fetch and post; a reply that could not be kept holds the place, and stops no other."""
        sweeps = poll.swept_at is None or now - poll.swept_at >= SWEEP_EVERY
        since = now - SWEEP_BACK if sweeps or poll.since is None else poll.since - OVERLAP
        trouble, refused = None, set[str]()
        try:
            with self.build(line.destination) as adapter:
                for message in _polling(adapter).replies(since):
                    trouble = self._post(line, adapter, caller, message, refused) or trouble
                    if self._stopping.is_set():
                        return _Came(poll, trouble)
        except (StartRefused, Unavailable) as error:
            trouble = str(error)
        except Exception as error:  # noqa: BLE001 a stranger's words may carry personal data
            trouble = f"{line.destination.adapter} raised {type(error).__name__}"
        line.refused = refused
        if trouble is not None:
            return _Came(poll, trouble)
        return _Came(replace(poll, since=now, swept_at=now if sweeps else poll.swept_at))

    def _post(
        self,
        line: _Line,
        adapter: Adapter,
        caller: Caller,
        message: CaseMessage,
        refused: set[str],
    ) -> str | None:
        """Post one reply and settle it; tells why it could not be kept now."""
        try:
            kept = self.replies.post(message, caller)
        except Unavailable as error:
            return str(error)
        except Refusal as refusal:
            refused.add(message.message_id)
            _tell_refused(line, refusal, message)
            return self._settle_refused(adapter, caller, message, refusal)
        except Exception as error:
            # A fault of ours with one reply stops no other.
            log.exception("reply.not_posted", destination=line.destination.key)
            return f"a reply cannot be posted: {type(error).__name__}; it is {message.message_id}"
        if not kept.repeated:
            number = kept.receipt.case_number
            log.info("reply.fetched", destination=line.destination.key, case_number=number)
        _settle(adapter, message, None)
        return None

    def _settle_refused(
        self, adapter: Adapter, caller: Caller, message: CaseMessage, refusal: Refusal
    ) -> str | None:
        """Settle a reply that is refused; for its files alone, its text is kept."""
        if all(fault.rule in FILE_RULES for fault in refusal.faults):
            try:
                self.replies.set_aside(message, caller, refusal)
            except Unavailable as error:
                return str(error)
        _settle(adapter, message, str(refusal))
        return None


@dataclass(frozen=True, slots=True)
class _Came:
    """How far a round came; with trouble it is where it began."""

    poll: Poll
    trouble: str | None = None


def _polling(adapter: Adapter) -> Polls:
    if not isinstance(adapter, Polls):
        raise StartRefused(f"{type(adapter).__name__} has no method `replies`")
    return adapter


def _settle(adapter: Adapter, message: CaseMessage, refusal: str | None) -> None:
    if isinstance(adapter, Settles):
        adapter.settle(message, refusal)


def _wait(failures: int) -> timedelta:
    return min(EVERY * (1 << min(failures, 10)), LONGEST_WAIT)


def _tell_turn(line: _Line, trouble: str | None) -> None:
    """Say once when a destination begins to fail, and once when it has recovered."""
    key = line.destination.key
    if trouble is not None:
        line.failures += 1
        if line.failures == 1:
            log.warning("replies.failing", destination=key, reason=trouble)
    elif line.failures:
        line.failures = 0
        log.info("replies.recovered", destination=key)


def _tell_refused(line: _Line, refusal: Refusal, message: CaseMessage) -> None:
    """Say it the first time: what is within the overlap comes again in every round."""
    if message.message_id not in line.refused:
        rules = ", ".join(fault.rule.value.problem for fault in refusal.faults)
        log.warning("reply.refused", destination=line.destination.key, rules=rules)
