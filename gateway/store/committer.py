"""
Group commit: all that waits goes into one transaction, and each request wakes when it is on disk.

All of it happens on the event loop of the requests (DESIGN decision 3). A batch is handed over
when the loop has taken in all that had come, or as soon as it has the usual size, so that the
next one is read while this one is on its way to the disk. The last of several ways is left to
batches of the usual size for a moment: many small ones would cost more than they gain.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from dataclasses import dataclass
from time import monotonic
from typing import Protocol

import structlog

from gateway.domain.errors import Unavailable
from gateway.flow.ports import Conflicting, Kept, NewCase
from gateway.flow.watching import SILENT, Watching

Answer = Kept | Conflicting
Future = asyncio.Future[Answer]

log = structlog.get_logger()


class ShortWay(Protocol):
    """A way into the store that most batches can go; None sends one the long way."""

    async def add(self, batch: Sequence[NewCase]) -> list[Answer] | None:
        """Keep new cases together; may raise Unavailable, with none of them kept."""
        ...

    async def close(self) -> None:
        """Let go of what it has open."""
        ...


class NoShortWay:
    """For stores that have none: every batch goes the long way."""

    async def add(self, batch: Sequence[NewCase]) -> None:
        """Send it the long way."""

    async def close(self) -> None:
        """Have nothing to let go of."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    new: NewCase
    answer: Future


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many cases are handed over without looking for more, and how many at most."""

    usual: int
    largest: int


USUAL = Sizes(8, 128)
_STEP = 16
# So long a few cases leave the last way free (seconds). Whatever is not done by then on the other
# ways is held up, and these are not to wait for it.
_COURTESY_S = 0.05


class Committer:
    """
    Keeps new cases, together with others that come at the same time.

    As many batches are under way as there are short ways (one that stands there twice takes two);
    what they cannot keep goes the long way, by `add`, which may block. `limit` is how many cases
    may wait; beyond it requests are asked to come back. One case that cannot be kept fails alone.
    When the database is gone, all that wait are told so, and those that come later are tried
    again. `on_kept` is called after something was kept.
    """

    def __init__(
        self,
        add: Callable[[Sequence[NewCase]], list[Answer]],
        short_ways: Sequence[ShortWay] = (NoShortWay(),),
        *,
        limit: int = 1000,
        sizes: Sizes = USUAL,
        on_kept: Callable[[], None] = lambda: None,
        watching: Watching = SILENT,
    ) -> None:
        """Start nothing yet; all that follows happens on the loop of those who ask."""
        self._add = add
        self._ways = short_ways
        self._limit = limit
        self._sizes = sizes
        self._on_kept = on_kept
        self._watching = watching
        self._waiting: deque[_Waiting] = deque()
        self._idle = deque(short_ways)
        self._writing: set[asyncio.Task[None]] = set()
        self._is_gathering = False
        self._is_courteous = False
        self._is_open = True
        self._gone = False
        self._long_way = ThreadPoolExecutor(1, "committer")

    async def keep(self, new: NewCase) -> Answer:
        """Wait until a case is on disk; raises Unavailable at once when too many wait."""
        if not self._is_open:
            raise Unavailable("the gateway is stopping")
        if len(self._waiting) >= self._limit:
            raise Unavailable("too many cases wait to be kept", retry_after=1)
        loop = asyncio.get_running_loop()
        answer: Future = loop.create_future()
        self._waiting.append(_Waiting(new, answer))
        if len(self._waiting) >= self._sizes.usual:
            self._hand_over()
        elif not self._is_gathering:
            self._is_gathering = True
            loop.call_soon(self._gather, loop, 0)
        return await answer

    async def stop(self) -> None:
        """Take nothing more, and return when all that waited is kept."""
        self._is_open = False
        while self._waiting or self._writing:
            self._hand_over()
            await asyncio.wait(self._writing)
        async with AsyncExitStack() as closing:
            closing.callback(self._long_way.shutdown)
            for way in self._ways:
                closing.push_async_callback(way.close)

    def _gather(self, loop: asyncio.AbstractEventLoop, seen: int) -> None:
        """Look once in each round of the loop, and hand over when nothing more has come."""
        came = len(self._waiting)
        if came > seen:
            loop.call_soon(self._gather, loop, came)
            return
        self._is_gathering = False
        self._hand_over()

    def _hand_over(self) -> None:
        while self._idle and self._is_enough():
            self._start_batch()
        if self._idle and self._waiting and not self._is_courteous:
            self._is_courteous = True
            asyncio.get_running_loop().call_later(_COURTESY_S, self._end_courtesy)

    def _end_courtesy(self) -> None:
        self._is_courteous = False
        if self._idle and self._waiting:
            self._start_batch()

    def _start_batch(self) -> None:
        way, batch = self._idle.popleft(), self._next_batch()
        # Kept until it has ended: the loop itself remembers tasks only weakly.
        writing = asyncio.get_running_loop().create_task(self._write(way, batch))
        self._writing.add(writing)
        writing.add_done_callback(self._writing.discard)

    def _is_enough(self) -> bool:
        waiting, under_way = len(self._waiting), len(self._ways) - len(self._idle)
        few = waiting > 0 and under_way < max(len(self._ways) - 1, 1)
        return few or waiting >= self._sizes.usual

    def _next_batch(self) -> list[_Waiting]:
        # Of very many a share is left: to be read further while these are written.
        share = len(self._waiting) // (len(self._ways) + 1)
        size = min(max(share, self._sizes.usual), self._sizes.largest, len(self._waiting))
        # Not of every size there is: a database keeps a statement ready for each.
        size -= size % _STEP if size > _STEP else 0
        return [self._waiting.popleft() for _ in range(size)]

    async def _write(self, way: ShortWay, batch: list[_Waiting]) -> None:
        began = monotonic()
        answers = await self._answers(way, [waiting.new for waiting in batch])
        for waiting, answer in zip(batch, answers, strict=True):
            _tell(waiting.answer, answer)
        self._idle.append(way)
        if self._gone:
            # They would wait for the same answer, one batch after the other.
            self._send_away(answers)
        if not self._is_gathering:
            self._hand_over()
        self._watching.batch_kept(len(batch), monotonic() - began)
        if any(isinstance(answer, Kept) for answer in answers):
            self._on_kept()

    def _send_away(self, answers: Sequence[Answer | Exception]) -> None:
        for error in answers:
            if isinstance(error, Unavailable):
                while self._waiting:
                    told = Unavailable(str(error), error.retry_after)
                    _tell(self._waiting.popleft().answer, told)

    async def _answers(self, way: ShortWay, batch: list[NewCase]) -> Sequence[Answer | Exception]:
        try:
            kept = await way.add(batch)
        except Unavailable as error:
            return self._unavailable(error, batch)
        except Exception as error:  # noqa: BLE001 the long way finds out which case it belongs to
            log.warning("committer.short_way_failed", kind=type(error).__name__)
            kept = None
        if kept is not None:
            self._note(None)
            return kept
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._long_way, self._answers_of_long_way, batch)
        except RuntimeError:  # its thread begins with the first that needs it
            return self._unavailable(Unavailable("no thread can be started"), batch)

    def _answers_of_long_way(self, batch: list[NewCase]) -> list[Answer | Exception]:
        try:
            kept = self._add(batch)
        except Unavailable as error:
            return self._unavailable(error, batch)
        except Exception as error:  # noqa: BLE001 whatever it is, it belongs to the one that caused it
            if len(batch) == 1:
                return [error]
        else:
            self._note(None)
            return [*kept]
        half = len(batch) // 2
        return self._answers_of_long_way(batch[:half]) + self._answers_of_long_way(batch[half:])

    def _unavailable(self, error: Unavailable, batch: list[NewCase]) -> list[Answer | Exception]:
        self._note(str(error))
        return [Unavailable(str(error), error.retry_after) for _ in batch]

    def _note(self, trouble: str | None) -> None:
        """Log once when the database goes, and once when it is back (DOMAIN G2)."""
        if trouble is not None and not self._gone:
            log.error("database.unavailable", reason=trouble)
        if trouble is None and self._gone:
            log.info("database.recovered")
        self._gone = trouble is not None


def _tell(waiting: Future, answer: Answer | Exception) -> None:
    if waiting.done():  # the request was cancelled while its case was kept
        return
    if isinstance(answer, Exception):
        waiting.set_exception(answer)
    else:
        waiting.set_result(answer)
