"""Reminds of due dates, now and then, beside the work (DOMAIN A11)."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from gateway.domain.errors import Unavailable

log = structlog.get_logger()

PAUSE_S = 30.0
# A step keeps others from writing to an embedded database: they have their turn after each.
BREATH_S = 0.1


@dataclass(slots=True)
class Reminders:
    """
    Takes one step after the other until it is stopped; what was reminded of stands in the store.

    `step` tells whether there may be more to remind of at once.
    """

    step: Callable[[], bool]
    pause_s: float = PAUSE_S
    _stopping: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Look at once, and again after each pause."""
        while not self._stopping.is_set():
            went_on = self._try_step()
            self._stopping.wait(BREATH_S if went_on else self.pause_s)

    def stop(self) -> None:
        """Take no more steps."""
        self._stopping.set()

    def _try_step(self) -> bool:
        try:
            return self.step()
        except Unavailable:
            # The worker tells that the database is gone.
            return False
        except Exception:
            # A fault of ours must not end the reminding.
            log.exception("reminders.failed")
            return False
