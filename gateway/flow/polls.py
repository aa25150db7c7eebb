"""How far the replies of each destination were fetched, as a store keeps it (DOMAIN D2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Poll:
    """
    A round of fetching replies from one destination.

    `round` counts from 1 and is the fence. Everything said before `since` was fetched, and at
    `swept_at` it was last looked for anew from far back; None before the first time. Since
    `failing_since` no round has come to its end with all that was said; None when the last did.
    """

    destination: str
    round: int
    since: datetime | None = None
    swept_at: datetime | None = None
    failing_since: datetime | None = None


class PollRounds(Protocol):
    """How far replies were fetched; raises Unavailable when the store cannot go on."""

    def begin(self, destination: str, now: datetime, until: datetime) -> Poll | None:
        """
        Begin a round of fetching, for this caller only; None when it is not due.

        A round that does not end is free to be begun anew after `until`.
        """
        ...

    def end(self, poll: Poll, due_at: datetime) -> bool:
        """
        Write how far a round came, and when the next is due.

        False when another round has begun since, and then nothing is changed.
        """
        ...

    def failing(self) -> Mapping[str, datetime]:
        """Tell the destinations whose last round was not whole, and since when."""
        ...
