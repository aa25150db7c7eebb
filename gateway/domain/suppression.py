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

Where a shown nothing leaves a small count no rectangle, two areas are hidden whole in that view,
also in the tables of every other counter: what is shown by one is known to who reads the next.

That there is nothing in a year is shown; in a part of it, only where nothing at all was closed.
Decision 0022 tells what this does not protect against.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from gateway.domain.case import Kind, ReceiverType
from gateway.domain.span import Span
from gateway.domain.statistics import ALL, NATION, Area, Counted, Counter, Month, Value
from gateway.domain.subtable import Made, Subtable, Turn, Vector, is_small, turns_of

__all__ = ["Hiding", "Hidings", "View", "is_small"]


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
    def nothing(self) -> Vector:
        """What is counted where there is nothing."""
        return (0,) * len(self.cells)

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

    @cached_property
    def turns(self) -> tuple[Turn, ...]:
        """Where a case more here, and one less there, is seen in no coarser view."""
        return turns_of(len(self.spans), len(self.kinds), len(self.receivers))

    @property
    def is_coarsest(self) -> bool:
        """
        Whether this is a whole year of all cases.

        There, each small count has a rectangle: the sums of its row and of its column are shown
        only when they are larger, so that there is something in both beside it.
        """
        return next(self.coarser(), None) is None

    def coarser(self) -> Iterator["View"]:
        """Tell the views that are one step coarser."""
        (span, *_), (kind, *_), (receiver, *_) = self.spans, self.kinds, self.receivers
        if span.whole:
            yield View.of(span.whole, kind, receiver)
        if kind:
            yield View.of(span, None, receiver)
        if receiver:
            yield View.of(span, kind, None)


class Hidings:
    """
    What is counted of one year by every counter, and which of it must be hidden.

    `read` gives a counter's counts of the area that is asked for, of all beside it and above. It
    is asked only for what is needed.
    """

    def __init__(
        self,
        read: Callable[[Counter], Iterable[Counted]],
        listed: Callable[[Counter], Iterable[Value]],
    ) -> None:
        self._of = Made[Counter, Hiding](lambda one: Hiding(self, read(one), listed(one)))

    def of(self, counter: Counter) -> "Hiding":
        """Give what is counted by one of them."""
        return self._of[counter]

    def decide(self, above: Area | None, view: View) -> None:
        """Decide for all counters, with the same areas hidden whole for each of them."""
        whole: set[Area] = set()
        before = None
        while before != whole:
            before = set(whole)
            for counter in Counter:
                whole |= self.of(counter).decide(above, view, before)


class Hiding:
    """What is counted of one year by one counter, and which of it must be hidden."""

    def __init__(
        self, beside: Hidings, counts: Iterable[Counted], listed: Iterable[Value]
    ) -> None:
        self._hidings = beside
        self._cases: dict[tuple[Area, Value], dict[_Atom, int]] = defaultdict(dict)
        self._decided: dict[tuple[Area | None, View], dict[Area, set[Value]]] = {}
        self._vectors = Made[View, Made[tuple[Area, Value], Vector]](self._vectors_in)
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

    def decide(self, above: Area | None, view: View, whole: Set[Area]) -> set[Area]:
        """Decide with these areas hidden whole, and tell which more have to be."""
        rows = (NATION,) if above is None else self.areas(above)
        outer = set() if above is None else self.hidden(above, view)
        coarser = [self._beside(above, one) for one in view.coarser()]
        hidden = {row: outer.union(*(decided[row] for decided in coarser)) for row in rows}
        forced = [(row, ALL) for row in rows if row in whole and ALL not in hidden[row]]
        for row, value in forced:
            hidden[row].add(value)
        down = above is not None
        vectors = self._vectors[view]
        seen = {} if above is None or ALL in outer else {ALL: vectors[above, ALL]}
        totals = Subtable(vectors, hidden, (ALL,), {}, seen, False, down, view.turns)
        exposed = totals.hide(forced)
        for parent in self._parents():
            columns = self.values(parent)
            for row in rows:
                hidden[row].update(columns if parent in hidden[row] else ())
            exposed |= Subtable(
                vectors,
                hidden,
                columns,
                summed_rows={r: vectors[r, parent] for r in rows if parent not in hidden[r]},
                summed_columns={}
                if above is None
                else {col: vectors[above, col] for col in columns if col not in outer},
                across=True,
                down=down,
                turns=view.turns,
            ).hide()
        self._decided[above, view] = hidden
        return exposed

    def _add(self, one: Counted) -> None:
        atom = one.month, one.kind, one.receiver
        for depth in range(len(one.value) + 1):
            atoms = self._cases[one.area, one.value[:depth]]
            atoms[atom] = atoms.get(atom, 0) + one.cases

    def _beside(self, above: Area | None, view: View) -> dict[Area, set[Value]]:
        if (above, view) not in self._decided:
            if view.is_coarsest:
                self.decide(above, view, set())
            else:
                self._hidings.decide(above, view)
        return self._decided[above, view]

    def _parents(self) -> Iterator[Value]:
        waiting = [ALL]
        for value in waiting:
            if self.values(value):
                yield value
                waiting.extend(self.values(value))

    def _vectors_in(self, view: View) -> Made[tuple[Area, Value], Vector]:
        return Made(lambda place: self._vector(*place, view))

    def _vector(self, area: Area, value: Value, view: View) -> Vector:
        atoms = self._cases.get((area, value))
        # Of many units, most values have none.
        if not atoms:
            return view.nothing
        cells, places = list(view.nothing), view.places
        for atom, cases in atoms.items():
            cell = places.get(atom)
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
