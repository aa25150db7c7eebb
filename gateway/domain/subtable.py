"""A table of areas by values with its sums: which of its counts are hidden along with others."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations, product
from typing import TypeVar

from gateway.domain.statistics import Area, Value

# A count from 1 up to but not including this could be a person whom somebody recognises.
FEWEST = 5
# The counts of an area and a value, for each cell of a view in the same order.
Vector = tuple[int, ...]
# Cells where a case more, and as many where a case less, leave every coarser count as it is.
Turn = tuple[tuple[int, ...], tuple[int, ...]]
_Place = tuple[Area, Value]
# The price, and the corner across.
_Rectangle = tuple[int, Area, Value]
_K = TypeVar("_K")
_V = TypeVar("_V")
# More than all the cases of a country in a hundred years.
_EMPTY = 10**9


def is_small(cases: int) -> bool:
    """Tell whether a count has to be hidden; that there is nothing says nothing of anybody."""
    return 0 < cases < FEWEST


def turns_of(*sizes: int) -> tuple[Turn, ...]:
    """Give the turns of cells that stand in the order of a product of so many by so many."""
    pairs = (combinations(range(size), min(size, 2)) for size in sizes)
    return tuple(_turn(sizes, chosen) for chosen in product(*pairs))


class Made(dict[_K, _V]):
    """Values made when they are first asked for: of most units, few are."""

    def __init__(self, make: Callable[[_K], _V]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, key: _K) -> _V:
        made = self[key] = self._make(key)
        return made


# Without slots, for what it works out.
@dataclass(frozen=True)
class Subtable:
    """
    The counts of areas by values, with what is hidden of each area, which `hide` adds to.

    `summed_rows` and `summed_columns` give the sums that can be seen. `across` and `down` tell
    whether there are such sums at all: the values of the nation are in one row, and all cases of
    each area in one column. `turns` are those of the cells.
    """

    vectors: Mapping[_Place, Vector]
    hidden: dict[Area, set[Value]]
    columns: Sequence[Value]
    summed_rows: Mapping[Area, Vector]
    summed_columns: Mapping[Value, Vector]
    across: bool
    down: bool
    turns: Sequence[Turn]
    exposed: set[Area] = field(init=False, default_factory=set)

    @cached_property
    def prices(self) -> Made[_Place, int]:
        """How many cases are hidden more with each place."""
        return Made(self._price)

    def hide(self, forced: Iterable[_Place] = ()) -> set[Area]:
        """
        Hide what is small or `forced`, and what it could be computed from.

        Gives the rows that must be hidden whole, since no rectangle of theirs can do it.
        """
        # What is hidden already is safe, as part of what is coarser.
        seen = ((row, c) for row in self.hidden for c in self.columns if c not in self.hidden[row])
        small = [place for place in seen if self._is_small(*place)]
        for row, column in small:
            self.hidden[row].add(column)
        self._make_safe([*forced, *small])
        while self._is_more_hidden():
            pass
        return self.exposed

    def _is_small(self, row: Area, column: Value) -> bool:
        vector = self.vectors[row, column]
        if not any(vector):
            return False
        if any(map(is_small, vector)):
            return True
        if all(vector):
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
        prices, place = self.prices, (row, column)
        hidden = [c for c in self._columns_beside(column) if not prices[row, c]]
        rows = (r for r in self._rows_beside(row) if not prices[r, column])
        found = ((r, c) for r in rows for c in hidden if not prices[r, c])
        return any(self._can_go_round(place, corner) for corner in found)

    def _best_rectangle(self, row: Area, column: Value) -> Sequence[_Place]:
        """
        Find the other corners at the lowest price, of those where a case can go round.

        There are none where a count is the only one of its sum: it was hidden with that.
        """
        _, r, c = best = self._cheapest(row, column)
        # Nearly always the first will do, and sorting costs more.
        if (r, c) != (row, column) and not self._can_go_round((row, column), (r, c)):
            found = sorted(self._rectangles(row, column))
            fitting = (one for one in found if self._can_go_round((row, column), one[1:]))
            _, r, c = next(fitting, None) or self._whole_rows(found, row, column) or best
        return (row, c), (r, column), (r, c)

    def _cheapest(self, row: Area, column: Value) -> _Rectangle:
        """Find the first at the lowest price, without adding up what is too dear already."""
        prices = self.prices
        own = sorted((prices[row, c], c) for c in self._columns_beside(column))
        best = 4 * _EMPTY, row, column
        for r in self._rows_beside(row):
            price = prices[r, column]
            for one, c in own:
                if price + one > best[0]:
                    break
                best = min(best, (price + one + prices[r, c], r, c))
        return best

    def _rectangles(self, row: Area, column: Value) -> Iterator[_Rectangle]:
        prices, columns = self.prices, self._columns_beside(column)
        for r in self._rows_beside(row):
            for c in columns:
                yield prices[row, c] + prices[r, column] + prices[r, c], r, c

    def _whole_rows(
        self, found: Sequence[_Rectangle], row: Area, column: Value
    ) -> _Rectangle | None:
        """Have two rows hidden whole: then a case can go from one to the other in one column."""
        fitting = (one for one in found if self._can_go_round((row, column), (one[1], column)))
        best = next(fitting, None)
        self.exposed.update((row,) if best is None else (row, best[1]))
        return best

    def _can_go_round(self, place: _Place, corner: _Place) -> bool:
        """
        Tell whether every small count here could be another, and no count below nothing.

        A case more here and in the corner across, and one less in the two others, or the other
        way round; and in the next cell back again.
        """
        vectors, (row, column) = self.vectors, place
        less = {(row, corner[1]), (corner[0], column)} - {place}
        if not less:  # it is the only one of its sum
            return True
        few = self._least(less)
        more = self._least({place, corner} - less)
        small = {cell for cell, cases in enumerate(vectors[place]) if is_small(cases)}
        for one, other in self.turns:
            if self._goes(few, one, more, other) or self._goes(few, other, more, one):
                small.difference_update(one, other)
        return not small

    def _goes(
        self, few: Vector, first: Sequence[int], more: Vector, second: Sequence[int]
    ) -> bool:
        return all(few[cell] for cell in first) and all(more[cell] for cell in second)

    def _least(self, places: Iterable[_Place]) -> Vector:
        return tuple(map(min, zip(*map(self.vectors.__getitem__, places), strict=True)))

    def _hide(self, place: _Place) -> None:
        self.hidden[place[0]].add(place[1])
        self.prices[place] = self._price(place)

    def _price(self, place: _Place) -> int:
        """Tell how many cases are hidden more; a corner without any is of use to nobody."""
        is_hidden = place[1] in self.hidden[place[0]]
        if not any(self.vectors[place]):
            return _EMPTY - is_hidden
        return 0 if is_hidden else sum(self.vectors[place])

    def _rows_beside(self, row: Area) -> Iterator[Area]:
        # Not made into a list: most of the time the first ones will do.
        return (one for one in self.hidden if one != row) if self.down else iter((row,))

    def _columns_beside(self, column: Value) -> list[Value]:
        return [one for one in self.columns if one != column] if self.across else [column]

    def _is_more_hidden(self) -> bool:
        """Hide more in every row and column whose hidden counts are together small."""
        before = sum(map(len, self.hidden.values()))
        for together, line in self._lines():
            while (place := self._missing(together, line)) is not None:
                self._hide(place)
                self._make_safe([place])
        return sum(map(len, self.hidden.values())) > before

    def _missing(self, together: Vector, line: Sequence[_Place]) -> _Place | None:
        """Find the least count to hide in a line with that sum, if one is needed."""
        seen = [place for place in line if place[1] not in self.hidden[place[0]]]
        shown = map(sum, zip(*(self.vectors[place] for place in seen), strict=True))
        hidden = [a - b for a, b in zip(together, shown, strict=True)] if seen else together
        for cell, cases in enumerate(hidden):
            if is_small(cases):
                more = (place for place in seen if self.vectors[place][cell])
                return min(more, key=self.prices.__getitem__)
        return None

    def _lines(self) -> Iterator[tuple[Vector, list[_Place]]]:
        for row, together in self.summed_rows.items():
            yield together, [(row, column) for column in self.columns]
        for column, together in self.summed_columns.items():
            yield together, [(row, column) for row in self.hidden]


def _turn(sizes: Sequence[int], chosen: Sequence[Sequence[int]]) -> Turn:
    sides: tuple[list[int], list[int]] = [], []
    for corner in product(*(range(len(pair)) for pair in chosen)):
        cell = 0
        for size, pair, side in zip(sizes, chosen, corner, strict=True):
            cell = cell * size + pair[side]
        sides[sum(corner) % 2].append(cell)
    return tuple(sides[0]), tuple(sides[1])
