"""Whoever fetches every table there is computes no hidden count."""

from itertools import product

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from gateway.domain.case import Kind, ReceiverType
from gateway.domain.span import Span
from gateway.domain.statistics import ALL, Counted, Counter
from gateway.domain.suppression import Hidings, View, is_small

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
OF_KINDS = [(YEAR, kind, None) for kind in (None, *Kind)]
AREAS = sorted({unit[:depth] for unit in UNITS for depth in range(4)})
PRIME = (1 << 61) - 1
TINY = 1e-7


COMPLAINT, FEEDBACK = Kind
# In the south nobody gave feedback; so all of it is the north's.
NO_FEEDBACK_IN_A_REGION = {
    ("a", COMPLAINT, "F"): 4,
    ("a", COMPLAINT, "M"): 1,
    ("a", COMPLAINT, ""): 4,
    ("a", FEEDBACK, "F"): 31,
    ("c", COMPLAINT, ""): 27,
    ("c", FEEDBACK, "F"): 26,
    ("e", COMPLAINT, "F"): 30,
}
# All of the second provider is of one value; so its totals tell how many of each kind are.
ONE_VALUE_ONLY_AT_A_PROVIDER = {
    ("a", COMPLAINT, "F"): 32,
    ("a", COMPLAINT, "M"): 3,
    ("a", COMPLAINT, ""): 5,
    ("a", FEEDBACK, "F"): 25,
    ("a", FEEDBACK, "M"): 1,
    ("b", FEEDBACK, "M"): 23,
    ("b", FEEDBACK, ""): 1,
    ("c", COMPLAINT, ""): 27,
    ("c", FEEDBACK, ""): 31,
    ("d", COMPLAINT, "F"): 3,
    ("d", COMPLAINT, "M"): 12,
    ("d", FEEDBACK, "F"): 1,
    ("d", FEEDBACK, "M"): 38,
    ("e", FEEDBACK, "F"): 3,
    ("e", FEEDBACK, "M"): 33,
}


@st.composite
def worlds(draw, months=MONTHS, kinds=tuple(Kind)):
    """Cases of units in two regions, over these months, of these kinds, with a few values."""
    values = draw(st.sampled_from((FLAT, DEEP)))
    size = st.one_of(st.just(0), st.integers(0, 4), st.integers(3, 40))
    atoms = list(product(UNITS, months, kinds, (ReceiverType.CARE,), values))
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


@given(worlds(months=MONTHS[:1], kinds=(Kind.COMPLAINT,)))
@settings(FEW, max_examples=20)
def test_no_small_count_follows_from_that_none_is_below_nothing(world):
    """DOMAIN F2: in a year, each could be another without anything shown being so."""
    assert _follow(world, [(YEAR, None, None)]) == []


@pytest.mark.parametrize("cases", [NO_FEEDBACK_IN_A_REGION, ONE_VALUE_ONLY_AT_A_PROVIDER])
def test_what_a_shown_nothing_gives_away_is_hidden_along_with_whole_areas(cases):
    """DOMAIN F2: their totals of each kind, where no rectangle could go round."""
    assert _follow((FLAT, _world(cases)), OF_KINDS) == []


@pytest.mark.parametrize("cases", [NO_FEEDBACK_IN_A_REGION, ONE_VALUE_ONLY_AT_A_PROVIDER])
@pytest.mark.parametrize("other", [Counter.CASES, Counter.AGE])
def test_what_one_counter_hides_of_an_area_no_other_shows(cases, other):
    """DOMAIN F2: the totals are the same in all of them."""
    hidings = _hidings(FLAT, _world(cases))
    one = {cell for cell in product(AREAS, OF_KINDS) if _is_whole(hidings, Counter.SEX, cell)}
    assert one
    assert {cell for cell in product(AREAS, OF_KINDS) if _is_whole(hidings, other, cell)} == one


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


def _follow(world, selections):
    """Tell the small hidden counts that could be no other than they are."""
    values, atoms = world
    hiding, shown, hidden = _tables(values, atoms, selections)
    known = _Known(atoms, shown)
    small = [cell for cell in hidden if is_small(hiding.cases(*cell))]
    return [cell for cell in small if not known.could_be_another(cell)]


def _world(cases):
    atoms = product(UNITS, MONTHS[:1], Kind, (ReceiverType.CARE,), FLAT)
    return {atom: cases.get((atom[0][2], atom[2], atom[4][0]), 0) for atom in atoms}


def _hidings(values, atoms):
    """Count by sex what has a value, and all of it by age, which nobody knows, and as cases."""

    def read(counter):
        of = {Counter.SEX: lambda value: value, Counter.AGE: lambda _: ("",)}
        told = of.get(counter, lambda _: ALL)
        return [
            Counted(unit[:depth], month, kind, receiver, told(value), cases)
            for (unit, month, kind, receiver, value), cases in atoms.items()
            for depth in range(4)
            if cases
        ]

    listed = {Counter.SEX: values, Counter.AGE: [("",)]}
    return Hidings(read, lambda counter: listed.get(counter, [ALL]))


def _is_whole(hidings, counter, cell):
    area, selection = cell
    return ALL in hidings.of(counter).hidden(area, View.of(*selection))


def _tables(values, atoms, selections=SELECTIONS):
    """Tell what is shown and hidden of these values, and what is shown of all cases."""
    hidings = _hidings(values, atoms)
    hiding = hidings.of(Counter.SEX)
    wanted = {ALL, *(value[:depth] for value in values for depth in (1, len(value)))}
    cells = list(product(AREAS, sorted(wanted), selections))
    hidden = {c for c in cells if c[1] in hiding.hidden(c[0], View.of(*c[2]))}
    totals = product(AREAS, selections)
    hidden -= {(a, ALL, s) for a, s in totals if not _is_whole(hidings, Counter.CASES, (a, s))}
    return hiding, [c for c in cells if c not in hidden], hidden


class _Known:
    """All that follows from what is shown, by adding and subtracting."""

    def __init__(self, atoms, shown):
        self._cases = list(atoms.values())
        self._atoms = list(atoms)
        self._basis = {}
        self._rows = list(dict.fromkeys(map(self._vector, shown)))
        for row in self._rows:
            self._learn(row)

    def tells(self, cell):
        """Tell whether a count is a sum of what is known."""
        return not any(self._reduced(self._vector(cell)))

    def could_be_another(self, cell):
        """Tell whether a count may be more or less, with all that is shown and none below 0."""
        asked = self._vector(cell)
        rows = [*self._rows, asked]
        # What there is none of can only become more.
        moves = [
            [*row, *(-one for one, n in zip(row, self._cases, strict=True) if n)] for row in rows
        ]
        less = [*moves[:-1], [-one for one in moves[-1]]]
        return _has_solution(moves) or _has_solution(less)

    def _vector(self, cell):
        area, value, (span, kind, _) = cell
        return tuple(
            int(
                unit[: len(area)] == area
                and of[: len(value)] == value
                and month in span.months
                and kind in (None, of_kind)
            )
            for unit, month, of_kind, _, of in self._atoms
        )

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


def _has_solution(rows):
    """Tell whether some x, none below 0, gives 0 in every row and 1 in the last (simplex)."""
    table = [[float(one) for one in row] + [float(row is rows[-1])] for row in rows]
    basis: list[int | None] = [None] * len(rows)
    while True:
        goal = [
            sum(row[j] for row, own in zip(table, basis, strict=True) if own is None)
            for j in range(len(table[0]))
        ]
        enter = next((j for j, one in enumerate(goal[:-1]) if one > TINY), None)
        if enter is None:
            return goal[-1] < TINY
        able = [
            (row[-1] / row[enter], -1 if own is None else own, i)
            for i, (row, own) in enumerate(zip(table, basis, strict=True))
            if row[enter] > TINY
        ]
        *_, leave = min(able)
        _pivot(table, leave, enter)
        basis[leave] = enter


def _pivot(table, leave, enter):
    by = table[leave][enter]
    table[leave] = [one / by for one in table[leave]]
    for i, row in enumerate(table):
        if i != leave and (times := row[enter]):
            table[i] = [a - times * b for a, b in zip(row, table[leave], strict=True)]
