"""What an inbox knows of its cases, so that every list is read from an index (DOMAIN E1)."""

from uuid import UUID

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Index,
    String,
    Table,
    bindparam,
    delete,
    literal_column,
    select,
    update,
)

from gateway.domain.case import Kind
from gateway.domain.hsa import HsaId
from gateway.domain.lifecycle import CaseState
from gateway.flow.unit_list import Shelf, shelf_of
from gateway.store.moment import Moment
from gateway.store.records import Found
from gateway.store.tables import cases, metadata

_RUNNING = literal_column(f"shelf = '{Shelf.OPEN.value}' AND due_at IS NOT NULL", Boolean)

# All but the owner, the arrival and the assignee is what stands on the case. A node of the version
# before, which knows nothing of shelves and units, lays new complaints of no unit.
unit_inbox = Table(
    "unit_inbox",
    metadata,
    Column("owner_key", String, primary_key=True),
    Column("case_id", ForeignKey("cases.id"), primary_key=True),
    Column("arrived_at", Moment, nullable=False),
    Column("shelf", String, nullable=False, server_default=Shelf.OPEN.value),
    Column("kind", String, nullable=False, server_default=Kind.COMPLAINT.value),
    Column("due_at", Moment),
    Column("assignee_key", String),
    # The unit that was selected, which never changes.
    Column("unit_key", String, nullable=False, server_default=""),
    Index("unit_inbox_by_arrival", "owner_key", "shelf", "kind", "arrived_at", "case_id"),
    Index(
        "unit_inbox_of_assignee",
        *("owner_key", "assignee_key", "shelf", "kind", "arrived_at", "case_id"),
    ),
    # It ends with the assignee, so that the cases of others are passed by without their rows.
    Index(
        "unit_inbox_of_unit",
        *("owner_key", "unit_key", "shelf", "kind", "arrived_at", "case_id", "assignee_key"),
    ),
    Index(
        "unit_inbox_due",
        *("owner_key", "due_at", "case_id"),
        sqlite_where=_RUNNING,
        postgresql_where=_RUNNING,
    ),
    Index(
        "unit_inbox_due_of_assignee",
        *("owner_key", "assignee_key", "due_at", "case_id"),
        sqlite_where=_RUNNING,
        postgresql_where=_RUNNING,
    ),
    Index(
        "unit_inbox_due_of_unit",
        *("owner_key", "unit_key", "due_at", "case_id"),
        sqlite_where=_RUNNING,
        postgresql_where=_RUNNING,
    ),
    sqlite_with_rowid=False,
)


def follow(connection: Connection, before: Found, state: CaseState, holder_key: str) -> None:
    """
    Let a case lie in its inbox where it lies now; it leaves that of a holder who has it no more.

    `before` is the row of the case, which is locked.
    """
    if holder_key != before.holder_key:
        connection.execute(_LEAVE, {"owner": before.holder_key, "case": before.id})
    elif shelf_of(state) is not shelf_of(CaseState(before.state)):
        to_shelf = shelf_of(state).value
        values = {"owner": holder_key, "case": before.id, "to_shelf": to_shelf}
        connection.execute(_MOVE, values)


def assign(connection: Connection, case_id: UUID, assignee: HsaId | None) -> None:
    """Note in its inbox whose a case is now; nobody's with None. The case is locked."""
    values = {"case": case_id, "to_assignee": assignee.key if assignee else None}
    connection.execute(_ASSIGN, values)


_PLACE = (
    unit_inbox.c.owner_key == bindparam("owner"),
    unit_inbox.c.case_id == bindparam("case"),
)
_LEAVE = delete(unit_inbox).where(*_PLACE)
_MOVE = update(unit_inbox).where(*_PLACE).values(shelf=bindparam("to_shelf"))
_ASSIGN = (
    update(unit_inbox)
    .where(
        unit_inbox.c.owner_key
        == select(cases.c.holder_key).where(cases.c.id == bindparam("case")).scalar_subquery(),
        unit_inbox.c.case_id == bindparam("case"),
    )
    .values(assignee_key=bindparam("to_assignee"))
)
