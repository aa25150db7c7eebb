"""What becomes of the attempts that a stopped worker left behind (DOMAIN C1, C4, C6)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from gateway.adapter import Adapter, Unclear
from gateway.domain.lifecycle import DeliveryState
from gateway.domain.routing import Destination, RouteTable
from gateway.flow import delivery, pickups
from gateway.flow.ports import Abandoned, Attempted, Deliveries

# So long after its lease, an attempt is nobody's though its destination is not known here: nodes
# use a new table within seconds.
GONE_FOR = timedelta(minutes=2)
_LEFT = "the worker stopped before it could tell what came of it"
_GONE = f"{_LEFT}, and its destination is not in the route table that is used here"
_UNUSABLE = f"{_LEFT}, and no adapter of its destination's kind can be used"


@dataclass(frozen=True, slots=True)
class Takeover:
    """
    Judges every attempt whose lease has ended: nobody knows whether it was sent.

    `kind_of` tells the kind of a destination's adapter, built or not; None when it cannot be used.
    """

    deliveries: Deliveries
    table: Callable[[], RouteTable]
    kind_of: Callable[[Destination], type[Adapter] | None]
    clock: Callable[[], datetime]
    luck: Callable[[], float]

    def judged(self) -> Iterator[tuple[Abandoned, Attempted]]:
        """Give what was left, each with what it came to; it is for the caller to record."""
        now, unknown = self.clock(), set[UUID]()
        for left in self.deliveries.abandoned(now):
            attempted = self._judge(left, now)
            if attempted is None:
                unknown.add(left.id)
            else:
                yield left, attempted
        if unknown:
            # Another node's table may know more, and that node takes over at once.
            for left in self.deliveries.abandoned(now - GONE_FOR):
                if left.id in unknown:
                    yield left, self._homeless(left)

    def _judge(self, left: Abandoned, now: datetime) -> Attempted | None:
        """
        Judge by the kind of the adapter; None when nobody here knows it.

        An adapter that cannot be built now must not keep what was left from those who could move
        it, and its kind alone says whether a repeat is safe.
        """
        to = self.table().destinations.get(left.destination)
        kind = self.kind_of(to) if to else None
        if to is None or kind is None:
            return None
        if kind.can.fetched:
            return pickups.lapsed(left, to.policy, now)
        terms = delivery.terms(to.policy, kind, left, now, self.luck())
        return delivery.judge(Unclear(_LEFT), terms)

    def _homeless(self, left: Abandoned) -> Attempted:
        is_known = left.destination in self.table().destinations
        return Attempted(DeliveryState.PARKED, "unclear", _UNUSABLE if is_known else _GONE)
