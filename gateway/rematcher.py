"""Tries replies in quarantine again, now and then, beside the work (DOMAIN D2)."""

import threading
from dataclasses import dataclass, field

import structlog

from gateway.domain.errors import Unavailable
from gateway.flow.quarantine import Quarantine

log = structlog.get_logger()

PAUSE_S = 10.0


@dataclass(slots=True)
class Rematcher:
    """Looks for the cases of unmatched messages until it is stopped."""

    quarantine: Quarantine
    pause_s: float = PAUSE_S
    _stopping: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Look at once, and again after each pause."""
        while not self._stopping.is_set():
            self._look_safely()
            self._stopping.wait(self.pause_s)

    def stop(self) -> None:
        """Look no more."""
        self._stopping.set()

    def _look_safely(self) -> None:
        try:
            taken = self.quarantine.try_again(_tell)
        except Unavailable:
            # The worker tells that the database is gone.
            return
        except Exception:
            # A fault of ours must not end the looking.
            log.exception("quarantine.failed")
            return
        if taken:
            log.info("quarantine.matched", messages=taken)


def _tell(key: str, error: Exception) -> None:
    log.error("quarantine.not_posted", message=key, exc_info=error)
