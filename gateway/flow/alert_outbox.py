"""Alerts on their way to humans: kept until each channel has brought its own (DOMAIN G2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from gateway.flow.alarms import Alert


@dataclass(frozen=True, slots=True)
class AlertFor:
    """An alert that one channel is to bring."""

    channel: str
    alert: Alert


@dataclass(frozen=True, slots=True)
class ClaimedAlert:
    """One that is being brought; `attempt` counts from 1, and tells an old claim from a new."""

    waiting: AlertFor
    attempt: int


class AlertOutbox(Protocol):
    """
    What channels have not brought yet; raises Unavailable when it cannot tell.

    `Alarms` puts alerts into it. Each is brought by one node at a time.
    """

    def claim(self, channel: str, now: datetime, lease: timedelta) -> ClaimedAlert | None:
        """
        Claim what has been due longest for a channel; for others too, when the lease ends.

        A turn waits for those of the same alarm before it: whoever is told last that an alarm
        began, which has ended, believes that it stands.
        """
        ...

    def brought(self, claimed: ClaimedAlert) -> None:
        """Take it out."""
        ...

    def postpone(self, claimed: ClaimedAlert, due_at: datetime) -> None:
        """Let it be claimed again then, unless somebody has since."""
        ...

    def give_up(self, before: datetime) -> Sequence[AlertFor]:
        """Take out what turned before then, of all channels, and give it."""
        ...
