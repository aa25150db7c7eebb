"""Two places for a PostgreSQL: one has the primary, the other at times its standby."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from sqlalchemy import make_url

from gateway.testing.postgres import PostgresServer


class PostgresPair:
    """
    A primary whose place a standby can take.

    Clients name both places and ask for the one that takes writes, as they would in a region's
    data centre. `place` tells which one, 0 or 1, the primary has now.
    """

    def __init__(self) -> None:
        """Start a primary that keeps what was committed, without a standby."""
        self._places: list[PostgresServer | None] = [PostgresServer(durable=True), None]
        self.place = 0

    @property
    def primary(self) -> PostgresServer:
        """The one that takes writes."""
        return self._standing_in(self.place)

    @property
    def standby(self) -> PostgresServer:
        """The one that follows."""
        return self._standing_in(1 - self.place)

    @property
    def sockets(self) -> tuple[Path | None, Path | None]:
        """Where those in the two places are reached; None while nobody is there."""
        one, other = (server.socket if server else None for server in self._places)
        return one, other

    def new_database(self) -> str:
        """Make an empty database with the schema; gives its name."""
        return make_url(self.primary.new_database()).database or ""

    def crash(self) -> None:
        """Kill the primary with SIGKILL, and start the same one again."""
        self.primary.crash()

    def follow(self) -> None:
        """Make a standby; from now on nothing counts as committed before the standby has it."""
        self._places[1 - self.place] = PostgresServer(follows=self.primary)
        self.primary.wait_for_standby()

    def go_alone(self) -> None:
        """Remove the standby, and wait for it no more."""
        standby = self.standby
        self.primary.wait_for_nobody()
        self._places[1 - self.place] = None
        standby.remove()

    def fail_over(self) -> None:
        """Kill the primary for good, and promote the standby."""
        old = self.primary
        old.kill()
        self._places[self.place] = None
        self.place = 1 - self.place
        self.primary.promote()
        old.remove()

    @contextmanager
    def passing_over(self) -> Iterator[None]:
        """Let the primary stand still, and promote the standby; end the old one with the block."""
        old = self.primary
        with old.standing_still() as all_of_it:
            self.place = 1 - self.place
            self.primary.promote()
            try:
                yield
            finally:
                # As it stands: it must not take anything more.
                for process in all_of_it:
                    process.kill()
                psutil.wait_procs(all_of_it)
        self._places[1 - self.place] = None
        old.remove()

    def remove(self) -> None:
        """Stop and leave nothing behind."""
        for server in self._places:
            if server:
                server.remove()

    def _standing_in(self, place: int) -> PostgresServer:
        server = self._places[place]
        if server is None:
            raise RuntimeError(f"nobody stands in place {place}")
        return server
