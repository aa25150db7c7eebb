"""How cases are handled, in SQL: one row for each that somebody has touched."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    ForeignKey,
    String,
    Table,
    bindparam,
    insert,
    select,
    update,
)

from gateway.domain.handling import (
    UNHANDLED,
    Handling,
    classification_from_json,
    classification_to_json,
)
from gateway.domain.hsa import HsaId
from gateway.store import shelves
from gateway.store.engine import Database
from gateway.store.moment import Moment
from gateway.store.records import Found, Row
from gateway.store.tables import cases, metadata

handlings = Table(
    "handlings",
    metadata,
    Column("case_id", ForeignKey("cases.id"), primary_key=True),
    Column("assigned_to", String),
    Column("assigned_name", String),
    Column("relation_verified_by", String),
    Column("relation_verified_at", Moment),
    Column("attachments_allowed", Boolean, nullable=False),
    Column("corrected_unit", String),
    Column("classification", JSON, nullable=False),
    Column("first_contact_at", Moment),
    Column("closed_at", Moment),
    Column("reopened_at", Moment),
    sqlite_with_rowid=False,
)


@dataclass(frozen=True, slots=True)
class SqlHandlings:
    """How cases are handled; what the methods promise stands in the port."""

    database: Database

    def find(self, number: str) -> Handling:
        """Read how a case is handled."""
        with self.database.reading() as connection:
            row = connection.execute(_BY_NUMBER, {"number": number}).one_or_none()
        return UNHANDLED if row is None else handling_of(row)


def handle(connection: Connection, case_id: UUID, become: Callable[[Handling], Handling]) -> None:
    """Write what becomes of a case's handling; the case is locked."""
    row = connection.execute(_BY_CASE, {"case": case_id}).one_or_none()
    before = UNHANDLED if row is None else handling_of(row)
    after = become(before)
    if after == before:
        return
    if row is None:
        connection.execute(insert(handlings), {"case_id": case_id, **_values(after)})
    else:
        connection.execute(_MOVE, {"case": case_id, **_values(after)})
    if after.assigned_to != before.assigned_to:
        shelves.assign(connection, case_id, after.assigned_to)


def handling_of(row: Found) -> Handling:
    """Read a row of the table back."""
    return Handling(
        assigned_to=_hsa(row.assigned_to),
        assigned_name=row.assigned_name,
        relation_verified_by=row.relation_verified_by,
        relation_verified_at=row.relation_verified_at,
        attachments_allowed=row.attachments_allowed,
        corrected_unit=_hsa(row.corrected_unit),
        classification=classification_from_json(row.classification),
        first_contact_at=row.first_contact_at,
        closed_at=row.closed_at,
        reopened_at=row.reopened_at,
    )


def _values(handling: Handling) -> Row:
    assigned, corrected = handling.assigned_to, handling.corrected_unit
    return {
        "assigned_to": assigned.text if assigned else None,
        "assigned_name": handling.assigned_name,
        "relation_verified_by": handling.relation_verified_by,
        "relation_verified_at": handling.relation_verified_at,
        "attachments_allowed": handling.attachments_allowed,
        "corrected_unit": corrected.text if corrected else None,
        "classification": classification_to_json(handling.classification),
        "first_contact_at": handling.first_contact_at,
        "closed_at": handling.closed_at,
        "reopened_at": handling.reopened_at,
    }


def _hsa(text: str | None) -> HsaId | None:
    return HsaId(text) if text else None


_BY_CASE = select(handlings).where(handlings.c.case_id == bindparam("case"))
_BY_NUMBER = select(handlings).join(cases).where(cases.c.case_number == bindparam("number"))
_MOVE = update(handlings).where(handlings.c.case_id == bindparam("case"))
