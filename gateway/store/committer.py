"""
Group commit: all that waits goes into one transaction, and each request wakes when it is on disk.

One thread writes (DESIGN decision 3); requests wait on their own event loops. A batch is handed to
the writer when its loop has taken in all that had come. So batches are large when many come, and
the two threads seldom stop each other by wanting the interpreter at once.
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from threading import Condition, Thread
from time import monotonic

import structlog

from gateway.domain.errors import Unavailable
from gateway.flow.ports import Conflicting, Kept, NewCase
from gateway.flow.watching import SILENT, Watching

Answer = Kept | Conflicting
Future = asyncio.Future[Answer]

# However many go on coming, the first is not kept waiting longer than this (seconds).
LONGEST_GATHERING_S = 0.005

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Waiting:
    new: NewCase
    answer: Future


class Committer:
    """
    Keeps new cases, together with others that come at the same time.

    `limit` is how many may wait; beyond it requests are asked to come back. One case that cannot
    be kept fails alone. When the database is gone, all that wait are told so, and those that come
    later are tried again. `on_kept` is called, on the writing thread, after something was kept.
    """

    def __init__(
        self,
        add: Callable[[Sequence[NewCase]], list[Answer]],
        limit: int = 1000,
        largest_batch: int = 128,
        on_kept: Callable[[], None] = lambda: None,
        watching: Watching = SILENT,
    ) -> None:
        """Start the writing thread."""
        self._add = add
        self._limit = limit
        self._largest_batch = largest_batch
        self._on_kept = on_kept
        self._watching = watching
        self._waiting: deque[_Waiting] = deque()
        self._gathered = False
        self._gathering_until = 0.0
        self._open = True
        self._gone = False
        # Guards those above, and tells the writer when there is something for it.
        self._door = Condition()
        self._writer = Thread(target=self._write_until_stopped, name="committer", daemon=True)
        self._writer.start()

    async def keep(self, new: NewCase) -> Answer:
        """Wait until a case is on disk; raises Unavailable at once when too many wait."""
        loop = asyncio.get_running_loop()
        answer: Future = loop.create_future()
        with self._door:
            if not self._open:
                raise Unavailable("the gateway is stopping")
            if len(self._waiting) >= self._limit:
                raise Unavailable("too many cases wait to be kept", retry_after=1)
            self._waiting.append(_Waiting(new, answer))
            # Also when those before it were left behind by a loop that is gone.
            if len(self._waiting) == 1 or monotonic() > self._gathering_until:
                self._gathering_until = monotonic() + LONGEST_GATHERING_S
                loop.call_soon(self._gather, loop, 0)
        return await answer

    def stop(self) -> None:
        """Take nothing more, and return when all that waited is kept."""
        with self._door:
            self._open = False
            self._door.notify()
        self._writer.join()

    def _gather(self, loop: asyncio.AbstractEventLoop, seen: int) -> None:
        """Look once in each round of the loop, and hand over when nothing more has come."""
        with self._door:
            came = len(self._waiting)
            if seen < came < self._largest_batch and monotonic() < self._gathering_until:
                loop.call_soon(self._gather, loop, came)
                return
            # The writer may have taken them already, with those that an earlier look handed over.
            self._gathered = came > 0
            self._door.notify()

    def _write_until_stopped(self) -> None:
        while batch := self._next_batch():
            began = monotonic()
            answers = self._answers([waiting.new for waiting in batch])
            self._watching.batch_kept(len(batch), monotonic() - began)
            _wake(zip((waiting.answer for waiting in batch), answers, strict=True))
            if any(isinstance(answer, Kept) for answer in answers):
                self._on_kept()

    def _next_batch(self) -> list[_Waiting]:
        """Wait for a batch and take all that is there; empty when it is time to stop."""
        with self._door:
            self._door.wait_for(lambda: self._gathered or not self._open)
            size = min(len(self._waiting), self._largest_batch)
            batch = [self._waiting.popleft() for _ in range(size)]
            self._gathered = bool(self._waiting)
            return batch

    def _answers(self, batch: list[NewCase]) -> list[Answer | Exception]:
        try:
            kept = self._add(batch)
        except Unavailable as error:
            self._tell(str(error))
            return [Unavailable(str(error), error.retry_after) for _ in batch]
        except Exception as error:  # noqa: BLE001 whatever it is, it belongs to the one that caused it
            if len(batch) == 1:
                return [error]
        else:
            self._tell(None)
            return [*kept]
        half = len(batch) // 2
        return self._answers(batch[:half]) + self._answers(batch[half:])

    def _tell(self, trouble: str | None) -> None:
        """Log once when the database goes, and once when it is back (DOMAIN G2)."""
        if trouble is not None and not self._gone:
            log.error("database.unavailable", reason=trouble)
        if trouble is None and self._gone:
            log.info("database.recovered")
        self._gone = trouble is not None


def _wake(answered: Iterable[tuple[Future, Answer | Exception]]) -> None:
    by_loop: defaultdict[asyncio.AbstractEventLoop, list[tuple[Future, Answer | Exception]]]
    by_loop = defaultdict(list)
    for future, answer in answered:
        by_loop[future.get_loop()].append((future, answer))
    for loop, pairs in by_loop.items():
        try:
            loop.call_soon_threadsafe(_answer_all, pairs)
        except RuntimeError:  # the loop is closed, and nobody waits there any more
            continue


def _answer_all(pairs: list[tuple[Future, Answer | Exception]]) -> None:
    for future, answer in pairs:
        if future.done():  # the request was cancelled while its case was kept
            continue
        if isinstance(answer, Exception):
            future.set_exception(answer)
        else:
            future.set_result(answer)
