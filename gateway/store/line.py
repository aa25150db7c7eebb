"""A way into the database that an event loop need not wait in."""

from typing import Protocol

from gateway.store.at_once import RowsByTable


class Line(Protocol):
    """A connection of its own, on which batches are written from an event loop."""

    def open(self) -> None:
        """Connect; blocks, and raises Unavailable."""
        ...

    async def insert(self, rows: RowsByTable) -> bool:
        """
        Insert rows, all or none, and wake who delivers; True when they are on disk.

        False when the database refuses them, or is gone before it has answered: then nobody knows
        whether they are there. May raise Unavailable, when nothing was kept, or nothing was heard
        for so long that whoever sends them had better come back.
        """
        ...

    @property
    def is_open(self) -> bool:
        """Tell whether it can be used; one that broke must be opened again."""
        ...

    def close(self) -> None:
        """Let go of the connection; blocks for a moment at most."""
        ...
