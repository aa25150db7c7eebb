"""Where a delivery stands, and what it waits for, as those who watch read it (DOMAIN G1)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gateway.domain.blame import Blame
from gateway.domain.case import CaseEvent
from gateway.domain.lifecycle import DeliveryState
from gateway.flow.parked import Blocker
from gateway.flow.standings import Held


@dataclass(frozen=True, slots=True)
class DeliveryRecord:
    """
    Where a delivery stands, for those who watch.

    `fault` and `blame` are those of what is parked; `blocker` is what it waits for, if anything,
    and `held` tells why its destination is not called, if so. Of the `attempts`, `attempts_before`
    were made before it was last replayed, perhaps to another destination.
    """

    id: UUID
    case_number: str
    event: CaseEvent
    destination: str
    state: DeliveryState
    created_at: datetime
    due_at: datetime
    attempts: int
    reason: str | None
    remote_id: str | None
    fault: str | None = None
    blame: Blame | None = None
    blocker: Blocker | None = None
    held: Held | None = None
    attempts_before: int = 0

    @property
    def why(self) -> str | None:
        """Tell in plain words why it stands where it does (DOMAIN G1)."""
        if self.blocker:
            return self.blocker.words
        if self.held is None:
            return self.reason
        last = f"; at the last attempt: {self.reason}" if self.reason else ""
        return f"the destination {self.held.words}{last}"

    @property
    def is_next(self) -> bool:
        """Tell whether it is tried when it is due, since nothing holds it back."""
        waits = self.state is DeliveryState.WAITING
        return waits and self.blocker is None and self.held is None

    @property
    def next_at(self) -> datetime | None:
        """Tell when it is tried at the earliest; None when something must happen first."""
        if self.is_next:
            return self.due_at
        if self.blocker or self.held is None or self.held.until is None:
            return None
        return max(self.due_at, self.held.until)
