"""Where an SQLite file is, and that it stays there."""

from pathlib import Path

from gateway.domain.errors import Unavailable

# A device and a file on it.
Found = tuple[int, int]


class Place:
    """
    The path of a file, and which file was found there first.

    Open connections go on with a file that was moved away, and new ones make another: half of the
    cases would be in each.
    """

    def __init__(self, path: Path, found: Found | None = None) -> None:
        """Look for nothing yet; `found` is what another process has found there."""
        self.path = path
        self.found = found

    def check(self) -> None:
        """Make sure that the file is still where it was; raises Unavailable."""
        try:
            seen = self.path.stat()
        except OSError:
            if self.found is None:
                return
            raise Unavailable("the database file is not where it was") from None
        here = seen.st_dev, seen.st_ino
        self.found = self.found or here
        if self.found != here:
            raise Unavailable("another file stands where the database was; restart to use it")
