"""Diary numbers, legal holds and whole cases in memory."""

from gateway.domain.case import CaseEvent
from gateway.domain.keeping import NOTHING_RECORDED, Keeping
from gateway.flow.archive_package import Added, CaseFile
from gateway.flow.keeping import DecideKeeping
from gateway.flow.timeline import Entry
from gateway.testing.books import Books


class MemoryKeepings:
    """What is recorded about the keeping of cases."""

    def __init__(self, books: Books) -> None:
        self._books = books

    def find(self, number: str) -> Keeping:
        """Read what is recorded of a case."""
        with self._books as books:
            case = books.cases.get(number)
            return case.keeping if case else NOTHING_RECORDED

    def change(self, number: str, decide: DecideKeeping) -> Keeping | None:
        """Record what is decided."""
        with self._books as books:
            case = books.cases.get(number)
            if case is None:
                return None
            recorded = decide(case.record, case.keeping)
            if recorded is not None:
                case.keeping, entry = recorded
                case.note(entry)
            return case.keeping


class MemoryCaseFiles:
    """Cases, read whole."""

    def __init__(self, books: Books) -> None:
        self._books = books

    def read(self, number: str, reader: Entry) -> CaseFile | None:
        """Put the reading on the timeline, and read all there is."""
        with self._books as books:
            case = books.cases.get(number)
            if case is None or case.is_disposed:
                return None
            case.note(reader)
            told = [delivery.new for delivery in case.deliveries]
            return CaseFile(
                record=case.record,
                case=case.new.case,
                added=tuple(Added(n.created_at, n.supplement) for n in told if n.supplement),
                reasons=tuple(n.reason for n in told if n.event is CaseEvent.FORWARDED),
                messages=tuple(case.inbox),
                handling=case.handling,
                keeping=case.keeping,
                timeline=tuple(case.timeline),
            )
