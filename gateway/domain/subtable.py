"""A table of areas by values with its sums: which of its counts are hidden along with others."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from gateway.domain.statistics import Area, Value

# A count from 1 up to but not including this could be a person whom somebody recognises.
FEWEST = 5
# The counts of an area and a value, for each cell of a view in the same order.
Vector = tuple[int, ...]
_Place = tuple[Area, Value]
# More than all the cases of a country in a hundred years.
_EMPTY = 10**9


def is_small(cases: int) -> bool:
    """Tell whether a count has to be hidden; that there is nothing says nothing of anybody."""
    return 0 < cases < FEWEST


@dataclass(frozen=True, slots=True)
class Subtable:
    """
    The counts of areas by values, with what is hidden of each area, which `hide` adds to.

    `summed_rows` and `summed_columns` are those whose sum can be seen. `across` and `down` tell
    whether there are such sums at all: the values of the nation are in one row, and all cases of
    each area in one column.
    """

    vectors: dict[_Place, Vector]
    hidden: dict[Area, set[Value]]
    columns: Sequence[Value]
    summed_rows: Sequence[Area]
    summed_columns: Sequence[Value]
    across: bool
    down: bool
    prices: dict[_Place, int] = field(init=False, default_factory=dict)

    def hide(self) -> None:
        """Hide what is small, and what it could be computed from."""
        # What is hidden already is safe, as part of what is coarser.
        small = [p for p in self.vectors if p[1] not in self.hidden[p[0]] and self._is_small(*p)]
        for row, column in small:
            self.hidden[row].add(column)
        self.prices.update((place, self._price(place)) for place in self.vectors)
        self._make_safe(small)
        while self._is_more_hidden():
            pass

    def _is_small(self, row: Area, column: Value) -> bool:
        vector = self.vectors[row, column]
        if any(map(is_small, vector)):
            return True
        if all(vector) or not any(vector):
            return False
        # In a year, that there is nothing can be seen. Of its parts it cannot, where there is
        # something else: that nothing was in March could be just what is missing for April.
        others = zip(*(self.vectors[row, other] for other in self.columns), strict=True)
        return any(
            sum(all_values) and not cases for all_values, cases in zip(others, vector, strict=True)
        )

    def _make_safe(self, places: Iterable[_Place]) -> None:
        """Give each of these a rectangle, unless it has one in which a case can go round."""
        for place in places:
            if not self._has_rectangle(*place):
                for corner in self._best_rectangle(*place):
                    self._hide(corner)

    def _has_rectangle(self, row: Area, column: Value) -> bool:
        prices = self.prices
        hidden = [c for c in self._columns_beside(column) if not prices[row, c]]
        rows = (r for r in self._rows_beside(row) if not prices[r, column])
        return any(not prices[r, c] for r in rows for c in hidden)

    def _best_rectangle(self, row: Area, column: Value) -> Sequence[_Place]:
        """
        Find the other corners at the lowest price.

        There are none where a count is the only one of its sum: it was hidden with that.
        """
        prices, columns = self.prices, self._columns_beside(column)
        found = (
            (prices[row, c] + prices[r, column] + prices[r, c], r, c)
            for r in self._rows_beside(row)
            for c in columns
        )
        _, r, c = min(found, default=(0, row, column))
        return (row, c), (r, column), (r, c)

    def _hide(self, place: _Place) -> None:
        self.hidden[place[0]].add(place[1])
        self.prices[place] = self._price(place)

    def _price(self, place: _Place) -> int:
        """Tell how many cases are hidden more; a corner without any is of use to nobody."""
        cases, is_hidden = sum(self.vectors[place]), place[1] in self.hidden[place[0]]
        if not cases:
            return _EMPTY - is_hidden
        return 0 if is_hidden else cases

    def _rows_beside(self, row: Area) -> Iterator[Area]:
        # Not made into a list: most of the time the first ones will do.
        return (one for one in self.hidden if one != row) if self.down else iter((row,))

    def _columns_beside(self, column: Value) -> list[Value]:
        return [one for one in self.columns if one != column] if self.across else [column]

    def _is_more_hidden(self) -> bool:
        """Hide more in every row and column whose hidden counts are together small."""
        before = sum(map(len, self.hidden.values()))
        for line in self._lines():
            while (place := self._missing(line)) is not None:
                self._hide(place)
                self._make_safe([place])
        return sum(map(len, self.hidden.values())) > before

    def _missing(self, line: Sequence[_Place]) -> _Place | None:
        """Find the least count to hide in a line, if one is needed."""
        hidden = [self.vectors[row, column] for row, column in line if column in self.hidden[row]]
        for cell, together in enumerate(map(sum, zip(*hidden, strict=True))):
            if is_small(together):
                seen = (p for p in line if p[1] not in self.hidden[p[0]] and self.vectors[p][cell])
                return min(seen, key=self.prices.__getitem__)
        return None

    def _lines(self) -> Iterator[list[_Place]]:
        yield from ([(row, column) for column in self.columns] for row in self.summed_rows)
        yield from ([(row, column) for row in self.hidden] for column in self.summed_columns)
