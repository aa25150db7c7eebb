"""Looking for malware in files, as it is asked of whoever does it (DOMAIN D4)."""

from contextlib import AbstractContextManager
from typing import Protocol


class Scanning(Protocol):
    """One file under way; raises FilesAway when nobody can tell whether it is clean."""

    def see(self, part: bytes) -> None:
        """Let the next part be looked at."""
        ...

    def found(self) -> str | None:
        """Tell, when all has passed, the name of what was found; None when it is clean."""
        ...


class Scanner(Protocol):
    """Finds malware; however large a file is, it is looked at while it passes."""

    def begin(self) -> AbstractContextManager[Scanning]:
        """Begin with a file; raises FilesAway when nobody answers."""
        ...

    def trouble(self) -> str | None:
        """Tell why no file could be looked at now; None when all is well."""
        ...
