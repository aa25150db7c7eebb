"""Goes on with replays of many, batch by batch, beside the deliveries (DOMAIN C4)."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from gateway.domain.errors import Unavailable

log = structlog.get_logger()

# A new replay begins within this time; of a store that is away, the worker tells.
LOOK_S = 1.0
# A step keeps others from writing to an embedded database: they have their turn after each.
BREATH_S = 0.1


@dataclass(slots=True)
class Replayer:
    """
    Takes one step after the other until it is stopped; what is left goes on after a restart.

    `step` tells whether there was a replay to go on with.
    """

    step: Callable[[], bool]
    _stopping: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Work until `stop`."""
        while not self._stopping.is_set():
            went_on = self._try_step()
            self._stopping.wait(BREATH_S if went_on else LOOK_S)

    def stop(self) -> None:
        """Begin no more steps."""
        self._stopping.set()

    def _try_step(self) -> bool:
        try:
            return self.step()
        except Unavailable:
            return False
        except Exception:
            log.exception("replay.step_failed")
            return False
