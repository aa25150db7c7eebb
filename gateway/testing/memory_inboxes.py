"""The built-in inbox of units in memory, sorted anew at every reading."""

from collections.abc import Callable
from datetime import datetime

from gateway.domain.hsa import HsaId
from gateway.domain.message import Message
from gateway.flow.board import Board, Counting, UnitCounts, summed
from gateway.flow.ports import UnitInboxItem
from gateway.flow.unit_list import EVERYTHING, Bookmark, Order, Selection, Shelf, shelf_of
from gateway.testing.books import Books
from gateway.testing.memory_rows import CaseRow


class MemoryUnitInboxes:
    """The built-in inbox."""

    def __init__(self, books: Books, clock: Callable[[], datetime]) -> None:
        self._books = books
        self._clock = clock

    def put(self, message: Message) -> str:
        """Put a case before the staff of its holder; repeats do nothing. Gives the case number."""
        with self._books as books:
            holder = books.cases[message.case_number].record.holder
            if books.is_moved(message.message_id):
                return message.case_number
            books.unit_inboxes.setdefault((holder, message.case_number), self._clock())
            return message.case_number

    def items(
        self,
        owners: frozenset[HsaId],
        after: Bookmark | None,
        limit: int,
        selection: Selection = EVERYTHING,
    ) -> list[UnitInboxItem]:
        """Read a page of the cases of these inboxes."""
        backwards = selection.order is Order.NEWEST
        with self._books as books:
            found = [
                _item(books.cases[number], at)
                for (owner, number), at in books.unit_inboxes.items()
                if owner in owners and _is_wanted(books.cases[number], selection)
            ]
        found.sort(key=lambda item: _place(item.bookmark(selection.order)), reverse=backwards)
        if after is not None:
            found = [item for item in found if _comes_after(item, after, selection.order)]
        return found[:limit]

    def board(self, owners: frozenset[HsaId], counting: Counting) -> Board:
        """Count the open cases of these inboxes by unit."""
        with self._books as books:
            found = [
                books.cases[number]
                for owner, number in books.unit_inboxes
                if owner in owners and shelf_of(books.cases[number].record.state) is Shelf.OPEN
            ][: counting.most]
        counts = (_counts(case, counting) for case in found)
        return Board(summed(counts), whole=len(found) < counting.most)


def _counts(case: CaseRow, counting: Counting) -> UnitCounts:
    record, due_at = case.record, case.record.due_at
    return UnitCounts(
        unit=record.unit,
        unit_name=record.unit_name,
        region=record.region,
        open=1,
        unassigned=int(case.handling.assigned_to is None),
        uncontacted=int(case.handling.first_contact_at is None),
        soon=int(due_at is not None and counting.now <= due_at < counting.soon),
        overdue=int(due_at is not None and due_at < counting.now),
    )


def _item(case: CaseRow, arrived_at: datetime) -> UnitInboxItem:
    return UnitInboxItem(case.record, arrived_at, case.handling, case.reminded)


def _is_wanted(case: CaseRow, wanted: Selection) -> bool:
    record = case.record
    return (
        wanted.shelf in (None, shelf_of(record.state))
        and wanted.kind in (None, record.kind)
        and wanted.unit in (None, record.unit)
        and (wanted.assigned is None or wanted.assigned.whom == case.handling.assigned_to)
        and (wanted.order is not Order.DUE or _is_due(case, wanted))
    )


def _is_due(case: CaseRow, wanted: Selection) -> bool:
    due_at = case.record.due_at
    if due_at is None or shelf_of(case.record.state) is not Shelf.OPEN:
        return False
    is_late_enough = wanted.due_from is None or due_at >= wanted.due_from
    return is_late_enough and (wanted.due_before is None or due_at < wanted.due_before)


def _place(mark: Bookmark) -> tuple[datetime, str]:
    return mark.at, mark.case_id.hex


def _comes_after(item: UnitInboxItem, after: Bookmark, order: Order) -> bool:
    here, there = _place(item.bookmark(order)), _place(after)
    return here < there if order is Order.NEWEST else here > there
