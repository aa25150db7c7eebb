"""What is kept of whole destinations, and what holds deliveries to one back (DOMAIN C2, G1)."""

from dataclasses import dataclass
from datetime import datetime

from gateway.domain.breaker import Breaker


@dataclass(frozen=True, slots=True)
class Held:
    """Why a destination is not called, in words about it; without `until`, somebody must act."""

    words: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Paused:
    """An operator has stopped the deliveries to a destination: why, who, and since when."""

    reason: str
    by: str
    at: datetime


_WELL = Breaker()


@dataclass(frozen=True, slots=True)
class DestinationState:
    """Whether a destination is called; of one that was always well, nothing is kept."""

    breaker: Breaker = _WELL
    paused: Paused | None = None


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits for a destination or is under way: how many, and when the oldest was made."""

    waiting: int
    oldest: datetime
