"""Whose cases are whose, in SQL."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from gateway.domain.person import PersonId
from gateway.flow.ports import CaseRecord
from gateway.store.engine import Database
from gateway.store.records import case_record
from gateway.store.tables import cases


@dataclass(frozen=True, slots=True)
class SqlCitizenCases:
    """What the method promises stands in the port."""

    database: Database

    def newest(self, person: PersonId, before: UUID | None, limit: int) -> list[CaseRecord]:
        """Read a page of a citizen's cases, which the index of submitters finds."""
        wanted = (
            select(cases)
            .where(cases.c.submitter_number == person.number, cases.c.submitter_oid == person.oid)
            .order_by(cases.c.id.desc())
            .limit(limit)
        )
        if before is not None:
            wanted = wanted.where(cases.c.id < before)
        with self.database.reading() as connection:
            return [case_record(row) for row in connection.execute(wanted)]
