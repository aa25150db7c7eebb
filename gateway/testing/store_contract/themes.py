"""What a store promises of themes and of measures (DOMAIN F3, F4)."""
# ruff: noqa: S101 (assert is how pytest speaks)

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from uuid_utils.compat import uuid7

from gateway.domain.errors import Fault, Refusal, Rule
from gateway.domain.hsa import HsaId
from gateway.domain.theme import (
    Measure,
    MeasureLevel,
    MeasureNote,
    MeasureStep,
    Theme,
    ThemeLevel,
)
from gateway.flow.records import CaseRecord
from gateway.flow.store import Store
from gateway.flow.themes import Sight
from gateway.flow.timeline import Step
from gateway.testing.builders import CASE_SYSTEM, NOW, UNIT, make_entry
from gateway.testing.store_contract.acts import accept, steps

_OTHER = HsaId("SE2321000016-EKEN")
_MINE = Sight(frozenset({UNIT}), frozenset({"norr"}))
_NOBODYS = Sight(frozenset(), frozenset())
_IN = make_entry(step=Step.CASE_THEMED)
_OUT = make_entry(step=Step.CASE_UNTHEMED)


class ThemesContract:
    """Themes and measures."""

    def test_a_theme_is_kept_once(self, store: Store) -> None:
        """DOMAIN F4: a repeat makes no other, and changes nothing."""
        theme = _made(store)
        assert store.themes.add(replace(theme, title="Annat")) == theme
        assert store.themes.find(theme.id) == theme
        assert store.themes.find(uuid7()) is None

    def test_themes_are_listed_newest_first_to_those_who_may_see_them(self, store: Store) -> None:
        """DOMAIN E1, F4: a unit's own, and what its region shares."""
        made = [_made(store, made_at=NOW + timedelta(minutes=n)) for n in range(3)]
        shared = _made(store, owner=_OTHER, level=ThemeLevel.REGION, made_at=NOW)
        _made(store, owner=_OTHER)
        _made(store, owner=_OTHER, level=ThemeLevel.REGION, region="söder")
        first = store.themes.listed(_MINE, None, 2, closed=False)
        rest = store.themes.listed(_MINE, first[-1].id, 3, closed=False)
        assert first == [made[2], made[1]]
        assert {one.id for one in rest} == {made[0].id, shared.id}
        assert store.themes.listed(_NOBODYS, None, 3, closed=False) == []

    def test_a_case_is_put_in_a_theme_once_and_taken_out(self, store: Store) -> None:
        """DOMAIN F4: each with a line on its timeline."""
        theme, number = _made(store), accept(store).number
        assert [store.themes.put(theme.id, number, _IN, 9) for _ in range(2)] == [True, True]
        assert _themed(store, theme) == [number]
        taken = [store.themes.take_out(theme.id, number, _OUT) for _ in range(2)]
        assert taken == [True, False]
        assert _themed(store, theme) == []
        assert steps(store, number)[1:] == [Step.CASE_THEMED, Step.CASE_UNTHEMED]

    def test_what_refuses_a_locked_case_leaves_all_as_it_was(self, store: Store) -> None:
        """DESIGN decision 9, DOMAIN E4: others may have changed it since it was looked at."""
        theme, number = _made(store), accept(store).number
        measure = replace(_measure(), case_number=number)
        for write in (
            lambda: store.themes.put(theme.id, number, _IN, 9, _refuse),
            lambda: store.themes.take_out(theme.id, number, _OUT, _refuse),
            lambda: store.measures.record(measure, _ON_CASE, _refuse),
        ):
            with pytest.raises(Refusal):
                write()
        assert (_themed(store, theme), store.measures.of_case(number)) == ([], [])
        assert len(steps(store, number)) == 1

    def test_a_theme_has_no_more_cases_than_it_may(self, store: Store) -> None:
        """DOMAIN F4: also when many put theirs in at once."""
        theme, numbers = _made(store), [accept(store).number for _ in range(4)]
        with ThreadPoolExecutor(4) as pool:
            put = [*pool.map(lambda one: store.themes.put(theme.id, one, _IN, 2), numbers)]
        assert sorted(put) == [False, False, True, True]
        found = store.themes.find(theme.id)
        assert (len(_themed(store, theme)), found and found.cases) == (2, 2)

    def test_the_cases_of_a_theme_are_read_page_by_page_by_those_who_hold_them(
        self, store: Store
    ) -> None:
        """DOMAIN E1, F4: others see how many there are, and no case."""
        theme, numbers = _made(store), [accept(store).number for _ in range(3)]
        for number in numbers:
            store.themes.put(theme.id, number, _IN, 9)
        holders = frozenset({CASE_SYSTEM})
        first = store.themes.cases(theme.id, holders, None, 2)
        rest = store.themes.cases(theme.id, holders, first[-1].number, 2)
        assert [case.number for case in first + rest] == numbers
        assert store.themes.cases(theme.id, frozenset({UNIT}), None, 9) == []

    def test_a_theme_is_closed_by_the_first_who_does(self, store: Store) -> None:
        """DOMAIN F4: nothing more is put in it or taken out of it."""
        theme, number, late = _made(store), accept(store).number, accept(store).number
        store.themes.put(theme.id, number, _IN, 9)
        closed = store.themes.close(theme.id, NOW, "Karin", "Vi har nya stolar.")
        assert closed == replace(
            theme, closed_at=NOW, closed_by="Karin", closing_text="Vi har nya stolar.", cases=1
        )
        assert store.themes.close(theme.id, NOW, "Lars", "Annat") == closed
        assert not store.themes.put(theme.id, late, _IN, 9)
        assert not store.themes.take_out(theme.id, number, _OUT)
        assert store.themes.listed(_MINE, None, 9, closed=True) == [closed]
        assert store.themes.listed(_MINE, None, 9, closed=False) == []
        assert store.themes.close(uuid7(), NOW, "Karin", None) is None

    def test_measures_are_read_in_the_order_they_were_recorded(self, store: Store) -> None:
        """DOMAIN F3: on a theme or on a case, where the timeline tells it once."""
        theme, number = _made(store), accept(store).number
        on_theme = [_recorded(store, theme=theme.id) for _ in range(2)]
        on_case = _recorded(store, case_number=number)
        assert store.measures.record(replace(on_case, what="Annat"), _ON_CASE) == on_case
        assert sorted(map(_id, store.measures.of_theme(theme.id))) == sorted(map(_id, on_theme))
        assert store.measures.of_case(number) == [on_case]
        assert store.measures.find(on_case.id) == on_case
        assert store.measures.find(uuid7()) is None
        assert steps(store, number)[1:] == [Step.MEASURE_RECORDED]

    def test_a_measure_is_followed_up_and_evaluated_once(self, store: Store) -> None:
        """DOMAIN F3."""
        measure = _recorded(store, theme=_made(store).id)
        for step in MeasureStep:
            note = MeasureNote(step.value, NOW, "Karin")
            assert [store.measures.note(measure.id, step, note) for _ in range(2)] == [True, False]
        assert store.measures.find(measure.id) == replace(
            measure,
            followed_up=MeasureNote("FOLLOW_UP", NOW, "Karin"),
            evaluated=MeasureNote("EVALUATION", NOW, "Karin"),
        )


_ON_CASE = make_entry(step=Step.MEASURE_RECORDED)


def _made(store: Store, **only_what_matters: Any) -> Theme:
    theme = Theme(uuid7(), "Stolarna i väntrummet", ThemeLevel.UNIT, UNIT, "norr", NOW, "Karin")
    return store.themes.add(replace(theme, **only_what_matters))


def _themed(store: Store, theme: Theme) -> list[str]:
    return [
        case.number for case in store.themes.cases(theme.id, frozenset({CASE_SYSTEM}), None, 9)
    ]


def _recorded(store: Store, **on: Any) -> Measure:
    return store.measures.record(replace(_measure(), **on), _ON_CASE)


def _measure() -> Measure:
    day = date(2026, 12, 1)
    what, level = "Köpa stolar", MeasureLevel.UNIT
    return Measure(uuid7(), None, None, what, level, "Enhetschefen", day, NOW, "Karin")


def _refuse(case: CaseRecord) -> None:
    raise Refusal(Fault(Rule.CASE_DISPOSED, "caseNumber", f"{case.number} is gone"))


def _id(measure: Measure) -> str:
    return str(measure.id)
