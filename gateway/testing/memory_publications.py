"""What the store in memory keeps of the route table."""

from collections.abc import Mapping

from gateway.domain.publication import Files, Overtaken, Publication
from gateway.testing.books import Books


class MemoryPublications:
    """Every publication with its files."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self._all: list[tuple[Publication, Files]] = []

    def newest(self) -> Publication | None:
        """Give the one that is live."""
        with self._books:
            return self._all[-1][0] if self._all else None

    def find(self, number: int) -> Publication | None:
        """Give one by its number."""
        with self._books:
            return next((one for one, _ in self._all if one.number == number), None)

    def files(self, number: int) -> Files | None:
        """Give the files of one."""
        with self._books:
            return next((files for one, files in self._all if one.number == number), None)

    def listed(self, before: int | None, limit: int) -> list[Publication]:
        """Read a page, newest first."""
        with self._books:
            found = [one for one, _ in reversed(self._all)]
            return [one for one in found if before is None or one.number < before][:limit]

    def publish(self, new: Publication, files: Mapping[str, bytes]) -> Publication | Overtaken:
        """Make this the newest, unless another came first."""
        with self._books:
            if new.number != len(self._all) + 1:
                return Overtaken(self._all[-1][0] if self._all else None)
            self._all.append((new, dict(files)))
            return new
