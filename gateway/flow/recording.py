"""What workers write in the outbox: what attempts came to, and when to try (decision 4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from gateway.flow.records import Abandoned, Attempted, Claimed


@dataclass(frozen=True, slots=True)
class Ended:
    """An attempt that has ended, what it came to, and when."""

    claim: Claimed | Abandoned
    attempted: Attempted
    at: datetime


class Recording(Protocol):
    """Part of the outbox; each method is one transaction."""

    def record(self, claim: Claimed | Abandoned, attempted: Attempted, at: datetime) -> bool:
        """Write what an attempt came to; False when the claim is no longer the latest."""
        ...

    def bring_forward(self, destination: str, at: datetime, most: int) -> None:
        """Let the deliveries that would be tried there next be due at once."""
        ...

    def record_all(self, ended: Sequence[Ended]) -> list[bool]:
        """
        Write what several attempts came to, each as `record` would.

        All are written or none: a single one that cannot be makes this raise.
        """
        ...
