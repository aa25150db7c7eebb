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

    `receipts` has, by the e-service's own case ids, the case numbers of all its receipts. `held`
    counts how often the receivers hold a case, and `said` what holders have receipts for. `read`
    counts the messages in the citizens' inboxes. Of the supplements, those to external systems
    are counted: `added` by the e-service's receipts, and `supplemented` by the systems.
    """

    receipts: Mapping[str, frozenset[str]] = field(default_factory=dict)
    held: Counter[str] = field(default_factory=Counter)
    added: Counter[str] = field(default_factory=Counter)
    supplemented: Counter[str] = field(default_factory=Counter)
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

    A case is lost when no receiver has it and no operator sees it parked; a supplement, when the
    system that has the case does not have it; a reply, or a case confirmation, when the citizen
    cannot read it. What is there more often than it was sent, is doubled; so is a case that got
    two numbers.
    """
    accepted = set().union(*evidence.receipts.values())
    parked = _first_deliveries(evidence.deliveries, DeliveryState.PARKED)
    delivered = _first_deliveries(evidence.deliveries, DeliveryState.DELIVERED)
    owed = evidence.said + Counter((n, InboxKind.CASE_CONFIRMATION.value) for n in accepted)
    unread, unowed = _both_ways(owed, evidence.read)
    short, over = _both_ways(evidence.added, evidence.supplemented)
    return Summary(
        accepted=len(accepted),
        delivered=len(delivered & evidence.held.keys()),
        replies_in_inbox=sum(n for (_, kind), n in evidence.read.items() if kind in _REPLIES),
        parked=len(parked),
        lost=len(accepted - evidence.held.keys() - parked) + short.total() + unread.total(),
        doubled=_more_than_one(evidence.held.values())
        + _more_than_one(map(len, evidence.receipts.values()))
        + over.total()
        + unowed.total(),
    )


_REPLIES = frozenset(kind.value for kind in InboxKind) - {InboxKind.CASE_CONFIRMATION.value}


def _first_deliveries(deliveries: Iterable[DeliverySeen], state: DeliveryState) -> set[str]:
    return {
        delivery.case_number
        for delivery in deliveries
        if delivery.event == CaseEvent.SUBMITTED.value and delivery.state == state.value
    }


def _both_ways(sent: Counter[T], there: Counter[T]) -> tuple[Counter[T], Counter[T]]:
    """Tell what is missing, and what is there without having been sent."""
    return sent - there, there - sent


def _more_than_one(counts: Iterable[int]) -> int:
    return sum(count - 1 for count in counts if count > 1)
