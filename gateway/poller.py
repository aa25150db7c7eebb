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
from gateway.domain.errors import NameAwaited, Refusal, StartRefused, Unavailable
from gateway.domain.hsa import HsaId
from gateway.domain.routing import RouteTable
from gateway.flow.caller import Caller, Role
from gateway.flow.file_intake import FILE_RULES
from gateway.flow.polls import Poll, PollRounds
from gateway.flow.replies import Replies

log = structlog.get_logger()

# How often a system is asked, and at most how seldom while it cannot be.
EVERY = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=2)
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
    told: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Round:
    """
    What came of one time that a destination was asked.

    `trouble` is why it could not be asked, or nothing be kept. Of replies that could not be done
    with, `left` has the ids, and `told` of all that the log has been told of: each has its own
    reason, and none of them slows the others.
    """

    trouble: str | None = None
    left: set[str] = field(default_factory=set)
    told: set[str] = field(default_factory=set)

    @property
    def is_whole(self) -> bool:
        """Tell whether all that was said is done with."""
        return self.trouble is None and not self.left


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
                came, poll = self._fetched(line, caller, poll, now)
                _tell_turn(line, came.trouble)
                self.rounds.end(poll, now + _wait(line.failures))
        except Unavailable as error:
            # The database; the round is begun anew when it is back and the lease has ended.
            _tell_turn(line, str(error))
        except Exception:
            log.exception("replies.round_failed", destination=line.destination.key)
        finally:
            line.look_at = time.monotonic() + _wait(line.failures).total_seconds()

    def _fetched(
        self, line: _Line, caller: Caller, poll: Poll, now: datetime
    ) -> tuple[_Round, Poll]:
        """Fetch and post; tells what came of it, and how far it came, which is all or nothing."""
        sweeps = poll.swept_at is None or now - poll.swept_at >= SWEEP_EVERY
        back = now - SWEEP_BACK
        since = back if poll.since is None else poll.since - OVERLAP
        if sweeps:
            # What came of a time when nothing could be fetched may be older than a sweep looks.
            since = min(since, back)
        came = _Round()
        try:
            with self.build(line.destination) as adapter:
                for message in _polling(adapter).replies(since):
                    self._post(line, adapter, caller, message, came)
                    if self._stopping.is_set():
                        return came, poll
        except Exception as error:  # noqa: BLE001 nobody knows what an adapter raises
            came.trouble = _words(line.destination.adapter, error)
        # Of a round that broke off nobody knows what would have come again.
        line.told = frozenset(came.told if came.trouble is None else line.told | came.told)
        if not came.is_whole:
            return came, replace(poll, failing_since=poll.failing_since or now)
        swept_at = now if sweeps else poll.swept_at
        return came, replace(poll, since=now, swept_at=swept_at, failing_since=None)

    def _post(
        self, line: _Line, adapter: Adapter, caller: Caller, message: CaseMessage, came: _Round
    ) -> None:
        """Post one reply and settle it; whatever is wrong with it stops no other."""
        try:
            refusal = self._kept_or_refused(line, caller, message, came)
        except NameAwaited as error:
            came.left.add(message.message_id)
            _tell_of(line, came, message, "reply.waits", reason=str(error))
        except Unavailable as error:
            came.trouble = str(error)
        except Exception as error:  # noqa: BLE001 a fault of ours
            came.left.add(message.message_id)
            _tell_of(line, came, message, "reply.not_posted", error)
        else:
            self._settle(line, adapter, message, came, refusal)

    def _kept_or_refused(
        self, line: _Line, caller: Caller, message: CaseMessage, came: _Round
    ) -> str | None:
        """Keep a reply; the words of its refusal, which for its files alone keeps its text."""
        try:
            kept = self.replies.post(message, caller)
        except Refusal as refusal:
            rules = ", ".join(fault.rule.value.problem for fault in refusal.faults)
            _tell_of(line, came, message, "reply.refused", rules=rules)
            if all(fault.rule in FILE_RULES for fault in refusal.faults):
                self.replies.set_aside(message, caller, refusal)
            return str(refusal)
        if not kept.repeated:
            number = kept.receipt.case_number
            log.info("reply.fetched", destination=line.destination.key, case_number=number)
        return None

    def _settle(
        self,
        line: _Line,
        adapter: Adapter,
        message: CaseMessage,
        came: _Round,
        refusal: str | None,
    ) -> None:
        if not isinstance(adapter, Settles):
            return
        try:
            adapter.settle(message, refusal)
        except Exception as error:  # noqa: BLE001 the next is kept and settled all the same
            came.left.add(message.message_id)
            _tell_of(
                line,
                came,
                message,
                "reply.not_settled",
                reason=_words(line.destination.adapter, error),
            )


def _polling(adapter: Adapter) -> Polls:
    if not isinstance(adapter, Polls):
        raise StartRefused(f"{type(adapter).__name__} has no method `replies`")
    return adapter


def _words(adapter: str, error: Exception) -> str:
    """Say why; of what is not ours only its type, because its words may be about persons."""
    if isinstance(error, StartRefused | Unavailable):
        return str(error)
    return f"{adapter} raised {type(error).__name__}"


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


def _tell_of(
    line: _Line,
    came: _Round,
    message: CaseMessage,
    event: str,
    fault: Exception | None = None,
    **why: str,
) -> None:
    """Say it of a reply the first time: what is not done with comes again in every round."""
    came.told.add(message.message_id)
    if message.message_id not in line.told:
        told = {"destination": line.destination.key, "message_id": message.message_id} | why
        if fault is None:
            log.warning(event, **told)
        else:
            log.error(event, exc_info=fault, **told)
