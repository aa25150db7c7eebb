"""What the store in memory tells those who watch: what stands where."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import datetime

from gateway.domain.blame import cause_of
from gateway.domain.case import BRINGING_EVENTS
from gateway.domain.lifecycle import OPEN_STATES, CaseState, DeliveryState
from gateway.flow.watching import Queue
from gateway.testing.books import Books
from gateway.testing.memory_rows import DONE, CaseRow, DeliveryRow


class MemoryOverview:
    """What stands where."""

    def __init__(self, books: Books) -> None:
        self._books = books

    def queues(self) -> Mapping[str, Queue]:
        """Tell what each destination has not had yet."""
        undone = defaultdict[str, list[DeliveryRow]](list)
        with self._books as books:
            for delivery in books.deliveries.values():
                if delivery.state not in DONE:
                    undone[delivery.new.destination].append(delivery)
            return {destination: _queue(rows) for destination, rows in undone.items()}

    def unanswered_since(self, destination: str, before: datetime) -> datetime | None:
        """Tell when the oldest case was received that its holder has said nothing of."""
        with self._books as books:
            found = [
                case.record.received_at
                for case in books.cases.values()
                if case.record.destination == destination
                and case.record.state is CaseState.SUBMITTED
                and _is_brought(case, before)
            ]
            return min(found, default=None)

    def open_cases(self) -> Mapping[tuple[str, str], int]:
        """Count the cases that wait for an answer, by unit and destination."""
        with self._books as books:
            records = [case.record for case in books.cases.values()]
            return Counter(
                (one.unit.key, one.destination) for one in records if one.state in OPEN_STATES
            )


def _queue(rows: list[DeliveryRow]) -> Queue:
    waiting = [row for row in rows if row.state is not DeliveryState.PARKED]
    parked = Counter(_fault(row) for row in rows if row.state is DeliveryState.PARKED)
    oldest = min((row.new.created_at for row in waiting), default=None)
    return Queue(len(waiting), oldest, dict(parked))


def _fault(row: DeliveryRow) -> str:
    last = row.history[-1]
    return cause_of(row.new.destination, last.outcome, last.reason).fingerprint


def _is_brought(case: CaseRow, before: datetime) -> bool:
    """Tell whether a case had come by then to the holder that it has now."""
    row = [row for row in case.deliveries if row.new.event in BRINGING_EVENTS][-1]
    is_there = row.new.destination == case.record.destination
    return is_there and row.state is DeliveryState.DELIVERED and row.due_at <= before
