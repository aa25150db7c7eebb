"""So many at once, and of one caller fewer: who takes long keeps nobody waiting (DOMAIN G3)."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock

from gateway.domain.errors import FilesAway

_RETRY_AFTER_S = 10


@dataclass(slots=True)
class Places:
    """Has `most` places, and of those `most_of_one` for any one caller."""

    most: int
    most_of_one: int
    _taken: Counter[str] = field(default_factory=Counter)
    _lock: Lock = field(default_factory=Lock)

    @contextmanager
    def taken(self, whose: str) -> Iterator[None]:
        """Hold a place for the block; raises FilesAway at once when there is none."""
        self._take(whose)
        try:
            yield
        finally:
            with self._lock:
                self._taken[whose] -= 1

    def _take(self, whose: str) -> None:
        with self._lock:
            if self._taken.total() >= self.most:
                words = "as many files as can come at once are on their way in"
                raise FilesAway(words, _RETRY_AFTER_S)
            if self._taken[whose] >= self.most_of_one:
                words = f"{self.most_of_one} of your files are on their way in; send others then"
                raise FilesAway(words, _RETRY_AFTER_S)
            self._taken[whose] += 1
