"""How cases are handled, in memory."""

from gateway.domain.handling import UNHANDLED, Handling
from gateway.testing.books import Books


class MemoryHandlings:
    """What became of each case besides its state."""

    def __init__(self, books: Books) -> None:
        self._books = books

    def find(self, number: str) -> Handling:
        """Read how a case is handled; UNHANDLED when nobody has touched it."""
        with self._books as books:
            case = books.cases.get(number)
            return case.handling if case else UNHANDLED
