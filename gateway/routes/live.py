"""The route table in use: swapped whole, and kept when what should replace it is broken."""

from collections.abc import Callable, Sequence
from threading import Lock

import structlog

from gateway.domain.errors import StartRefused
from gateway.domain.routing import RouteTable
from gateway.routes.finding import Finding

log = structlog.get_logger()

Load = Callable[[], RouteTable | Sequence[Finding]]


class LiveTable:
    """
    The one table that this process routes by.

    Reading it is a plain attribute look-up, so that a request never waits for a reload.
    """

    def __init__(self, load: Load) -> None:
        """Load the first table; raises StartRefused with every fault when it is broken."""
        self._load = load
        loaded = load()
        if not isinstance(loaded, RouteTable):
            raise StartRefused("\n".join(str(finding) for finding in loaded))
        self._table = loaded
        self._reloading = Lock()

    def current(self) -> RouteTable:
        """Give the table in use."""
        return self._table

    def reload(self) -> None:
        """Load anew; a broken table is told in the log and the live one keeps working (B10)."""
        # One after the other: the last one asked for must be the last one taken.
        with self._reloading:
            try:
                loaded = self._load()
            except Exception:
                # Whatever stands in that folder: the next reload must find somebody to ask.
                log.exception("routes.unreadable", kept=self._table.version)
                return
            if isinstance(loaded, RouteTable):
                self._table = loaded
                log.info("routes.reloaded", version=loaded.version)
            else:
                faults = [str(finding) for finding in loaded]
                log.error("routes.refused", kept=self._table.version, faults=faults)
