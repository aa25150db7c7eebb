"""How the store in memory tells whose cases are whose."""

from uuid import UUID

from gateway.domain.person import PersonId
from gateway.flow.ports import CaseRecord
from gateway.testing.books import Books


class MemoryCitizenCases:
    """Looks through them all."""

    def __init__(self, books: Books) -> None:
        self._books = books

    def newest(self, person: PersonId, before: UUID | None, limit: int) -> list[CaseRecord]:
        """Read a page of a citizen's cases, the newest first."""
        with self._books as books:
            found = [case.record for case in books.of(person)]
        found = [record for record in found if before is None or record.id < before]
        return sorted(found, key=lambda record: record.id, reverse=True)[:limit]
