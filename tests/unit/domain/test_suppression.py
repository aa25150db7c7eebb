"""Whoever fetches every table there is computes no hidden count."""

from itertools import product

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from gateway.domain.case import Kind, ReceiverType
from gateway.domain.span import Span
from gateway.domain.statistics import ALL, Counted
from gateway.domain.suppression import Hiding, View, is_small

YEAR = Span(2026)
MONTHS = ("2026-01", "2026-02", "2026-04")
UNITS = (("n", "1", "a"), ("n", "1", "b"), ("n", "2", "c"), ("s", "3", "d"), ("s", "3", "e"))
FLAT = (("F",), ("M",), ("",))
DEEP = (("1", "1.1"), ("1", "1.2"), ("2", "2"))
SPANS = (YEAR, *YEAR.parts[:2], Span(2026, 1, 1), Span(2026, 2, 1), Span(2026, 4, 1))
# Without shrinking: an example takes half a second, and is small already.
FEW = settings(
    max_examples=8, deadline=None, derandomize=True, database=None, phases=[Phase.generate]
)
SELECTIONS = list(product(SPANS, (None, *Kind), (None,)))
PRIME = (1 << 61) - 1


@st.composite
def worlds(draw):
    """Cases of units in two regions, over three months, of both kinds, with a few values."""
    values = draw(st.sampled_from((FLAT, DEEP)))
    size = st.one_of(st.just(0), st.integers(0, 4), st.integers(3, 40))
    atoms = list(product(UNITS, MONTHS, Kind, (ReceiverType.CARE,), values))
    drawn = draw(st.lists(size, min_size=len(atoms), max_size=len(atoms)))
    return values, dict(zip(atoms, drawn, strict=True))


@given(worlds())
@FEW
def test_no_hidden_count_can_be_computed_from_all_that_is_shown(world):
    """DOMAIN F2: totals, other levels, sub-problems, periods and kinds, all at once."""
    _, shown, hidden = _tables(*world)
    known = _Known(world[1], shown)
    assert [cell for cell in hidden if known.tells(cell)] == []


@given(worlds())
@FEW
def test_no_small_count_is_shown(world):
    """DOMAIN F2."""
    hiding, shown, _ = _tables(*world)
    assert not any(is_small(hiding.cases(*cell)) for cell in shown)


def test_what_is_large_everywhere_is_shown():
    """DOMAIN F2: nothing is hidden without need."""
    values, atoms = FLAT, product(UNITS, MONTHS, Kind, (ReceiverType.CARE,), FLAT)
    _, _, hidden = _tables(values, dict.fromkeys(atoms, 5))
    assert hidden == set()


def test_one_small_count_takes_three_others_along():
    """DOMAIN F2: the corners of a rectangle, where all else is large."""
    of_all = product(UNITS, MONTHS[:1], [Kind.COMPLAINT], [ReceiverType.CARE], FLAT)
    atoms = dict.fromkeys(of_all, 9)
    atoms[UNITS[0], "2026-01", Kind.COMPLAINT, ReceiverType.CARE, ("F",)] = 2
    _, _, hidden = _tables(FLAT, atoms)
    in_year = {(area, value) for area, value, cell in hidden if cell == (YEAR, None, None)}
    assert in_year == set(product(UNITS[:2], (("F",), ("",))))


def _tables(values, atoms):
    counted = [
        Counted(unit[:depth], month, kind, receiver, value, cases)
        for (unit, month, kind, receiver, value), cases in atoms.items()
        for depth in range(4)
        if cases
    ]
    hiding = Hiding(counted, values)
    areas = {unit[:depth] for unit in UNITS for depth in range(4)}
    wanted = {ALL, *(value[:depth] for value in values for depth in (1, len(value)))}
    cells = list(product(sorted(areas), sorted(wanted), SELECTIONS))
    hidden = {c for c in cells if c[1] in hiding.hidden(c[0], View.of(*c[2]))}
    return hiding, [c for c in cells if c not in hidden], hidden


class _Known:
    """All that follows from what is shown, by adding and subtracting."""

    def __init__(self, atoms, shown):
        self._atoms = list(atoms)
        self._basis = {}
        for cell in shown:
            self._learn(self._vector(cell))

    def tells(self, cell):
        """Tell whether a count is a sum of what is known."""
        return not any(self._reduced(self._vector(cell)))

    def _vector(self, cell):
        area, value, (span, kind, _) = cell
        return [
            int(
                unit[: len(area)] == area
                and of[: len(value)] == value
                and month in span.months
                and kind in (None, of_kind)
            )
            for unit, month, of_kind, _, of in self._atoms
        ]

    def _learn(self, vector):
        left = self._reduced(vector)
        pivot = next((place for place, one in enumerate(left) if one), None)
        if pivot is not None:
            inverse = pow(left[pivot], -1, PRIME)
            self._basis[pivot] = [one * inverse % PRIME for one in left]

    def _reduced(self, vector):
        for pivot in sorted(self._basis):
            times = vector[pivot]
            if times:
                basis = self._basis[pivot]
                vector = [(a - times * b) % PRIME for a, b in zip(vector, basis, strict=True)]
        return vector
