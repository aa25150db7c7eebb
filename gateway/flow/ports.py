"""What the verbs need of a store: its promises, in our words; what they speak of is in records."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from gateway.domain.breaker import Breaker
from gateway.domain.case import Attachment, Case, Supplement
from gateway.domain.forwarding import Past
from gateway.domain.hsa import HsaId
from gateway.domain.lifecycle import DeliveryState
from gateway.domain.message import InboxMessage, Message
from gateway.domain.person import PersonId
from gateway.flow.board import Board, Counting
from gateway.flow.delivery_record import DeliveryRecord
from gateway.flow.fetching import Fetching
from gateway.flow.recording import Recording
from gateway.flow.records import (
    Abandoned,
    Ambiguous,
    Attempt,
    Attempted,
    CaseName,
    CaseRecord,
    Change,
    CitizenCase,
    Claimed,
    Conflicting,
    Decide,
    Kept,
    NewCase,
    NewDelivery,
    Receipt,
    Received,
    UnitInboxItem,
    UnmatchedMessage,
)
from gateway.flow.standings import Backlog, DestinationState, Held, Paused
from gateway.flow.timeline import Entry, Link
from gateway.flow.unit_list import EVERYTHING, Bookmark, Selection

__all__ = [
    "Abandoned",
    "Ambiguous",
    "Attempt",
    "Attempted",
    "Backlog",
    "CaseName",
    "CaseRecord",
    "Cases",
    "Change",
    "CitizenCase",
    "Claimed",
    "Conflicting",
    "Decide",
    "Deliveries",
    "DeliveryRecord",
    "DestinationState",
    "DestinationStates",
    "Held",
    "Kept",
    "NewCase",
    "NewDelivery",
    "Paused",
    "Receipt",
    "Received",
    "UnitInboxItem",
    "UnitInboxes",
    "UnmatchedMessage",
]


class Cases(Protocol):
    """Every case; each method is one transaction, and raises Unavailable when it cannot be."""

    def add(self, batch: Sequence[NewCase]) -> list[Kept | Conflicting]:
        """
        Keep new cases together; a repeat inside or before the batch gets the first receipt.

        All are kept or none: a single one that cannot be kept makes this raise, and the committer
        then finds out which one it was.
        """
        ...

    def kept_before(self, sender: HsaId, case_id: str, fingerprint: str) -> Receipt | None:
        """Give the receipt of a case that was kept with this very content; None otherwise."""
        ...

    def answered_before(self, received: Received) -> Kept | Conflicting | None:
        """Give what `change` would answer to a repeat; None when this has not come before."""
        ...

    def change(
        self, name: CaseName, received: Received, decide: Decide
    ) -> Kept | Conflicting | Ambiguous | None:
        """
        Change one case under its lock, once per (sender, message_id); None when it is unknown.

        A holder's id that several of its open cases have is ambiguous, and so is a number beside
        an id that only another open case has.
        Raises Refusal (CASE_OVERTAKEN) when somebody has changed it since its sender looked.
        Whatever `decide` raises leaves everything as it was.
        """
        ...

    def awaits_name(self, holder: HsaId) -> bool:
        """Tell whether a case was sent to this holder whose answer we do not have yet."""
        ...

    def keep_unmatched(self, unmatched: UnmatchedMessage) -> bool:
        """Keep a message that names no known case; False when its id was used for another."""
        ...

    def unmatched(self, after: str | None, limit: int) -> list[tuple[str, UnmatchedMessage]]:
        """
        Read a page of the unmatched messages, newest first, each with its key.

        `after` is the key of one of them; after what is no key, there is nothing.
        """
        ...

    def find(self, number: str) -> CaseRecord | None:
        """Read where a case stands."""
        ...

    def content(self, number: str, reader: Entry | None = None) -> Case | None:
        """Read a case whole; with `reader` the reading itself is put on the timeline (E1, G3)."""
        ...

    def supplements(self, number: str) -> tuple[Supplement, ...]:
        """Read what the citizen has added to a case, in the order it came; files and all."""
        ...

    def history(self, number: str) -> tuple[Past, ...]:
        """Read all that was said about a case, by both sides, in its order; files and all."""
        ...

    def timeline(self, number: str) -> list[Link]:
        """Read a case's whole timeline, oldest first."""
        ...

    def of_citizen(
        self, person: PersonId, number: str | None, since: datetime | None
    ) -> list[CitizenCase]:
        """Read a citizen's cases, with the messages sent at or after `since`."""
        ...

    def inbox_messages(
        self, person: PersonId, after: str | None, limit: int
    ) -> list[InboxMessage]:
        """
        Read a page of the citizen's messages, oldest first.

        `after` is a message id; after what is no message id, there is nothing.
        """
        ...

    def inbox_attachment(
        self, person: PersonId, message_id: str, number: int
    ) -> Attachment | None:
        """Read one attachment of a message of this citizen, counted from 1."""
        ...


class Deliveries(Fetching, Recording, Protocol):
    """The outbox; each method is one transaction, and raises Unavailable when it cannot be."""

    def due(self, now: datetime) -> list[str]:
        """Tell the destinations that have something to be claimed."""
        ...

    def claim(
        self,
        destination: str,
        limit: int,
        now: datetime,
        lease: timedelta,
        *,
        least_tried: bool = False,
    ) -> list[Claimed]:
        """
        Claim the oldest due deliveries, never one whose case has an earlier one not done.

        With `least_tried`, of the hundred oldest those that were tried least: what fails by itself
        shall not be all that is asked of a system that may be well.
        """
        ...

    def renew(self, claims: Sequence[Claimed], until: datetime) -> None:
        """Hold claims until then; those that are no longer the latest are left as they are."""
        ...

    def abandoned(self, now: datetime) -> list[Abandoned]:
        """Read the attempts whose lease has ended; one that is locked now may be left out."""
        ...

    def listed(
        self, state: DeliveryState | None, destination: str | None, after: UUID | None, limit: int
    ) -> list[DeliveryRecord]:
        """Read deliveries in the order they were made."""
        ...

    def find(self, delivery: UUID) -> tuple[DeliveryRecord, list[Attempt]] | None:
        """Read one delivery with all its attempts."""
        ...

    def replay(self, delivery: UUID, entry: Entry, at: datetime) -> DeliveryRecord | None:
        """Let a parked delivery wait again, due at once; None when no parked one has that id."""
        ...

    def hurry(self, delivery: UUID, entry: Entry, at: datetime) -> DeliveryRecord | None:
        """Let a delivery that waits be due at once; None when none that waits has that id."""
        ...


class DestinationStates(Protocol):
    """The health of destinations, shared by all nodes; raises Unavailable when it cannot be."""

    def all(self) -> dict[str, DestinationState]:
        """Read the state of every destination that something is kept about."""
        ...

    def move(self, destination: str, seen: Breaker, new: Breaker) -> bool:
        """Write the next of a breaker; False when another has written since it was `seen`."""
        ...

    def pause(self, destination: str, paused: Paused) -> bool:
        """Stop the deliveries to a destination; False when they are stopped already."""
        ...

    def resume(self, destination: str) -> bool:
        """Let them go on; False when they were not stopped."""
        ...

    def backlogs(self) -> dict[str, Backlog]:
        """Count what waits for each destination, or is under way; those without are not there."""
        ...


class UnitInboxes(Protocol):
    """The built-in inbox of care units, committees and coordinators (DOMAIN E1)."""

    def put(self, message: Message) -> str:
        """Put a case before the staff of its holder; repeats do nothing. Gives the case number."""
        ...

    def items(
        self,
        owners: frozenset[HsaId],
        after: Bookmark | None,
        limit: int,
        selection: Selection = EVERYTHING,
    ) -> list[UnitInboxItem]:
        """Read a page of the cases of these inboxes, however many lie there."""
        ...

    def board(self, owners: frozenset[HsaId], counting: Counting) -> Board:
        """Count the open cases of these inboxes by selected unit."""
        ...
