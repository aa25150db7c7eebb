"""The route table in use: swapped whole, and kept when what should replace it is broken."""

import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Lock

import structlog

from gateway.domain.errors import StartRefused, Unavailable
from gateway.domain.publication import Files, Publication
from gateway.domain.routing import RouteTable
from gateway.flow.publications import Publications
from gateway.routes.finding import Finding
from gateway.routes.snapshot import Snapshot

log = structlog.get_logger()

# Checks files and makes a table of them.
Build = Callable[[Files], RouteTable | Sequence[Finding]]


@dataclass(frozen=True, slots=True)
class Live:
    """A publication, the files that it is, and the table made from them."""

    publication: Publication
    files: Files = field(repr=False)
    table: RouteTable = field(repr=False)


class LiveTable:
    """
    The one table that this process routes by: that of the newest publication (DESIGN decision 7).

    Reading it is a plain attribute look-up, so that a request never waits for a publication.
    """

    def __init__(
        self, publications: Publications, build: Build, snapshot: Snapshot | None = None
    ) -> None:
        """
        Take the newest; raises StartRefused when there is none, or with every fault of it.

        While the store cannot be asked, what was kept in the `snapshot` is taken; without one it
        raises Unavailable.
        """
        self._publications = publications
        self._build = build
        self._snapshot = snapshot
        self._looking = Lock()
        taken = self._first()
        if not isinstance(taken, Live):
            raise StartRefused("\n".join(str(finding) for finding in taken))
        self._live = taken

    def current(self) -> RouteTable:
        """Give the table in use."""
        return self._live.table

    def live(self) -> Live:
        """Give the table in use with its publication."""
        return self._live

    def build(self, files: Files) -> RouteTable | Sequence[Finding]:
        """Check files and make a table of them, as one that is published here would be."""
        return self._build(files)

    def take(self, live: Live) -> None:
        """Use a table that is made already, unless a newer one is in use."""
        with self._looking:
            if live.publication.number > self._live.publication.number:
                self._swap(live)

    def look(self) -> None:
        """
        Use the newest publication; raises Unavailable while nobody can be asked.

        One that cannot be used here is told in the log, and the live one keeps working (B10).
        """
        # One after the other: the last one asked for must be the last one taken.
        with self._looking:
            newest = self._publications.newest()
            if newest is None or newest.number <= self._live.publication.number:
                return
            taken = self._made(newest)
            if isinstance(taken, Live):
                self._swap(taken)
            else:
                faults = [str(finding) for finding in taken]
                kept = self._live.publication.number
                log.error("routes.refused", publication=newest.number, kept=kept, faults=faults)

    def _first(self) -> Live | Sequence[Finding]:
        try:
            newest = self._publications.newest()
            if newest is None:
                raise StartRefused(_NOTHING)
            taken = self._made(newest)
        except Unavailable:
            kept = self._snapshot.read() if self._snapshot else None
            if kept is None:
                raise
            log.warning("routes.from_snapshot", publication=kept[0].number)
            return self._of(*kept)
        if isinstance(taken, Live):
            self._keep(taken)
        return taken

    def _made(self, publication: Publication) -> Live | Sequence[Finding]:
        files = self._publications.files(publication.number)
        if files is None:
            raise AssertionError("a publication always has its files")
        return self._of(publication, files)

    def _of(self, publication: Publication, files: Files) -> Live | Sequence[Finding]:
        built = self._build(files)
        return Live(publication, files, built) if isinstance(built, RouteTable) else built

    def _keep(self, live: Live) -> None:
        if self._snapshot:
            self._snapshot.keep(live.publication, live.files)

    def _swap(self, live: Live) -> None:
        self._live = live
        # A full collection would look through a million small things, and stop everything for it.
        gc.freeze()
        self._keep(live)
        number, version = live.publication.number, live.publication.version
        log.info("routes.swapped", publication=number, version=version)


_NOTHING = (
    "routes: nothing was published in this database yet. `vaxel serve` publishes the folder "
    "`routing_rules` at its first start; so does `vaxel routes publish --based-on 0`"
)
