"""Let systems that cannot be called fetch what waits for them, and say what became of it (C5)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never
from uuid import UUID

from gateway.adapter import Delivered, Refused
from gateway.domain.destination import Destination
from gateway.domain.errors import ContentLost, Fault, Refusal, Rule
from gateway.domain.lifecycle import DELIVERY_STEPS, DeliveryState, DeliveryStep
from gateway.domain.person import without_numbers
from gateway.domain.policy import Policy
from gateway.domain.routing import RouteTable
from gateway.flow.access import Verb, require_verb
from gateway.flow.caller import Caller
from gateway.flow.ports import (
    Abandoned,
    Attempted,
    Claimed,
    Deliveries,
    DeliveryRecord,
    DestinationStates,
)
from gateway.flow.watching import SILENT, Watching

# A system has this long to keep what it fetched, and to say so.
LEASE = timedelta(minutes=10)
# What one answer carries, in bytes of attachments, before it ends with fewer than were asked for.
LARGEST_FETCH = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Pickups:
    """
    The verbs of a case system that fetches.

    `fetched` tells of a destination whether its system does so.
    """

    table: Callable[[], RouteTable]
    deliveries: Deliveries
    states: DestinationStates
    fetched: Callable[[Destination], bool]
    clock: Callable[[], datetime]
    watching: Watching = SILENT

    def fetch(self, caller: Caller, limit: int) -> list[Claimed]:
        """
        Give the deliveries that have been due longest, at most `limit`, until the lease ends.

        Nobody else gets them meanwhile. The next of a case comes when the one before it has its
        receipt (DOMAIN C3); what gets none is given again, with the same message id (C1). While a
        destination is paused, nothing is given from it (C2).
        """
        return list(self._claimed([to.key for to in self.open_to(caller)], limit))

    def own(self, caller: Caller) -> list[Destination]:
        """Tell the destinations that the caller fetches from."""
        require_verb(caller, Verb.FETCH_DELIVERIES)
        return [to for to in self.table().destinations.values() if self._is_of(to, caller)]

    def open_to(self, caller: Caller) -> list[Destination]:
        """Tell those of them that are not paused."""
        states = self.states.all()
        shut = {key for key, state in states.items() if state.paused}
        return [to for to in self.own(caller) if to.key not in shut]

    def receive(
        self, delivery: UUID, outcome: Delivered | Refused, caller: Caller
    ) -> DeliveryRecord:
        """
        Keep the receipt of a delivery: that the system has it, or never will take it.

        A receipt that comes late is as good, also when the delivery was fetched again: it is one
        system. A repeat changes nothing and gets the same answer.
        """
        require_verb(caller, Verb.FETCH_DELIVERIES)
        if self._find(delivery, caller).attempts == 0:
            words = "it was not fetched; fetch it first, then send its receipt"
            raise Refusal(Fault(Rule.STEP_NOT_LEGAL, "delivery", words))
        now, attempted = self.clock(), _attempted(outcome)
        attempt = self.deliveries.take_up(delivery, now, LEASE)
        if attempt is not None and self.deliveries.record(attempt, attempted, now):
            self.watching.attempted(attempt, attempted, now)
        record = self._find(delivery, caller)
        if not _says(record, attempted):
            raise Refusal(_not_now(record))
        return record

    def lost(self, claim: Claimed | Abandoned, error: ContentLost) -> None:
        """Park what was claimed and has lost a file: operators bring it back and replay it."""
        now, attempted = self.clock(), Attempted(_AFTER[DeliveryStep.PARK], "refused", str(error))
        if self.deliveries.record(claim, attempted, now):
            self.watching.attempted(claim, attempted, now)

    def _claimed(self, keys: list[str], limit: int) -> Iterator[Claimed]:
        now, size = self.clock(), 0
        for key in keys:
            # One at a time, because nobody knows how large the next is before it is read.
            while limit > 0 and size < LARGEST_FETCH:
                claims = self.deliveries.claim(key, 1, now, LEASE)
                if not claims:
                    break
                limit -= 1
                size += _size(claims[0])
                yield claims[0]

    def _find(self, delivery: UUID, caller: Caller) -> DeliveryRecord:
        found = self.deliveries.find(delivery)
        to = self.table().destinations.get(found[0].destination) if found else None
        if found is None or to is None or not self._is_of(to, caller):
            # The same answer for both: a stranger's delivery does not even exist.
            words = "no delivery of that id is for you"
            raise Refusal(Fault(Rule.CASE_UNKNOWN, "delivery", words))
        return found[0]

    def _is_of(self, destination: Destination, caller: Caller) -> bool:
        return destination.system == caller.hsa_id and self.fetched(destination)


def overdue(
    deliveries: Deliveries, destination: Destination, limit: int, now: datetime
) -> list[Claimed]:
    """Claim what has been due for as long as there is patience, and nobody fetched (DOMAIN C4)."""
    patience = timedelta(days=destination.policy.patience_days)
    # As if it were then: only what was due at that time is claimed.
    return deliveries.claim(destination.key, limit, now - patience, patience + LEASE)


def expired(policy: Policy) -> Attempted:
    """Tell where a delivery stands that nobody fetched in time."""
    words = f"its system did not fetch it; given up after {policy.patience_days:g} days"
    return Attempted(_AFTER[DeliveryStep.PARK], "expired", words)


def was_fetched(record: DeliveryRecord) -> bool:
    """
    Tell whether its system has fetched a delivery, also when its lease has ended since.

    Not every attempt is that: before it waited here it may have been sent to somewhere else or by
    another adapter, and what was given up on unfetched waits again after a replay.
    """
    if record.state is not DeliveryState.WAITING:
        return record.attempts > 0
    return record.attempts > record.attempts_before and record.reason == _NO_RECEIPT


def lapsed(left: Abandoned, policy: Policy, now: datetime) -> Attempted:
    """
    Tell where a delivery stands whose lease ended without a receipt.

    It can be fetched again at once: the message id tells the system that it is the same.
    """
    if now > left.waiting_since + timedelta(days=policy.patience_days):
        words = f"{_NO_RECEIPT}; given up after {policy.patience_days:g} days"
        return Attempted(_AFTER[DeliveryStep.PARK], "expired", words)
    return Attempted(_AFTER[DeliveryStep.POSTPONE], "try-later", _NO_RECEIPT, now)


# Whatever becomes of a delivery becomes of one that is claimed.
_AFTER = DELIVERY_STEPS[DeliveryState.SENDING]
_NO_RECEIPT = f"fetched, and no receipt came within {LEASE.seconds // 60} minutes"


def _size(claim: Claimed) -> int:
    message = claim.message
    return sum(file.content.size for file in message.attachments)


def _attempted(outcome: Delivered | Refused) -> Attempted:
    match outcome:
        case Delivered(remote_id):
            return Attempted(_AFTER[DeliveryStep.SUCCEED], "delivered", remote_id=remote_id)
        case Refused(reason):
            # Operators and timelines show it, and a partner's words are a partner's.
            return Attempted(_AFTER[DeliveryStep.PARK], "refused", without_numbers(reason))
        case _ as never:
            assert_never(never)


def _says(record: DeliveryRecord, attempted: Attempted) -> bool:
    """Tell whether a delivery stands as this receipt has it, from now or since before."""
    stands = (record.state, record.remote_id, record.reason)
    return stands == (attempted.state, attempted.remote_id, attempted.reason)


def _not_now(record: DeliveryRecord) -> Fault:
    if record.state is DeliveryState.DELIVERED:
        words = "its receipt said something else before; that one holds"
        return Fault(Rule.IDEMPOTENCY_CONFLICT, "delivery", words)
    if record.state is DeliveryState.PARKED:
        words = "it is parked since, and a human at the gateway looks at it; wait for it again"
        return Fault(Rule.STEP_NOT_LEGAL, "delivery", words)
    if record.state is DeliveryState.MOVED:
        words = "its case was forwarded since, and is no longer yours; throw away what you fetched"
        return Fault(Rule.STEP_NOT_LEGAL, "delivery", words)
    words = "it was not fetched; fetch it first, then send its receipt"
    return Fault(Rule.STEP_NOT_LEGAL, "delivery", words)
