"""The due dates of open complaints in memory."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from gateway.domain.hsa import HsaId
from gateway.domain.lifecycle import OPEN_STATES
from gateway.flow.clock import Overdue, Span, UnitClock
from gateway.flow.timeline import Entry
from gateway.flow.unit_list import Due
from gateway.testing.books import Books
from gateway.testing.memory_rows import CaseRow


class MemoryDueDates:
    """The due dates of open complaints."""

    def __init__(self, books: Books) -> None:
        self._books = books

    def remind(self, due: Due, span: Span, entry: Entry, limit: int) -> int:
        """Note on the timelines of some more how they stand to their due date."""
        with self._books as books:
            wanted = [case for case, at in _running(books) if _is_now(case, at, due, span)]
            for case in wanted[:limit]:
                case.reminded = due
                case.note(entry)
            return len(wanted[:limit])

    def overdue(self) -> Mapping[str, Overdue]:
        """Tell for each destination what is overdue and still open."""
        found = defaultdict[str, list[datetime]](list)
        with self._books as books:
            for case, at in _running(books):
                if case.reminded is Due.OVERDUE:
                    found[case.record.destination].append(at)
        return {name: Overdue(len(dates), min(dates)) for name, dates in found.items()}

    def of_regions(self, regions: frozenset[str] | None, span: Span) -> list[UnitClock]:
        """Count by selected unit, in these regions or in all."""
        with self._books as books:
            found = [
                one
                for one in _running(books)
                if regions is None or one[0].record.region in regions
            ]
        return _counted(found, span)

    def of_inboxes(self, owners: frozenset[HsaId], span: Span) -> list[UnitClock]:
        """Count by selected unit what lies in these inboxes."""
        with self._books as books:
            there = {number for owner, number in books.unit_inboxes if owner in owners}
            found = [one for one in _running(books) if one[0].record.number in there]
        return _counted(found, span)


def _running(books: Books) -> Iterator[tuple[CaseRow, datetime]]:
    for case in books.cases.values():
        if case.record.due_at is not None and case.record.state in OPEN_STATES:
            yield case, case.record.due_at


def _is_now(case: CaseRow, due_at: datetime, due: Due, span: Span) -> bool:
    if due is Due.OVERDUE:
        return due_at < span.now and case.reminded is not Due.OVERDUE
    return span.now <= due_at < span.soon and case.reminded is None


def _counted(found: Iterable[tuple[CaseRow, datetime]], span: Span) -> list[UnitClock]:
    units = defaultdict[tuple[str, HsaId], list[tuple[CaseRow, datetime]]](list)
    for case, due_at in found:
        units[case.record.region, case.record.unit].append((case, due_at))
    return [
        UnitClock(
            unit=unit,
            unit_name=max(case.record.unit_name for case, _ in rows),
            region=region,
            open=len(rows),
            soon=sum(span.now <= at < span.soon for _, at in rows),
            overdue=sum(at < span.now for _, at in rows),
            first_due_at=min(at for _, at in rows),
        )
        for (region, unit), rows in sorted(units.items(), key=lambda one: _place(*one[0]))
    ]


def _place(region: str, unit: HsaId) -> tuple[str, str]:
    return region, unit.text
