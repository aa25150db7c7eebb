"""Find what has landed in inboxes, and send a notice of each, patiently, beside the work (D5)."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import assert_never

import structlog
from tenacity import (
    Retrying,
    retry_if_result,
    sleep_using_event,
    stop_after_attempt,
    stop_when_event_set,
    wait_exponential,
)

from gateway.domain.errors import Unavailable
from gateway.domain.outcome import Delivered, Outcome, Refused, TryLater, Unclear
from gateway.domain.pace import Pace
from gateway.domain.person import is_anonymous
from gateway.domain.policy import Policy
from gateway.flow.notices import (
    ClaimedNotice,
    EndedAttempt,
    Notices,
    NoticeState,
    NoticeWatching,
)
from gateway.notifier.outcome import NotNow, NotReached
from gateway.notifier.ways import Way

log = structlog.get_logger()

LOOK_S = 1.0
# What came of one attempt.
_Came = Outcome | NotReached | NotNow
# Far back, and at what stands, is looked at most this often, and never for more of the time.
FAR_S, STANDING_S, LARGEST_SHARE = 60.0, 5.0, 0.02
# Longer than one attempt takes on all ways; so soon another sends where one died.
LEASE = timedelta(minutes=5)
TRIES = 2
LONGEST_PAUSE_S = 60.0
# A first wait of a minute, then longer ones up to four hours.
_WAITS = Policy(first_retry_s=60.0, retry_factor=3.0, longest_retry_s=14_400.0)


@dataclass(slots=True)
class Notifier:
    """
    Sends until it is stopped; many nodes share the work, and each notice is sent by one of them.

    What is not sent is tried again by the notices' own waits, until one has waited for `patience`:
    then it is parked. `pause_s` is the wait before the second try within an attempt.
    """

    notices: Notices
    ways: Sequence[Way]
    clock: Callable[[], datetime]
    watching: NoticeWatching
    patience: timedelta
    pace: Pace
    pause_s: float = 1.0
    _failures: int = 0
    _far_at: float = 0.0
    _standing_at: float = 0.0
    _stopping: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Work until `stop`; then let what is under way end."""
        pause_s = 0.0
        while not self._stopping.wait(pause_s):
            self._work_safely()
            pause_s = min(LOOK_S * (1 << min(self._failures, 10)), LONGEST_PAUSE_S)
        for way in self.ways:
            way.close()

    def stop(self) -> None:
        """Send no more."""
        self._stopping.set()

    def work(self) -> None:
        """Look once, and send what is due; raises Unavailable when the store cannot go on."""
        self._look()
        while not self._stopping.is_set() and self.pace.room(time.monotonic()) > 0:
            claimed = self.notices.claim(self.clock(), LEASE)
            if claimed is None:
                return
            self.pace.start(1, time.monotonic())
            if not self._end(claimed, self._tried(claimed)):
                return

    def _work_safely(self) -> None:
        try:
            self.work()
        except Unavailable:
            # The worker tells that the database is gone.
            return
        except Exception:
            # A fault of ours must not end the sending.
            self._failures += 1
            log.exception("notices.failed")

    def _look(self) -> None:
        began, now = time.monotonic(), self.clock()
        oldest = now - self.patience
        if began >= self._far_at:
            self.notices.make(now, oldest, far=True)
            self._far_at = _next(began, FAR_S)
        else:
            self.notices.make(now, oldest)
        if began >= self._standing_at:
            self.watching.notices_stand(self.notices.standing())
            self._standing_at = _next(began, STANDING_S)

    def _tried(self, claimed: ClaimedNotice) -> tuple[str | None, _Came]:
        """Try one way after the other, until one leads to the citizen."""
        if claimed.citizen and is_anonymous(claimed.citizen.person_id):
            return None, NotReached("nobody knows who submitted the case")
        reasons = []
        for way in self.ways if claimed.citizen else ():
            outcome = self._patiently(way, claimed)
            if not isinstance(outcome, NotReached):
                return way.name, outcome
            reasons.append(outcome.reason)
        return None, NotReached("; ".join(reasons) or "the message is no longer there")

    def _patiently(self, way: Way, claimed: ClaimedNotice) -> _Came:
        twice = Retrying(
            retry=retry_if_result(_may_be_tried_at_once),
            stop=stop_after_attempt(TRIES) | stop_when_event_set(self._stopping),
            wait=wait_exponential(multiplier=self.pause_s),
            sleep=sleep_using_event(self._stopping),
            retry_error_callback=lambda state: state.outcome and state.outcome.result(),
        )
        try:
            outcome: _Came = twice(way.send, claimed.id, claimed.citizen)
        except Exception as error:  # noqa: BLE001 a stranger's words may carry personal data
            return NotNow(f"{way.name} raised {type(error).__name__}")
        return outcome

    def _end(self, claimed: ClaimedNotice, tried: tuple[str | None, _Came]) -> bool:
        """Write what came of it; False when the way fails, and the next would fail too."""
        way, outcome = tried
        ended = self._ended(claimed, way, outcome)
        if self.notices.end(claimed, ended):
            self.watching.notice_tried(ended.state, way)
            if ended.state is NoticeState.PARKED:
                log.warning("notice.parked", notice=str(claimed.id), reason=ended.reason)
            elif isinstance(outcome, NotNow):
                log.warning("notice.postponed", notice=str(claimed.id), reason=ended.reason)
        if isinstance(outcome, NotNow):
            return True
        failed = isinstance(outcome, TryLater | Unclear)
        self._tell_turn(outcome.reason if isinstance(outcome, TryLater | Unclear) else None, way)
        return not failed

    def _ended(self, claimed: ClaimedNotice, way: str | None, outcome: _Came) -> EndedAttempt:
        match outcome:
            case Delivered():
                return EndedAttempt(NoticeState.SENT, way)
            case NotReached(reason):
                return EndedAttempt(NoticeState.UNREACHED, None, reason)
            case Refused(reason):
                return EndedAttempt(NoticeState.PARKED, way, reason)
            case TryLater(reason) | Unclear(reason) | NotNow(reason):
                return self._postponed(claimed, way, reason)
            case _ as never:
                assert_never(never)

    def _postponed(self, claimed: ClaimedNotice, way: str | None, reason: str) -> EndedAttempt:
        now = self.clock()
        if now - claimed.made_at >= self.patience:
            return EndedAttempt(NoticeState.PARKED, way, reason)
        wait = timedelta(seconds=_WAITS.delay_s(claimed.attempt, luck=0.0))
        return EndedAttempt(NoticeState.WAITING, way, reason, now + wait)

    def _tell_turn(self, trouble: str | None, way: str | None) -> None:
        """Say once when a way begins to fail, and once when notices get through again."""
        if trouble is not None:
            self._failures += 1
            if self._failures == 1:
                log.warning("notices.failing", way=way, reason=trouble)
        elif self._failures and way is not None:
            self._failures = 0
            log.info("notices.recovered")


def _may_be_tried_at_once(outcome: _Came) -> bool:
    return isinstance(outcome, TryLater) and outcome.after is None


def _next(began: float, pause_s: float) -> float:
    now = time.monotonic()
    return now + max(pause_s, (now - began) / LARGEST_SHARE)
