"""What those who measure are told, as values: how much, how fast, what waits where (DOMAIN G2)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from gateway.domain.case import Kind
from gateway.domain.message import MessageKind
from gateway.flow.records import Abandoned, Attempted, Claimed


@dataclass(frozen=True, slots=True)
class Queue:
    """
    What one destination has not had yet.

    `waiting` counts what waits or is under way, of which the oldest was made at `since`; `parked`
    counts what waits for a human, by the fingerprint of its cause.
    """

    waiting: int = 0
    since: datetime | None = None
    parked: Mapping[str, int] = field(default_factory=dict)


class Watching(Protocol):
    """
    Told of everything that is measured, from any thread.

    Each call is quick, raises nothing, and keeps nothing that is personal.
    """

    def case_accepted(self, door: str, kind: Kind) -> None:
        """Tell of a case that is on disk now; a repeat is not told."""
        ...

    def request_refused(self, door: str, problem: str) -> None:
        """Tell of a request that was not done, by the name of the problem (CONTRACT)."""
        ...

    def reply_accepted(self, kind: MessageKind) -> None:
        """Tell of a holder's message that is on disk now; a repeat is not told."""
        ...

    def file_scanned(self, outcome: str) -> None:
        """Tell of a file in which malware was looked for: `clean`, `infected`, or `failed`."""
        ...

    def batch_kept(self, cases: int, seconds: float) -> None:
        """Tell how many cases went into one transaction, and how long it took."""
        ...

    def attempted(
        self,
        claim: Claimed | Abandoned,
        attempted: Attempted,
        at: datetime,
        took_s: float | None = None,
    ) -> None:
        """Tell what an attempt came to, when it was known; None where nobody timed a call."""
        ...

    def destination_states(self, states: Mapping[str, str]) -> None:
        """Tell how each destination stands that is in the table or that something waits for."""
        ...

    def queues(self, queues: Mapping[str, Queue]) -> None:
        """Tell what stands in the outbox, by destination; those without anything are not there."""
        ...


class Silent:
    """Measures nothing: for those that nobody watches."""

    def case_accepted(self, door: str, kind: Kind) -> None:
        """Take no notice."""

    def request_refused(self, door: str, problem: str) -> None:
        """Take no notice."""

    def reply_accepted(self, kind: MessageKind) -> None:
        """Take no notice."""

    def file_scanned(self, outcome: str) -> None:
        """Take no notice."""

    def batch_kept(self, cases: int, seconds: float) -> None:
        """Take no notice."""

    def attempted(
        self,
        claim: Claimed | Abandoned,
        attempted: Attempted,
        at: datetime,
        took_s: float | None = None,
    ) -> None:
        """Take no notice."""

    def destination_states(self, states: Mapping[str, str]) -> None:
        """Take no notice."""

    def queues(self, queues: Mapping[str, Queue]) -> None:
        """Take no notice."""


SILENT = Silent()
