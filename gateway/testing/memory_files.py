"""Every file that anything in memory has, but for those sent by themselves."""

from collections.abc import Iterator

from gateway.domain.case import Attachment
from gateway.testing.books import Books
from gateway.testing.memory_rows import CaseRow


def files_in(books: Books) -> Iterator[Attachment]:
    """Give the files of cases, of what was said about them, and of what waits for either."""
    for case in books.cases.values():
        if not case.is_disposed:
            yield from _of(case)
    for unmatched in books.unmatched.values():
        if unmatched is not None:
            yield from unmatched.message.attachments


def _of(case: CaseRow) -> Iterator[Attachment]:
    yield from case.new.case.attachments
    for delivery in case.deliveries:
        yield from delivery.new.supplement.attachments if delivery.new.supplement else ()
    for message in case.inbox:
        yield from message.attachments
