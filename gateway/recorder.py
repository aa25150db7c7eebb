"""What attempts came to is written together with others that ended at the same time."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum, auto
from queue import Empty, SimpleQueue

import structlog
from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_random_exponential

from gateway.domain.errors import Unavailable
from gateway.flow.ports import Deliveries
from gateway.flow.recording import Ended

log = structlog.get_logger()

LARGEST_BATCH = 64


class Written(Enum):
    """What became of the record of an attempt."""

    KEPT = auto()
    # The claim was no longer the latest: another worker has taken the delivery over.
    CLAIM_LOST = auto()
    # The store did not take it; the lease will end, and the attempt is judged as abandoned.
    NOT_KEPT = auto()


Then = Callable[[Written], None]


@dataclass(frozen=True, slots=True)
class _Waiting:
    ended: Ended
    patience: timedelta
    then: Then


@dataclass(slots=True)
class Recorder:
    """
    Writes for all slots of a worker: one transaction for many, and each is told of its own.

    Slots that end together are also free together, so that their next claims are one transaction
    too. What follows for each is done on the writing thread, one after the other: slots that had
    to wait for it would spend their time waking each other.
    """

    deliveries: Deliveries
    _queue: SimpleQueue[_Waiting | None] = field(default_factory=SimpleQueue)

    def record(self, ended: Ended, patience: timedelta, then: Then) -> None:
        """
        Write it soon, on another thread, and tell `then` there.

        While the store cannot keep anything it is tried again, until `patience` ends.
        """
        self._queue.put(_Waiting(ended, patience, then))

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
        for waiting, answer in zip(batch, self._answers(batch), strict=True):
            try:
                waiting.then(answer)
            except Exception:
                # A fault of ours with one must not keep the others waiting.
                log.exception("delivery.not_ended", delivery=str(waiting.ended.claim.id))

    def _answers(self, batch: list[_Waiting]) -> list[Written]:
        patiently = Retrying(
            retry=retry_if_exception_type(Unavailable),
            wait=wait_random_exponential(multiplier=0.2, max=2),
            stop=stop_after_delay(max(waiting.patience for waiting in batch)),
            reraise=True,
        )
        try:
            kept = patiently(self.deliveries.record_all, [waiting.ended for waiting in batch])
        except Exception as error:
            if len(batch) == 1 or isinstance(error, Unavailable):
                for waiting in batch:
                    log.exception("delivery.not_recorded", delivery=str(waiting.ended.claim.id))
                return [Written.NOT_KEPT] * len(batch)
        else:
            return [Written.KEPT if one else Written.CLAIM_LOST for one in kept]
        # One that cannot be kept fails alone.
        return [answer for waiting in batch for answer in self._answers([waiting])]
