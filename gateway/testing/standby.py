"""Two places for a PostgreSQL: one has the primary, the other at times its standby."""

from pathlib import Path

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
        server = self._places[self.place]
        if server is None:
            raise RuntimeError("nobody stands in the primary's place")
        return server

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
        standby = PostgresServer(follows=self.primary)
        self._places[1 - self.place] = standby
        self.primary.wait_for_standby()

    def fail_over(self) -> None:
        """Kill the primary for good, and promote the standby."""
        old = self.primary
        old.kill()
        self._places[self.place] = None
        self.place = 1 - self.place
        self.primary.promote()
        old.remove()

    def remove(self) -> None:
        """Stop and leave nothing behind."""
        for server in self._places:
            if server:
                server.remove()
