"""Goes on with long work step by step, beside the deliveries: replays (C4), reminders (A11)."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from gateway.domain.errors import Unavailable

log = structlog.get_logger()

# A step keeps others from writing to an embedded database: they have their turn after each.
BREATH_S = 0.1


@dataclass(slots=True)
class Stepper:
    """
    Takes one step after the other until it is stopped; what is left goes on after a restart.

    `step` tells whether there may be more to do at once; if not, it looks again after the pause.
    `failed` is what the log calls a fault of ours.
    """

    step: Callable[[], bool]
    failed: str
    pause_s: float
    _stopping: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Work until `stop`."""
        while not self._stopping.is_set():
            went_on = self._try_step()
            self._stopping.wait(BREATH_S if went_on else self.pause_s)

    def stop(self) -> None:
        """Begin no more steps."""
        self._stopping.set()

    def _try_step(self) -> bool:
        try:
            return self.step()
        except Unavailable:
            # The worker tells that the store is away.
            return False
        except Exception:
            # A fault of ours must not end the work.
            log.exception(self.failed)
            return False
