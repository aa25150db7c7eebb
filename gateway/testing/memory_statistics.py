"""What is counted of closed cases, in memory: by looking at every one."""

from collections import Counter as Tally
from collections.abc import Sequence

from gateway.domain.statistics import Area, Counted, Counter, Fact, path_of
from gateway.testing.books import Books


class MemoryStatistics:
    """The summaries of closed cases."""

    def __init__(self, books: Books) -> None:
        self._books = books

    def counted(self, counter: Counter, above: Sequence[Area | None], year: int) -> list[Counted]:
        """Read what was closed in a year, for all areas right below these."""
        with self._books as books:
            counted = Tally(
                (area, fact.closed, fact.kind, fact.receiver, fact.values()[counter])
                for fact in _facts(books)
                if fact.closed.startswith(f"{year}-")
                for area in fact.areas()
                if (area[:-1] if area else None) in above
            )
        return [
            Counted(area, closed, kind, receiver, path_of(counter, code), cases)
            for (area, closed, kind, receiver, code), cases in counted.items()
        ]

    def seen(self, key: str) -> list[Area]:
        """Tell the areas with that key in which anything was counted, the latest first."""
        with self._books as books:
            latest = sorted(_facts(books), key=lambda fact: fact.closed, reverse=True)
            areas = (area for fact in latest for area in fact.areas() if area)
            return list(dict.fromkeys(area for area in areas if area[-1] == key))


def _facts(books: Books) -> list[Fact]:
    return [case.fact for case in books.cases.values() if case.fact]
