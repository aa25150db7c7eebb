"""Ended cases, and the proofs of those disposed of, in memory."""

from dataclasses import replace

from gateway.domain.handling import UNHANDLED
from gateway.domain.lifecycle import DELIVERY_STEPS, CaseState
from gateway.flow.retention import Disposal, Disposing, Ended, Scope
from gateway.testing.books import Books
from gateway.testing.memory_rows import CaseRow


class MemoryRetentions:
    """What is kept of ended cases."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self._disposals: dict[str, Disposal] = {}

    def ended(self, scope: Scope, after: Ended | None, limit: int) -> list[Ended]:
        """Read a page of the cases in a scope, the one that ended first first."""
        with self._books as books:
            known = (ended for case in books.cases.values() if (ended := _ended(case)))
            found = sorted((one for one in known if scope.holds(one)), key=_place)
            return [one for one in found if after is None or _place(one) > _place(after)][:limit]

    def dispose(self, number: str, disposing: Disposing) -> Disposal | None:
        """Remove content and identity, keep the proof."""
        with self._books as books:
            case = books.cases.get(number)
            ended = _ended(case) if case else None
            if case is None or ended is None or not disposing.allows(ended):
                return None
            removed = _counts(case)
            _remove(books, case)
            case.note(disposing.entry(ended, removed))
            return self._disposals.setdefault(number, _proof(case, ended, disposing))

    def disposals(self, after: str | None, limit: int) -> list[Disposal]:
        """Read a page of the proofs."""
        with self._books:
            found = [self._disposals[number] for number in sorted(self._disposals)]
            return [one for one in found if after is None or one.number > after][:limit]

    def wipe(self) -> bool:
        """What is gone from memory is gone."""
        return True


def _place(ended: Ended) -> tuple[object, ...]:
    return ended.ended_at, ended.id


def _ended(case: CaseRow) -> Ended | None:
    if case.ended_at is None:
        return None
    return Ended(
        id=case.record.id,
        number=case.record.number,
        region=case.record.region,
        kind=case.record.kind,
        ended_at=case.ended_at,
        hold=case.keeping.hold,
        undelivered=any(DELIVERY_STEPS[delivery.state] for delivery in case.deliveries),
    )


def _counts(case: CaseRow) -> dict[str, int]:
    supplements = [d.new.supplement for d in case.deliveries if d.new.supplement]
    files = len(case.new.case.attachments)
    files += sum(len(one.attachments) for one in supplements)
    files += sum(len(one.attachments) for one in case.inbox)
    counts = len(case.deliveries), len(case.inbox), files
    return dict(zip(("events", "messages", "files"), counts, strict=True))


def _remove(books: Books, case: CaseRow) -> None:
    number, called = case.record.number, case.called
    for delivery in case.deliveries:
        del books.deliveries[delivery.id]
    case.deliveries.clear()
    case.inbox.clear()
    case.handling, case.ended_at = UNHANDLED, None
    case.keeping = replace(case.keeping, lift_reason=None)
    case.record = replace(case.record, state=CaseState.DISPOSED)
    books.received = {
        key: kept for key, kept in books.received.items() if kept[1].case_number != number
    }
    books.unit_inboxes = {key: at for key, at in books.unit_inboxes.items() if key[1] != number}
    for key, kept in books.unmatched.items():
        message = kept.message if kept else None
        if message and (
            message.case_number == number
            or (message.external_case_id and (key[0], message.external_case_id) == called)
        ):
            books.unmatched[key] = None


def _proof(case: CaseRow, ended: Ended, disposing: Disposing) -> Disposal:
    head = case.timeline[-1]
    return Disposal(
        number=ended.number,
        region=ended.region,
        kind=ended.kind,
        ended_at=ended.ended_at,
        disposed_at=disposing.at,
        rule=disposing.rule,
        by=disposing.by,
        timeline_entries=head.number,
        timeline_hash=head.hash,
    )
