"""Who was silent is not waited for by everybody: one asks whether it answers again (DOMAIN G3)."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

# So long nobody is let through once it was asked and did not answer, in seconds.
REST_S = 10.0


@dataclass(slots=True)
class Silence:
    """What is known of somebody who may have fallen silent."""

    _ask_at: float | None = None
    _lock: Lock = field(default_factory=Lock)

    def begin(self) -> None:
        """Note that it did not answer in time."""
        with self._lock:
            if self._ask_at is None:
                self._ask_at = time.monotonic()

    def is_over(self, answers: Callable[[], bool]) -> bool:
        """
        Tell whether it may be asked for anything; at once, but for who finds that out.

        After a silence one caller asks, by `answers`, and the others are told no meanwhile.
        """
        with self._lock:
            now = time.monotonic()
            if self._ask_at is None:
                return True
            if now < self._ask_at:
                return False
            self._ask_at = now + REST_S
        if not answers():
            return False
        with self._lock:
            self._ask_at = None
        return True
