"""Claims are held by a worker that shows, every few seconds, that it is alive."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from gateway.domain.errors import Unavailable
from gateway.flow.ports import Claimed, Deliveries

log = structlog.get_logger()

# What a worker that died has claimed is free again within this time.
LEASE = timedelta(seconds=10)
# Two renewals may fail before others take over.
RENEW_S = 3.0


@dataclass(slots=True)
class Leases:
    """
    Renews the claims that are under way, all in one transaction, however long their calls take.

    So a lease is as short as a dead worker's work may wait, and not as long as the slowest call.
    """

    deliveries: Deliveries
    clock: Callable[[], datetime]
    renew_s: float = RENEW_S
    _held: dict[int, Claimed] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _stopping: threading.Event = field(default_factory=threading.Event)

    def hold(self, claim: Claimed) -> None:
        """Begin to renew a claim."""
        with self._lock:
            self._held[id(claim)] = claim

    def let_go(self, claim: Claimed) -> None:
        """End that: its attempt is recorded, or will be judged as abandoned."""
        with self._lock:
            self._held.pop(id(claim), None)

    def run(self) -> None:
        """Renew now and then, until `stop`."""
        while not self._stopping.wait(self.renew_s):
            try:
                self.renew()
            except Unavailable:
                # The worker tells that the database is gone; the next renewal may come in time.
                continue
            except Exception:
                log.exception("leases.not_renewed")

    def stop(self) -> None:
        """Renew no more."""
        self._stopping.set()

    def renew(self) -> None:
        """Renew all that is held now."""
        with self._lock:
            held = list(self._held.values())
        if held:
            self.deliveries.renew(held, self.clock() + LEASE)
