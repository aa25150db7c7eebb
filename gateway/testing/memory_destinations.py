"""What the store in memory keeps of destinations: breakers behind a fence, and pauses."""

from collections import defaultdict
from dataclasses import replace
from datetime import datetime

from gateway.domain.breaker import Breaker
from gateway.domain.lifecycle import DeliveryState
from gateway.flow.ports import Backlog, DestinationState, Paused
from gateway.testing.books import Books


class MemoryDestinationStates:
    """The health of destinations."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self._states: dict[str, DestinationState] = {}

    def all(self) -> dict[str, DestinationState]:
        """Read the state of every destination that something is kept about."""
        with self._books:
            return dict(self._states)

    def move(self, destination: str, seen: Breaker, new: Breaker) -> bool:
        """Write the next of a breaker, where it is still as it was seen."""
        with self._books:
            state = self._of(destination)
            if state.breaker.version != seen.version:
                return False
            self._states[destination] = replace(state, breaker=new)
            return True

    def pause(self, destination: str, paused: Paused) -> bool:
        """Stop the deliveries to a destination, unless they are stopped."""
        with self._books:
            state = self._of(destination)
            if state.paused:
                return False
            self._states[destination] = replace(state, paused=paused)
            return True

    def resume(self, destination: str) -> bool:
        """Let them go on, if they are stopped."""
        with self._books:
            state = self._of(destination)
            if state.paused:
                self._states[destination] = replace(state, paused=None)
            return state.paused is not None

    def backlogs(self) -> dict[str, Backlog]:
        """Count what waits or is under way, by destination."""
        made: dict[str, list[datetime]] = defaultdict(list)
        with self._books as books:
            for delivery in books.deliveries.values():
                if delivery.state in {DeliveryState.WAITING, DeliveryState.SENDING}:
                    made[delivery.new.destination].append(delivery.new.created_at)
        return {key: Backlog(len(times), min(times)) for key, times in made.items()}

    def _of(self, destination: str) -> DestinationState:
        return self._states.get(destination, DestinationState())
