"""
Small counts hidden, and so many others that no hidden one can be computed (DOMAIN F2).

Every count is one of a tree of areas, a tree of values, a period, a kind and a receiver. Who
fetches all tables there are knows sums of hidden counts, and never a hidden one. Two rules do it:

*From coarse to fine.* What is hidden for an area is hidden for those below it; what is hidden for
a value, for those below it; and what is hidden in a year, in its quarters and months too, as what
is hidden for both kinds of cases is for each. The parts of a period, the kinds and the receivers
are split for all of them or for none.

*Rectangles.* A small count that can be seen in no coarser place is hidden with three others: that
of another value, and both of another area beside. A case more in one corner is one less in the
next, all around: every sum in a row, in a column and above stays the same, whichever it is. And
what is hidden in a row or a column is together never small.

That there is nothing in a year is shown; in a part of it, only where nothing at all was closed.
Decision 0022 tells what this does not protect against.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from gateway.domain.case import Kind, ReceiverType
from gateway.domain.span import Span
from gateway.domain.statistics import ALL, NATION, Area, Counted, Month, Value
from gateway.domain.subtable import Subtable, Vector, is_small

__all__ = ["Hiding", "View", "is_small"]


Cell = tuple[Span, Kind | None, ReceiverType | None]
_Atom = tuple[Month, Kind, ReceiverType]


# Without slots, since it keeps what it has worked out.
@dataclass(frozen=True)
class View:
    """How finely cases are counted: a period with those beside it, every kind or each, …"""

    spans: tuple[Span, ...]
    kinds: tuple[Kind | None, ...]
    receivers: tuple[ReceiverType | None, ...]

    @classmethod
    def of(cls, span: Span, kind: Kind | None, receiver: ReceiverType | None) -> "View":
        """Tell the view in which a table with these filters is one of several."""
        return cls(
            span.whole.parts if span.whole else (span,),
            tuple(Kind) if kind else (None,),
            tuple(ReceiverType) if receiver else (None,),
        )

    @cached_property
    def cells(self) -> list[Cell]:
        """The counts that an area and a value have in this view."""
        return list(product(self.spans, self.kinds, self.receivers))

    @cached_property
    def places(self) -> dict[_Atom, int]:
        """The cell that each month of a kind and a receiver is counted in."""
        return {
            (month, of_kind, of_receiver): place
            for place, (span, kind, receiver) in enumerate(self.cells)
            for month in span.months
            for of_kind in ([kind] if kind else Kind)
            for of_receiver in ([receiver] if receiver else ReceiverType)
        }

    def coarser(self) -> Iterator["View"]:
        """Tell the views that are one step coarser."""
        (span, *_), (kind, *_), (receiver, *_) = self.spans, self.kinds, self.receivers
        if span.whole:
            yield View.of(span.whole, kind, receiver)
        if kind:
            yield View.of(span, None, receiver)
        if receiver:
            yield View.of(span, kind, None)


class Hiding:
    """What is counted of one year by one counter, and which of it must be hidden."""

    def __init__(self, counts: Iterable[Counted], listed: Iterable[Value]) -> None:
        """Begin; whoever asks for an area gives the counts of all areas beside it and above."""
        self._cases: dict[tuple[Area, Value], dict[_Atom, int]] = defaultdict(dict)
        self._decided: dict[tuple[Area | None, View], dict[Area, set[Value]]] = {}
        areas, values = {NATION}, dict.fromkeys(listed)
        for one in counts:
            areas.add(one.area)
            values[one.value] = None
            self._add(one)
        self._areas = _tree(sorted(areas))
        self._values = _tree(list(values))

    def cases(self, area: Area, value: Value, cell: Cell) -> int:
        """Count the cases, hidden or not."""
        span, kind, receiver = cell
        atoms = self._cases.get((area, value), {})
        return sum(
            cases
            for (month, of_kind, of_receiver), cases in atoms.items()
            if month in span.months and kind in (None, of_kind) and receiver in (None, of_receiver)
        )

    def values(self, above: Value) -> Sequence[Value]:
        """Tell the values one level below."""
        return self._values.get(above, ())

    def areas(self, above: Area) -> Sequence[Area]:
        """Tell the areas one level below."""
        return self._areas.get(above, ())

    def hidden(self, area: Area, view: View) -> set[Value]:
        """Tell which values of an area are hidden in all of a view."""
        above = area[:-1] if area else None
        decided = self._beside(above, view)
        if area in decided or above is None:
            return decided.get(area, set())
        return self.hidden(above, view)

    def _add(self, one: Counted) -> None:
        atom = one.month, one.kind, one.receiver
        for depth in range(len(one.value) + 1):
            atoms = self._cases[one.area, one.value[:depth]]
            atoms[atom] = atoms.get(atom, 0) + one.cases

    def _beside(self, above: Area | None, view: View) -> dict[Area, set[Value]]:
        if (above, view) not in self._decided:
            self._decided[above, view] = self._decide(above, view)
        return self._decided[above, view]

    def _decide(self, above: Area | None, view: View) -> dict[Area, set[Value]]:
        rows = (NATION,) if above is None else self.areas(above)
        outer = set() if above is None else self.hidden(above, view)
        hidden = {row: outer | self._coarser(row, view) for row in rows}
        vectors = {(row, ALL): self._vector(row, ALL, view) for row in rows}
        sums = () if above is None or ALL in outer else (ALL,)
        Subtable(vectors, hidden, (ALL,), (), sums, across=False, down=above is not None).hide()
        for parent in self._parents():
            columns = self.values(parent)
            for row in rows:
                hidden[row].update(columns if parent in hidden[row] else ())
            Subtable(
                {(row, col): self._vector(row, col, view) for row in rows for col in columns},
                hidden,
                columns,
                summed_rows=[row for row in rows if parent not in hidden[row]],
                summed_columns=[col for col in columns if above is not None and col not in outer],
                across=True,
                down=above is not None,
            ).hide()
        return hidden

    def _coarser(self, row: Area, view: View) -> set[Value]:
        return {value for coarser in view.coarser() for value in self.hidden(row, coarser)}

    def _parents(self) -> Iterator[Value]:
        waiting = [ALL]
        for value in waiting:
            if self.values(value):
                yield value
                waiting.extend(self.values(value))

    def _vector(self, area: Area, value: Value, view: View) -> Vector:
        cells = [0] * len(view.cells)
        for atom, cases in self._cases.get((area, value), {}).items():
            cell = view.places.get(atom)
            if cell is not None:
                cells[cell] += cases
        return tuple(cells)


def _tree(
    nodes: Iterable[tuple[str, ...]],
) -> dict[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    below: dict[tuple[str, ...], dict[tuple[str, ...], None]] = defaultdict(dict)
    for node in nodes:
        for depth in range(len(node)):
            below[node[:depth]][node[: depth + 1]] = None
    return {above: tuple(children) for above, children in below.items()}
