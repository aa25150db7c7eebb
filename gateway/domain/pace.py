"""How many may start now, so that no second ever sees more than a system bears (DOMAIN C2)."""

import sys
from collections import deque
from dataclasses import dataclass, field
from math import inf


@dataclass(slots=True)
class Pace:
    """
    The starts of the last while, kept for one destination in one worker.

    Times are seconds of a clock that never goes back. Below one start a second, the while is as
    long as one start needs: 0.1 a second is one in ten seconds.
    """

    rate_per_s: float
    _starts: deque[float] = field(default_factory=deque)

    def room(self, now: float) -> int:
        """Tell how many may start now; more than there ever are when there is no limit."""
        if self.rate_per_s == inf:
            return sys.maxsize
        while self._starts and self._starts[0] <= now - self._most / self.rate_per_s:
            self._starts.popleft()
        return self._most - len(self._starts)

    def start(self, count: int, now: float) -> None:
        """Note that so many start now."""
        if self.rate_per_s != inf:
            self._starts.extend([now] * count)

    @property
    def _most(self) -> int:
        return max(1, int(self.rate_per_s))
