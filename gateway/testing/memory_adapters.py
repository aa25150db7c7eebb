"""What the store in memory keeps for adapters: steps that are done, and how far replies came."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from gateway.domain.notation import Json
from gateway.flow.polls import Poll
from gateway.flow.steps import DoneStep
from gateway.testing.books import Books


class MemorySteps:
    """Steps of deliveries that are done."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self._done: dict[tuple[UUID, str, str], Json] = {}

    def find(self, delivery: UUID, destination: str, name: str) -> Json | None:
        """Read what a step came to; None when it is not done."""
        with self._books:
            return self._done.get((delivery, destination, name))

    def keep(self, step: DoneStep) -> Json:
        """Keep what a step came to; gives what was kept first."""
        with self._books:
            key = step.delivery, step.destination, step.name
            return self._done.setdefault(key, step.result)


class MemoryPolls:
    """How far the replies of each destination were fetched."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self._polls: dict[str, tuple[Poll, datetime]] = {}

    def begin(self, destination: str, now: datetime, until: datetime) -> Poll | None:
        """Begin a round, for this caller only; None when it is not due."""
        with self._books:
            last, due_at = self._polls.get(destination, (Poll(destination, 0), now))
            if due_at > now:
                return None
            poll = replace(last, round=last.round + 1)
            self._polls[destination] = poll, until
            return poll

    def end(self, poll: Poll, due_at: datetime) -> bool:
        """Write how far a round came; False when another has begun since."""
        with self._books:
            last, _ = self._polls[poll.destination]
            if last.round != poll.round:
                return False
            self._polls[poll.destination] = poll, due_at
            return True

    def failing(self) -> Mapping[str, datetime]:
        """Tell the destinations whose last round was not whole, and since when."""
        with self._books:
            polls = [poll for poll, _ in self._polls.values()]
            return {poll.destination: poll.failing_since for poll in polls if poll.failing_since}
