"""The route table in use: swapped whole, and kept when what should replace it is broken."""

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
        self,
        publications: Publications,
        build: Build,
        snapshot: Snapshot | None = None,
        *,
        or_empty: bool = False,
    ) -> None:
        """
        Take the newest; raises StartRefused when there is none, or with every fault of it.

        While the store cannot be asked, what was kept in the `snapshot` is taken; without one it
        raises Unavailable. Who only repairs routes may begin with an empty table (`or_empty`)
        where the newest cannot be used.
        """
        self._publications = publications
        self._build = build
        self._snapshot = snapshot
        self._looking = Lock()
        # The newest, when it cannot be used here: it is not compiled again to find that out.
        self.refused: Publication | None = None
        taken = self._first()
        if not isinstance(taken, Live):
            if not or_empty:
                raise StartRefused(_refusal(taken))
            taken = Live(taken.publication, taken.files, RouteTable("", {}, {}, {}))
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
            newest, seen = self._publications.newest(), self._live.publication.number
            # Not only newer ones: a database that was restored has the last word too.
            if newest in (None, self._live.publication, self.refused):
                return
            taken = self._made(newest)
            if isinstance(taken, Live):
                self._swap(taken)
            else:
                self.refused = newest
                faults = [str(finding) for finding in taken.findings]
                log.error("routes.refused", publication=newest.number, kept=seen, faults=faults)

    def _first(self) -> "Live | _Unusable":
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

    def _made(self, publication: Publication) -> "Live | _Unusable":
        files = self._publications.files(publication.number)
        if files is None:
            raise AssertionError("a publication always has its files")
        return self._of(publication, files)

    def _of(self, publication: Publication, files: Files) -> "Live | _Unusable":
        built = self._build(files)
        if isinstance(built, RouteTable):
            return Live(publication, files, built)
        return _Unusable(publication, files, built)

    def _keep(self, live: Live) -> None:
        if self._snapshot:
            self._snapshot.keep(live.publication, live.files)

    def _swap(self, live: Live) -> None:
        self._live, self.refused = live, None
        self._keep(live)
        number, version = live.publication.number, live.publication.version
        log.info("routes.swapped", publication=number, version=version)


@dataclass(frozen=True, slots=True)
class _Unusable:
    """A publication that this node cannot route by, and everything that stands in the way."""

    publication: Publication
    files: Files = field(repr=False)
    findings: Sequence[Finding]


def _refusal(unusable: _Unusable) -> str:
    number = unusable.publication.number
    words = (
        f"routes: publication {number} cannot be used here. Give this machine what it lacks, or "
        f"bring back another: vaxel routes rollback … --based-on {number}"
    )
    return "\n".join([*map(str, unusable.findings), words])


_NOTHING = (
    "routes: nothing was published in this database yet. `vaxel serve` publishes the folder "
    "`routing_rules` at its first start; so does `vaxel routes publish --based-on 0`"
)
