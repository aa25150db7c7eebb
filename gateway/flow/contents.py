"""The place of attachments: bytes outside the rows that name them, found by their digest (D4)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from gateway.domain.case import Attachment
from gateway.domain.content import Stored

# What lies on one shelf begins with the same two digits.
SHELVES = tuple(f"{number:02x}" for number in range(256))


@dataclass(frozen=True, slots=True)
class Lying:
    """
    What lies on a shelf: since when it was put, or put aside.

    What is aside is on its way out: read and put as before, and gone for good when it is removed.
    """

    digest: str
    since: datetime
    is_aside: bool


class NotOurs(Exception):
    """A place has the mark of another store, or things of which nobody knows whose they are."""


class Contents(Protocol):
    """
    Where bytes are kept; raises ContentAway, which is Unavailable, when it does not answer now.

    Put before the rows that name it are written, so that no row ever names what is not there.
    """

    def owner(self) -> str | None:
        """Tell the identity of the store whose mark the place has; None without a mark."""
        ...

    def mark(self, owner: str) -> None:
        """Leave the mark of a store, in place of any other."""
        ...

    def put(self, chunks: Iterable[bytes]) -> Stored:
        """Keep bytes; they are on disk when this returns. What was there is put anew."""
        ...

    def open(self, digest: str) -> Iterator[bytes]:
        """
        Read what was put, also what is aside; the last part is given when all are right.

        Raises ContentLost when it is not there, or is not what was put there.
        """
        ...

    def lying(self, shelf: str) -> list[Lying]:
        """Tell all that lies on one of the SHELVES."""
        ...

    def put_aside(self, digest: str) -> None:
        """Take it out of the way of those who put the same again; it lies aside since now."""
        ...

    def bring_back(self, digest: str) -> None:
        """Undo that."""
        ...

    def remove(self, digest: str) -> None:
        """Let go of what lies aside."""
        ...


def must_belong(owner: str, identity: str | None) -> None:
    """See to it that the mark of a place is that of this store; raises NotOurs."""
    if owner != identity:
        raise NotOurs(
            f"it belongs to another database: it is marked {owner}, and this database "
            f"{f'is {identity}' if identity else 'has no mark yet'}. Is database_url right? If it "
            "is, give this database a place of its own. Only if nothing else uses this one, as "
            "after a back-up from before it was marked: delete `owner` there, and start again"
        )


def stored(contents: Contents, files: tuple[Attachment, ...]) -> tuple[Attachment, ...]:
    """Put the bytes of files in their place, but of those that stand there already."""
    return tuple(
        file
        if isinstance(file.content, Stored)
        else replace(file, content=contents.put(file.content.chunks()))
        for file in files
    )
