"""The outbox of the store in memory, and replays of what is parked there."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from uuid import UUID

from gateway.domain.lifecycle import DeliveryState
from gateway.domain.message import Message
from gateway.flow.ports import Abandoned, Attempt, Attempted, Claimed, DeliveryRecord
from gateway.flow.recording import Ended
from gateway.flow.timeline import Entry
from gateway.testing.books import Books


class MemoryDeliveries:
    """The outbox."""

    def __init__(self, books: Books) -> None:
        self._books = books

    def due(self, now: datetime) -> list[str]:
        """Tell the destinations that have something to be claimed."""
        with self._books as books:
            return sorted({delivery.new.destination for delivery in books.claimable(now)})

    def claim(
        self,
        destination: str,
        limit: int,
        now: datetime,
        lease: timedelta,
        *,
        least_tried: bool = False,
    ) -> list[Claimed]:
        """Claim the oldest due deliveries, never one whose case has an earlier one not done."""
        with self._books as books:
            due = [d for d in books.claimable(now) if d.new.destination == destination]
            due.sort(key=lambda delivery: (delivery.due_at, delivery.id))
            if least_tried:
                due = sorted(due[:100], key=lambda delivery: delivery.attempts)
            return [delivery.claim(now, lease) for delivery in due[:limit]]

    def record(self, claim: Claimed | Abandoned, attempted: Attempted, at: datetime) -> bool:
        """Write what an attempt came to; False when the claim is no longer the latest."""
        with self._books as books:
            delivery = books.deliveries[claim.id]
            latest = (DeliveryState.SENDING, claim.attempt)
            if (delivery.state, delivery.attempts) != latest:
                return False
            delivery.end(attempted, at)
            return True

    def bring_forward(self, destination: str, at: datetime, most: int) -> None:
        """Let the deliveries that would be tried there next be due at once."""
        with self._books as books:
            later = [
                delivery
                for delivery in books.claimable(datetime.max.replace(tzinfo=UTC))
                if delivery.new.destination == destination and delivery.due_at > at
            ]
            later.sort(key=lambda delivery: (delivery.due_at, delivery.id))
            for delivery in later[:most]:
                delivery.due_at = at

    def record_all(self, ended: Sequence[Ended]) -> list[bool]:
        """Write what several attempts came to."""
        return [self.record(one.claim, one.attempted, one.at) for one in ended]

    def take_up(self, delivery: UUID, now: datetime, lease: timedelta) -> Abandoned | None:
        """Hold the attempt of a delivery, or begin one where it waits."""
        with self._books as books:
            found = books.deliveries.get(delivery)
            if found is None or found.case.first_undone is not found:
                return None
            if found.state is DeliveryState.PARKED:
                return None
            if found.state is DeliveryState.WAITING:
                found.claim(now, lease)
            found.lease_until = now + lease
            return found.abandoned()

    def message(self, delivery: UUID) -> Message | None:
        """Read what a delivery tells its destination; None when it is unknown."""
        with self._books as books:
            found = books.deliveries.get(delivery)
            return found.message if found else None

    def renew(self, claims: Sequence[Claimed], until: datetime) -> None:
        """Hold claims until then, where they are the latest."""
        with self._books as books:
            for claim in claims:
                delivery = books.deliveries[claim.id]
                if (delivery.state, delivery.attempts) == (DeliveryState.SENDING, claim.attempt):
                    delivery.lease_until = until

    def abandoned(self, now: datetime) -> list[Abandoned]:
        """Read the attempts whose lease has ended."""
        with self._books as books:
            return [
                replace(delivery.abandoned(), case_number=delivery.case.record.number)
                for delivery in books.deliveries.values()
                if delivery.state is DeliveryState.SENDING and delivery.lease_until < now
            ]

    def listed(
        self, state: DeliveryState | None, destination: str | None, after: UUID | None, limit: int
    ) -> list[DeliveryRecord]:
        """Read deliveries in the order they were made."""
        with self._books as books:
            found = (
                delivery.record
                for delivery_id, delivery in sorted(books.deliveries.items())
                if state in (None, delivery.state)
                and destination in (None, delivery.new.destination)
                and (after is None or delivery_id > after)
            )
            return list(islice(found, limit))

    def find(self, delivery: UUID) -> tuple[DeliveryRecord, list[Attempt]] | None:
        """Read one delivery with all its attempts."""
        with self._books as books:
            found = books.deliveries.get(delivery)
            return (found.record, list(found.history)) if found else None

    def replay(self, delivery: UUID, entry: Entry, at: datetime) -> DeliveryRecord | None:
        """Let a parked delivery wait again at once; None when there is no parked one."""
        with self._books as books:
            found = books.deliveries.get(delivery)
            if found is None or found.state is not DeliveryState.PARKED:
                return None
            found.wait_again(at)
            found.case.note(entry)
            return found.record

    def hurry(self, delivery: UUID, entry: Entry, at: datetime) -> DeliveryRecord | None:
        """Let a delivery that waits be due at once; None when none that waits has that id."""
        with self._books as books:
            found = books.deliveries.get(delivery)
            if found is None or found.state is not DeliveryState.WAITING:
                return None
            found.due_at = at
            found.case.note(entry)
            return found.record
