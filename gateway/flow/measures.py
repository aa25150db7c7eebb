"""Improvement measures on a theme or a case: recorded, followed up and evaluated (DOMAIN F3)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Protocol
from uuid import UUID, uuid5

from gateway.domain.errors import Fault, Refusal, Rule
from gateway.domain.theme import Measure, MeasureLevel, MeasureNote, MeasureStep
from gateway.flow.access import UNKNOWN_CASE, Verb, require_on_case, require_verb
from gateway.flow.caller import Caller
from gateway.flow.intake import USED_BEFORE
from gateway.flow.ports import Cases
from gateway.flow.records import CheckCase
from gateway.flow.themes import Themes
from gateway.flow.timeline import Entry, Step


class MeasureLog(Protocol):
    """Every measure; raises Unavailable when it cannot be read or written."""

    def record(
        self, measure: Measure, entry: Entry | None, check: CheckCase | None = None
    ) -> Measure:
        """
        Keep a measure, with an entry on the timeline of its case if it has one.

        `check` is asked under the case's lock; what it raises leaves all as it was. One that
        was kept under its id before is given back, and nothing is written.
        """
        ...

    def find(self, measure: UUID) -> Measure | None:
        """Read one."""
        ...

    def of_theme(self, theme: UUID) -> list[Measure]:
        """Read those of a theme, in the order they were recorded."""
        ...

    def of_case(self, number: str) -> list[Measure]:
        """Read those of a case, in the order they were recorded."""
        ...

    def note(self, measure: UUID, step: MeasureStep, note: MeasureNote) -> bool:
        """Note how it went; False when that was noted before, or the measure is gone."""
        ...


@dataclass(frozen=True, slots=True)
class Wish:
    """
    A measure as somebody wishes to record it.

    The same `key` again records no other, and with another wish it is refused.
    """

    key: str
    what: str = field(repr=False)
    level: MeasureLevel
    responsible: str = field(repr=False)
    due: date | None = None

    def granted(self, kept: Measure) -> Measure:
        """Give what was kept under the key of this wish, unless it was kept for another."""
        wished = (self.what, self.level, self.responsible, self.due)
        if wished != (kept.what, kept.level, kept.responsible, kept.due):
            raise Refusal(USED_BEFORE)
        return kept


@dataclass(frozen=True, slots=True)
class Measures:
    """The verbs of staff on measures."""

    log: MeasureLog
    themes: Themes
    cases: Cases
    clock: Callable[[], datetime]

    def record_on_theme(self, theme: UUID, wish: Wish, caller: Caller) -> Measure:
        """Record a measure on a theme that the caller sees, also on a closed one."""
        self.themes.read(theme, caller)
        return wish.granted(self.log.record(self._measure(wish, caller, theme, None), None))

    def record_on_case(self, number: str, wish: Wish, caller: Caller) -> Measure:
        """Record a measure on a case of the caller's units; that is on its timeline."""
        self._check_case(number, caller)
        measure = self._measure(wish, caller, None, number)
        details = {"measure": str(measure.id), "level": measure.level.value}
        entry = Entry(Step.MEASURE_RECORDED, measure.recorded_at, caller.acts_as, details)
        check = partial(require_on_case, caller, Verb.WORK_ON_THEMES)
        return wish.granted(self.log.record(measure, entry, check))

    def of_theme(self, theme: UUID, caller: Caller) -> list[Measure]:
        """Read the measures on a theme that the caller sees."""
        self.themes.read(theme, caller)
        return self.log.of_theme(theme)

    def of_case(self, number: str, caller: Caller) -> list[Measure]:
        """Read the measures on a case of the caller's units."""
        self._check_case(number, caller)
        return self.log.of_case(number)

    def note(self, measure: UUID, step: MeasureStep, text: str, caller: Caller) -> Measure:
        """
        Follow a measure up, or evaluate it: once each, and the second is told by whom.

        For the staff who keep its theme, or hold its case.
        """
        before = self._read(measure, caller)
        note = MeasureNote(text, self.clock(), caller.acts_as)
        if not self.log.note(measure, step, note):
            found = self.log.find(measure)
            if found is None:
                raise Refusal(UNKNOWN_MEASURE)
            first = _noted(found, step)
            words = f"{first.by if first else 'somebody'} has noted it already"
            raise Refusal(Fault(Rule.STEP_NOT_LEGAL, "measure", words))
        return self.log.find(measure) or before

    def _read(self, measure: UUID, caller: Caller) -> Measure:
        require_verb(caller, Verb.WORK_ON_THEMES)
        found = self.log.find(measure)
        if found is None:
            raise Refusal(UNKNOWN_MEASURE)
        try:
            theme = self.themes.read(found.theme, caller) if found.theme else None
            if theme is None:
                self._check_case(found.case_number or "", caller)
        except Refusal:
            raise Refusal(UNKNOWN_MEASURE) from None
        if theme is not None and theme.owner not in caller.units:
            words = f"the theme is kept by {theme.owner}; only its staff note how it went"
            raise Refusal(Fault(Rule.NOT_PERMITTED, "measure", words))
        return found

    def _check_case(self, number: str, caller: Caller) -> None:
        require_verb(caller, Verb.WORK_ON_THEMES)
        case = self.cases.find(number)
        if case is None:
            raise Refusal(UNKNOWN_CASE)
        require_on_case(caller, Verb.WORK_ON_THEMES, case)

    def _measure(
        self, wish: Wish, caller: Caller, theme: UUID | None, number: str | None
    ) -> Measure:
        return Measure(
            id=uuid5(_NAMES, f"{caller.hsa_id.key} {theme or number} {wish.key}"),
            theme=theme,
            case_number=number,
            what=wish.what,
            level=wish.level,
            responsible=wish.responsible,
            due=wish.due,
            recorded_at=self.clock(),
            recorded_by=caller.acts_as,
        )


def _noted(measure: Measure, step: MeasureStep) -> MeasureNote | None:
    return measure.followed_up if step is MeasureStep.FOLLOW_UP else measure.evaluated


UNKNOWN_MEASURE = Fault(Rule.MEASURE_UNKNOWN, "measure", "no such measure is known here")
_NAMES = UUID("0d5c1c0e-8a4a-4b7e-8c33-2f6d9d7d8a11")
