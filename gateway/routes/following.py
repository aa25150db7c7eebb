"""Follow what is published by other nodes, within seconds."""

import threading
from dataclasses import dataclass, field

import structlog

from gateway.domain.errors import Unavailable
from gateway.routes.live import LiveTable

log = structlog.get_logger()

# How long a publication may wait to be seen by a node that was not woken.
LOOK_EVERY_S = 1.0


def look(live: LiveTable) -> None:
    """Look once; whatever goes wrong, the live table keeps working."""
    try:
        live.look()
    except Unavailable:
        pass  # others tell that the database is away
    except Exception:
        log.exception("routes.unreadable")


@dataclass(slots=True)
class Following:
    """Looks for a newer publication now and then, and at once when it is woken."""

    live: LiveTable
    _woken: threading.Event = field(default_factory=threading.Event)
    _stopping: bool = False

    def run(self) -> None:
        """Look until `stop`."""
        while not self._stopping:
            look(self.live)
            self._woken.wait(LOOK_EVERY_S)
            self._woken.clear()

    def wake(self) -> None:
        """Look at once."""
        self._woken.set()

    def stop(self) -> None:
        """Look no more."""
        self._stopping = True
        self._woken.set()
