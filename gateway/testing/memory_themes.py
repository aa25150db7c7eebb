"""Themes and measures in memory."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from gateway.domain.hsa import HsaId
from gateway.domain.theme import Measure, MeasureNote, MeasureStep, Theme
from gateway.flow.ports import CaseRecord
from gateway.flow.records import CheckCase
from gateway.flow.themes import Sight
from gateway.flow.timeline import Entry
from gateway.testing.books import Books


class MemoryThemes:
    """Every theme, and the cases in it."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self._themes: dict[UUID, Theme] = {}
        self._cases: dict[UUID, set[str]] = {}

    def add(self, theme: Theme) -> Theme:
        """Keep a theme; one that was kept before is given back."""
        with self._books:
            self._cases.setdefault(theme.id, set())
            self._themes.setdefault(theme.id, theme)
            return self._told(theme.id)

    def find(self, theme: UUID) -> Theme | None:
        """Read one."""
        with self._books:
            return self._told(theme) if theme in self._themes else None

    def listed(self, sight: Sight, after: UUID | None, limit: int, *, closed: bool) -> list[Theme]:
        """Read a page of those that are closed, or not; newest first."""
        with self._books:
            newest = sorted(map(self._told, self._themes), key=_place, reverse=True)
            if after is not None:
                last = self._themes.get(after)
                newest = [one for one in newest if last and _place(one) < _place(last)]
            fits = (one for one in newest if (one.closed_at is not None) is closed)
            return [one for one in fits if sight.sees(one)][:limit]

    def put(
        self,
        theme: UUID,
        number: str,
        entry: Entry,
        most: int,
        check: CheckCase | None = None,
    ) -> bool:
        """Put a case in a theme; a repeat changes nothing."""
        with self._books as books:
            if check is not None:
                check(books.cases[number].record)
            there = self._there(theme)
            if self._themes[theme].closed_at is not None:
                return False
            if number not in there:
                if len(there) == most:
                    return False
                self._cases[theme].add(number)
                books.cases[number].note(entry)
            return True

    def take_out(
        self, theme: UUID, number: str, entry: Entry, check: CheckCase | None = None
    ) -> bool:
        """Take a case out again; False when it is not there, or the theme is closed."""
        with self._books as books:
            if check is not None:
                check(books.cases[number].record)
            if self._themes[theme].closed_at is not None or number not in self._there(theme):
                return False
            self._cases[theme].remove(number)
            books.cases[number].note(entry)
            return True

    def cases(
        self, theme: UUID, holders: frozenset[HsaId], after: str | None, limit: int
    ) -> list[CaseRecord]:
        """Read a page of its cases that these hold, in the order they were received."""
        with self._books as books:
            found = [books.cases[number].record for number in self._there(theme)]
            last = books.cases[after].record.id if after in books.cases else None
        found.sort(key=lambda record: record.id)
        later = (one for one in found if after is None or (last and one.id > last))
        return [record for record in later if record.holder in holders][:limit]

    def close(self, theme: UUID, at: datetime, by: str, text: str | None) -> Theme | None:
        """Close a theme, and give it as it is closed now."""
        with self._books:
            found = self._themes.get(theme)
            if found is None:
                return None
            if found.closed_at is None:
                closed = replace(found, closed_at=at, closed_by=by, closing_text=text)
                self._themes[theme] = closed
            return self._told(theme)

    def _told(self, theme: UUID) -> Theme:
        return replace(self._themes[theme], cases=len(self._there(theme)))

    def _there(self, theme: UUID) -> set[str]:
        """Tell which cases are in it: none that was disposed of."""
        cases = self._books.cases
        return {number for number in self._cases[theme] if not cases[number].is_disposed}


class MemoryMeasures:
    """Every measure."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self._all: dict[UUID, Measure] = {}

    def record(
        self, measure: Measure, entry: Entry | None, check: CheckCase | None = None
    ) -> Measure:
        """Keep a measure; one that was kept before is given back."""
        with self._books as books:
            if check is not None and measure.case_number:
                check(books.cases[measure.case_number].record)
            if measure.id not in self._all and measure.case_number and entry:
                books.cases[measure.case_number].note(entry)
            return self._all.setdefault(measure.id, measure)

    def find(self, measure: UUID) -> Measure | None:
        """Read one."""
        with self._books as books:
            found = self._all.get(measure)
            return found if found and not _is_gone(found, books) else None

    def of_theme(self, theme: UUID) -> list[Measure]:
        """Read those of a theme."""
        with self._books:
            return _in_order(one for one in self._all.values() if one.theme == theme)

    def of_case(self, number: str) -> list[Measure]:
        """Read those of a case."""
        with self._books as books:
            kept = (one for one in self._all.values() if not _is_gone(one, books))
            return _in_order(one for one in kept if one.case_number == number)

    def note(self, measure: UUID, step: MeasureStep, note: MeasureNote) -> bool:
        """Note how it went; False when that was noted before."""
        is_follow_up = step is MeasureStep.FOLLOW_UP
        with self._books as books:
            found = self._all[measure]
            if _is_gone(found, books):
                return False
            if (found.followed_up if is_follow_up else found.evaluated) is not None:
                return False
            if is_follow_up:
                self._all[measure] = replace(found, followed_up=note)
            else:
                self._all[measure] = replace(found, evaluated=note)
            return True


def _place(theme: Theme) -> tuple[datetime, UUID]:
    return theme.made_at, theme.id


def _in_order(found: Iterable[Measure]) -> list[Measure]:
    return sorted(found, key=lambda one: (one.recorded_at, one.id))


def _is_gone(measure: Measure, books: Books) -> bool:
    """Tell whether the case that it was recorded on was disposed of."""
    case = books.cases.get(measure.case_number or "")
    return case is not None and case.is_disposed
