"""When cases ended: what retention is counted from, whoever ended them (DOMAIN E4)."""

from datetime import datetime

from sqlalchemy import Column, Connection, ForeignKey, Index, String, Table, bindparam, delete

from gateway.domain.lifecycle import ENDED_STATES, CaseState
from gateway.store.moment import Moment
from gateway.store.records import Found
from gateway.store.rows import insert_rows
from gateway.store.tables import metadata

endings = Table(
    "endings",
    metadata,
    Column("case_id", ForeignKey("cases.id"), primary_key=True),
    Column("region", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("ended_at", Moment, nullable=False),
    Index("endings_in_order", "region", "kind", "ended_at", "case_id"),
    sqlite_with_rowid=False,
)


def follow(connection: Connection, case: Found, state: CaseState, at: datetime) -> None:
    """Note that a case, which is locked, ends or goes on; one that ends again ends then."""
    if case.state == state.value:
        return
    if case.state in ENDED_STATES:
        connection.execute(_FORGET, {"case": case.id})
    if state in ENDED_STATES:
        row = {"case_id": case.id, "region": case.region, "kind": case.kind, "ended_at": at}
        insert_rows(connection, endings, [row])


_FORGET = delete(endings).where(endings.c.case_id == bindparam("case"))
