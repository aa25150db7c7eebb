"""What fetching needs of the outbox: deliveries by their own id (DOMAIN C5)."""

from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from gateway.domain.message import Message
from gateway.flow.records import Abandoned


class Fetching(Protocol):
    """Part of the outbox; each method is one transaction."""

    def take_up(self, delivery: UUID, now: datetime, lease: timedelta) -> Abandoned | None:
        """
        Hold the attempt that is under way for a delivery, whoever began it.

        Where it waits, due or not, one is begun; None where an earlier one of its case is not
        done, and where it is done or parked itself.
        """
        ...

    def message(self, delivery: UUID) -> Message | None:
        """Read what a delivery tells its destination; None when it is unknown or unreadable."""
        ...
