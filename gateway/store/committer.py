"""
Group commit: all that waits goes into one transaction, and each request wakes when it is on disk.

One thread writes (DESIGN decision 3); requests wait on their own event loops.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Lock, Thread

import structlog

from gateway.domain.errors import Unavailable
from gateway.flow.ports import Conflicting, Kept, NewCase

Answer = Kept | Conflicting
Future = asyncio.Future[Answer]


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
    ) -> None:
        """Start the writing thread."""
        self._add = add
        self._limit = limit
        self._largest_batch = largest_batch
        self._on_kept = on_kept
        self._queue: SimpleQueue[_Waiting | None] = SimpleQueue()
        self._open = True
        self._gone = False
        # So that nothing comes after the mark that ends the queue.
        self._door = Lock()
        self._writer = Thread(target=self._write_until_stopped, name="committer", daemon=True)
        self._writer.start()

    async def keep(self, new: NewCase) -> Answer:
        """Wait until a case is on disk; raises Unavailable at once when too many wait."""
        answer: Future = asyncio.get_running_loop().create_future()
        with self._door:
            if not self._open:
                raise Unavailable("the gateway is stopping")
            if self._queue.qsize() >= self._limit:
                raise Unavailable("too many cases wait to be kept", retry_after=1)
            self._queue.put(_Waiting(new, answer))
        return await answer

    def stop(self) -> None:
        """Take nothing more, and return when all that waited is kept."""
        with self._door:
            if self._open:
                self._open = False
                self._queue.put(None)
        self._writer.join()

    def _write_until_stopped(self) -> None:
        while batch := self._next_batch():
            answers = self._answers([waiting.new for waiting in batch])
            _wake(zip((waiting.answer for waiting in batch), answers, strict=True))
            if any(isinstance(answer, Kept) for answer in answers):
                self._on_kept()

    def _next_batch(self) -> list[_Waiting]:
        """Wait for something, then take all that is there; empty when it is time to stop."""
        first = self._queue.get()
        if first is None:
            return []
        batch = [first]
        while len(batch) < self._largest_batch:
            try:
                following = self._queue.get_nowait()
            except Empty:
                break
            if following is None:
                # The mark must be met again, after this batch.
                self._queue.put(None)
                break
            batch.append(following)
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
