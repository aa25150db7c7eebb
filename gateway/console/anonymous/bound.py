"""A bound on what people whom nobody knows may ask for, so that no flood of it delays others."""

from collections.abc import Callable
from threading import Lock
from time import monotonic

from gateway.domain.errors import Unavailable
from gateway.domain.pace import Pace


class Bound:
    """So many a second through one process, whoever they come from: addresses are not kept."""

    def __init__(self, rate_per_s: float, clock: Callable[[], float] = monotonic) -> None:
        self._pace, self._clock, self._turn = Pace(rate_per_s), clock, Lock()

    def let_in(self) -> None:
        """Let one in; raises Unavailable when there have been too many."""
        with self._turn:
            now = self._clock()
            if self._pace.room(now) < 1:
                raise Unavailable("too many send without signing in at this moment")
            self._pace.start(1, now)
