"""How the store in memory keeps cases that their holders have registered."""

from dataclasses import replace

from gateway.domain.lifecycle import CaseState
from gateway.flow.ports import Ambiguous, Change, Conflicting, Kept
from gateway.flow.registering import RegisteredCase
from gateway.testing.books import Books, answer_again, receipt_of, record_of
from gateway.testing.memory_rows import CaseRow


class MemoryRegisteredCases:
    """Kept as all others, but sent to nobody."""

    def __init__(self, books: Books) -> None:
        self._books = books

    def add(self, registered: RegisteredCase) -> Kept | Conflicting | Ambiguous:
        """Keep one; a repeat gets the first receipt."""
        new = registered.new
        key = new.sender, new.case.case_id
        with self._books as books:
            first = books.by_sender.get(key)
            if first is not None:
                return answer_again(new.fingerprint, first.new.fingerprint, receipt_of(first.new))
            called = registered.name.external
            if any(case.is_open and case.called == called for case in books.cases.values()):
                return Ambiguous()
            record = replace(record_of(new), channel=registered.channel)
            case = CaseRow(new, record)
            books.cases[new.number] = books.by_sender[key] = case
            told = registered.external_case_id
            state = CaseState.RECEIVED
            books.take(case, Change(state, new.entry, new.confirmation, external_case_id=told))
            if registered.lies_in_inbox:
                books.unit_inboxes[new.holder, new.number] = new.confirmation.sent_at
            return Kept(receipt_of(new), repeated=False)
