"""The books: what the senders have receipts for, against what the receivers have."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import TypeVar

from gateway.domain.case import CaseEvent
from gateway.domain.lifecycle import DeliveryState
from gateway.domain.message import InboxKind

T = TypeVar("T")

Said = tuple[str, str]
"""A case number, and the kind of message about it."""

Added = tuple[str, str]
"""A case number, and whether it is a supplement or a file in one."""


@dataclass(frozen=True, slots=True)
class DeliverySeen:
    """One delivery, as operators see it."""

    case_number: str
    event: str
    state: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """
    What each party has, as it tells itself.

    `receipts` has, by the sender's own case ids, the case numbers of all its receipts, and
    `registered` the numbers of those that a holder has registered. `held` counts how often the
    receivers hold a case that they have not sent on, and `said` what holders have receipts for.
    `read` counts the messages in the citizens' inboxes. Supplements and the files in them are
    counted on both sides: `added` by the e-service's receipts, `supplemented` by the holders.
    """

    receipts: Mapping[str, frozenset[str]] = field(default_factory=dict)
    registered: frozenset[str] = frozenset()
    held: Counter[str] = field(default_factory=Counter)
    added: Counter[Added] = field(default_factory=Counter)
    supplemented: Counter[Added] = field(default_factory=Counter)
    deliveries: tuple[DeliverySeen, ...] = ()
    said: Counter[Said] = field(default_factory=Counter)
    read: Counter[Said] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Summary:
    """The last line of the demo (CONTRACT, Commands)."""

    accepted: int
    delivered: int
    replies_in_inbox: int
    parked: int
    lost: int
    doubled: int

    @property
    def balances(self) -> bool:
        """Tell whether something was accepted, and nothing of it was lost or doubled (C1)."""
        return self.accepted > 0 and self.lost == 0 and self.doubled == 0

    def as_json(self) -> dict[str, int]:
        """Give the figures by their outside names."""
        return asdict(self)


def balance(evidence: Evidence) -> Summary:
    """
    Compare both sides.

    A case is lost when no receiver has it and no operator sees it parked; a supplement or its
    file, when the holder of the case does not have it; a reply, or a case confirmation, when the
    citizen cannot read it. What is there more often than it was sent, is doubled; so is a case
    that got two numbers. A registered case needs no delivery: its holder has it.
    """
    accepted = set().union(*evidence.receipts.values())
    parked = _brought(evidence.deliveries, DeliveryState.PARKED)
    delivered = _brought(evidence.deliveries, DeliveryState.DELIVERED)
    owed = evidence.said + Counter((n, InboxKind.CASE_CONFIRMATION.value) for n in accepted)
    unread, unowed = _both_ways(owed, evidence.read)
    short, over = _both_ways(evidence.added, evidence.supplemented)
    return Summary(
        accepted=len(accepted),
        delivered=len((delivered | evidence.registered) & evidence.held.keys()),
        replies_in_inbox=sum(n for (_, kind), n in evidence.read.items() if kind in _REPLIES),
        parked=len(parked),
        lost=len(accepted - evidence.held.keys() - parked) + short.total() + unread.total(),
        doubled=_more_than_one(evidence.held.values())
        + _more_than_one(map(len, evidence.receipts.values()))
        + over.total()
        + unowed.total(),
    )


_BRINGING = frozenset({CaseEvent.SUBMITTED.value, CaseEvent.FORWARDED.value})
_REPLIES = frozenset(kind.value for kind in InboxKind) - {InboxKind.CASE_CONFIRMATION.value}


def _brought(deliveries: Iterable[DeliverySeen], state: DeliveryState) -> set[str]:
    """Find the cases that a holder, the first or a later one, was to get by such a delivery."""
    return {
        delivery.case_number
        for delivery in deliveries
        if delivery.event in _BRINGING and delivery.state == state.value
    }


def _both_ways(sent: Counter[T], there: Counter[T]) -> tuple[Counter[T], Counter[T]]:
    """Tell what is missing, and what is there without having been sent."""
    return sent - there, there - sent


def _more_than_one(counts: Iterable[int]) -> int:
    return sum(count - 1 for count in counts if count > 1)
