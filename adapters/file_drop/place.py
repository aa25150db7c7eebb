"""Where files lie, here or on a server: the few things that their layout asks of a place."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import PurePath
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Entry:
    """
    What lies in a folder; `is_file` is a plain one, and no link.

    `size` is in bytes, `written_at` in seconds since 1970 by the clock there; 0 if not told.
    """

    name: str
    is_file: bool
    size: int
    written_at: float


class Place(Protocol):
    """
    Files and folders by their whole paths; no link is ever followed at the end of one, but where
    a configured folder is asked for: by `entries` and `leads_to_folder`.

    Everything raises OSError: Told where its words say all, Away where nothing more can be done.
    """

    def entries(self, folder: PurePath) -> list[Entry]:
        """List a folder."""
        ...

    def has(self, path: PurePath) -> bool:
        """Tell whether anything has this name, be it a link that leads nowhere."""
        ...

    def has_folder(self, path: PurePath) -> bool:
        """Tell whether this is a folder, and no link to one."""
        ...

    def leads_to_folder(self, path: PurePath) -> bool:
        """Tell whether this is a folder, or a link to one: a mount often has one before it."""
        ...

    def read(self, path: PurePath, most: int) -> bytes:
        """Give at most so many bytes of a plain file."""
        ...

    def write(self, path: PurePath, content: bytes) -> None:
        """Write a new file, on disk before this returns where the place can promise that."""
        ...

    def make_folder(self, path: PurePath, mode: int | None = None) -> None:
        """Make a folder; with `mode`, with just these permissions where the place knows any."""
        ...

    def rename(self, old: PurePath, new: PurePath) -> None:
        """
        Give a file or folder another name, all at once.

        Raises Unsure when it may have been done.
        """
        ...

    def remove(self, path: PurePath) -> None:
        """Remove a file or link; nothing there is well too."""
        ...

    def remove_folder(self, path: PurePath) -> None:
        """Remove a folder of ours and the files in it, as far as it goes."""
        ...

    def settle(self, folder: PurePath) -> None:
        """Have the names in a folder on disk, where the place can promise that."""
        ...


# Opens a place for one call, and closes it after; raises Away when it cannot be reached.
Opened = Callable[[], AbstractContextManager[Place]]


class Told(OSError):
    """Trouble whose words say where it is and what to do."""


class Away(Told):
    """The place cannot be reached, or no longer: whatever else is asked of it now is in vain."""


class NotReached(Away):
    """The place did not even let us in: it is the way there, and not what was asked of it."""


class NeverTaken(Told):
    """The place says that it will not have such a file, whenever it comes."""


class Unsure(Told):
    """It was asked for, and whether it was done is not known."""


def told(what: str, error: OSError) -> str:
    """Tell what cannot be done and why, without the paths that a system puts in its words."""
    if isinstance(error, Told):
        return str(error)
    return f"{what}: {error.strerror or type(error).__name__}"
