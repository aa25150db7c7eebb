"""The same pickups as a message box: listed, got by number, deleted when kept (INTEROP §5.2)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from gateway.adapter import Delivered
from gateway.domain.destination import Destination
from gateway.domain.lifecycle import DeliveryState
from gateway.domain.message import Message
from gateway.flow.caller import Caller
from gateway.flow.pickups import LEASE, Pickups, was_fetched
from gateway.flow.ports import Abandoned, DeliveryRecord

# One list has at most so many for each destination; the rest comes when these are deleted.
MOST_LISTED = 100


@dataclass(frozen=True, slots=True)
class Boxed:
    """A delivery in its system's box, under the number that the standard wants."""

    number: int
    record: DeliveryRecord
    to: Destination

    @property
    def is_got(self) -> bool:
        """Tell whether its system has got it; once it has, that is so until it is deleted."""
        return was_fetched(self.record)


@dataclass(frozen=True, slots=True)
class Got:
    """What was got: the message, and the attempt that holds its delivery until the lease ends."""

    boxed: Boxed
    attempt: Abandoned
    message: Message = field(repr=False)


@dataclass(frozen=True, slots=True)
class Deleted:
    """What is out of the box now; with one that was `unread`, nothing is."""

    numbers: tuple[int, ...] = ()
    unread: bool = False


@dataclass(frozen=True, slots=True)
class Messagebox:
    """The verbs of a system that knows the standard contracts."""

    pickups: Pickups

    def listed(self, caller: Caller) -> list[Boxed]:
        """List what can be got, got before or not, the oldest first."""
        found = [boxed for to in self.pickups.open_to(caller) for boxed in self._in_box(to)]
        return sorted(found, key=lambda boxed: boxed.record.id)

    def read(self, boxed: Boxed) -> Message | None:
        """Read a message without getting it."""
        return self.pickups.deliveries.message(boxed.record.id)

    def get(self, numbers: Sequence[int], caller: Caller) -> Iterator[Got]:
        """
        Get messages by number, and hold them until their lease ends; those that cannot be are not.

        What was got before can be got again.
        """
        destinations = self.pickups.open_to(caller)
        for number in dict.fromkeys(numbers):
            boxed = self._named(number, destinations)
            if boxed is not None and (got := self._take(boxed)):
                yield got

    def delete(self, numbers: Sequence[int], caller: Caller) -> Deleted:
        """Keep the receipts of messages that were got; a repeat gets the same answer."""
        destinations = self.pickups.own(caller)
        named = (self._named(number, destinations) for number in dict.fromkeys(numbers))
        found = [boxed for boxed in named if boxed is not None]
        if not all(boxed.is_got for boxed in found):
            return Deleted(unread=True)
        return Deleted(tuple(boxed.number for boxed in found if self._delete(boxed, caller)))

    def _in_box(self, to: Destination) -> Iterator[Boxed]:
        for state in (DeliveryState.SENDING, DeliveryState.WAITING):
            yield from self._free(to, state)

    def _free(self, to: Destination, state: DeliveryState) -> list[Boxed]:
        """Read those that wait for no other, in pages: whatever number of others comes first."""
        found: list[Boxed] = []
        after = None
        while len(found) < MOST_LISTED:
            page = self.pickups.deliveries.listed(state, to.key, after, MOST_LISTED)
            found += [_boxed(record, to) for record in page if record.blocker is None]
            if len(page) < MOST_LISTED:
                break
            after = page[-1].id
        return found[:MOST_LISTED]

    def _named(self, number: int, destinations: Sequence[Destination]) -> Boxed | None:
        if number < 0:
            return None
        moment = UUID(int=max(_first_of(number).int - 1, 0))
        listed = self.pickups.deliveries.listed
        near = [
            _boxed(record, to)
            for to in destinations
            for record in listed(None, to.key, moment, MOST_LISTED)
        ]
        same = [boxed for boxed in near if boxed.number == number]
        undone = [boxed for boxed in same if boxed.record.state is not DeliveryState.DELIVERED]
        return next(iter(undone or same), None)

    def _take(self, boxed: Boxed) -> Got | None:
        deliveries, now = self.pickups.deliveries, self.pickups.clock()
        attempt = deliveries.take_up(boxed.record.id, now, LEASE)
        message = deliveries.message(boxed.record.id) if attempt else None
        return Got(boxed, attempt, message) if attempt and message else None

    def _delete(self, boxed: Boxed, caller: Caller) -> bool:
        match boxed.record.state:
            case DeliveryState.DELIVERED | DeliveryState.MOVED:
                return True
            case DeliveryState.PARKED:
                return False
            case _:
                self.pickups.receive(boxed.record.id, Delivered(), caller)
                return True


def number_of(delivery: UUID) -> int:
    """
    Give the number that a delivery has in the box: 63 bits, and the first of them its moment.

    So the delivery is found by its number without a list of numbers being kept. Two of one
    millisecond have the same once in four million times; then the older one has it first.
    """
    milliseconds = delivery.int >> _AFTER_MOMENT
    return (milliseconds - _BEGINNING) << _CHANCE | delivery.int & ((1 << _CHANCE) - 1)


def _first_of(number: int) -> UUID:
    """Give the lowest id that a delivery of that number can have."""
    milliseconds = (number >> _CHANCE) + _BEGINNING
    return UUID(int=milliseconds << _AFTER_MOMENT)


def _boxed(record: DeliveryRecord, to: Destination) -> Boxed:
    return Boxed(number_of(record.id), record, to)


# A UUID of version 7 begins with its moment in milliseconds, and ends with chance (RFC 9562 §5.7).
_AFTER_MOMENT = 80
_CHANCE = 22
# 2020-01-01 in UTC, so that 41 bits of milliseconds last until 2089.
_BEGINNING = 1_577_836_800_000
