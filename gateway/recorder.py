"""What attempts came to is written together with others that ended at the same time."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from queue import Empty, SimpleQueue

from gateway.domain.errors import Unavailable
from gateway.flow.ports import Abandoned, Attempted, Claimed, Deliveries
from gateway.flow.recording import Ended

LARGEST_BATCH = 64


@dataclass(frozen=True, slots=True)
class _Waiting:
    ended: Ended
    recorded: Future[bool]


@dataclass(slots=True)
class Recorder:
    """
    Writes for all slots of a worker: one transaction for many, and each slot gets its own answer.

    Slots that end together are also free together, so that their next claims are one transaction
    too.
    """

    deliveries: Deliveries
    clock: Callable[[], datetime]
    _queue: SimpleQueue[_Waiting | None] = field(default_factory=SimpleQueue)

    def record(self, claim: Claimed | Abandoned, attempted: Attempted) -> bool:
        """
        Wait until it is written; False when the claim is no longer the latest.

        Raises Unavailable when the store cannot keep it now.
        """
        recorded: Future[bool] = Future()
        self._queue.put(_Waiting(Ended(claim, attempted, self.clock()), recorded))
        return recorded.result()

    def run(self) -> None:
        """Write until `stop`; what was handed over before is written."""
        while batch := self._next_batch():
            self._write(batch)

    def stop(self) -> None:
        """Take nothing more: nobody may wait to be written after this."""
        self._queue.put(None)

    def _next_batch(self) -> list[_Waiting]:
        first = self._queue.get()
        batch = [] if first is None else [first]
        while batch and len(batch) < LARGEST_BATCH:
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

    def _write(self, batch: list[_Waiting]) -> None:
        try:
            answers = self.deliveries.record_all([waiting.ended for waiting in batch])
        except Exception as error:  # noqa: BLE001 it belongs to whoever waits for it
            self._fail(batch, error)
        else:
            for waiting, answer in zip(batch, answers, strict=True):
                waiting.recorded.set_result(answer)

    def _fail(self, batch: list[_Waiting], error: Exception) -> None:
        if isinstance(error, Unavailable) or len(batch) == 1:
            for waiting in batch:
                waiting.recorded.set_exception(error)
            return
        # One that cannot be kept fails alone.
        for waiting in batch:
            self._write([waiting])
