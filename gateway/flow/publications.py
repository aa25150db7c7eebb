"""What is promised by the place where publications of the route table are kept."""

from collections.abc import Mapping
from typing import Protocol

from gateway.domain.publication import Files, Overtaken, Publication


class Publications(Protocol):
    """Every publication with its files; nothing of them is ever changed (DOMAIN B10)."""

    def newest(self) -> Publication | None:
        """Give the one that is live, if anything was published."""
        ...

    def find(self, number: int) -> Publication | None:
        """Give one by its number."""
        ...

    def files(self, number: int) -> Files | None:
        """Give the files of one, as they were published."""
        ...

    def listed(self, before: int | None, limit: int) -> list[Publication]:
        """Read a page, newest first; `before` is the last number of the page before."""
        ...

    def publish(self, new: Publication, files: Mapping[str, bytes]) -> Publication | Overtaken:
        """
        Make this the newest, once and for all; other nodes are told when it is on disk.

        Only when the newest is the one just before it: two who edit cannot overwrite each other.
        """
        ...
