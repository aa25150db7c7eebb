"""How a case is named: by Växel's number, or by the id that its holder gave it."""

from uuid import UUID

from sqlalchemy import Connection, bindparam, select, update

from gateway.flow.ports import CaseName
from gateway.store.records import Found
from gateway.store.tables import cases


def lock(connection: Connection, name: CaseName) -> Found | None:
    """Read a case and keep others from changing it until the end; None when it is unknown."""
    if name.external is None:
        return connection.execute(_BY_NUMBER, {"number": name.number}).one_or_none()
    holder, external_case_id = name.external
    values = {"holder": holder.key, "external": external_case_id}
    return connection.execute(_BY_EXTERNAL_ID, values).one_or_none()


def keep_external_id(connection: Connection, case_id: UUID, external_case_id: str | None) -> None:
    """Keep what the holder calls a case, when it said so for the first time."""
    if external_case_id is not None:
        connection.execute(_KEEP, {"case": case_id, "external": external_case_id})


_BY_NUMBER = select(cases).where(cases.c.case_number == bindparam("number")).with_for_update()
_BY_EXTERNAL_ID = (
    select(cases)
    .where(
        cases.c.holder_key == bindparam("holder"),
        cases.c.external_case_id == bindparam("external"),
    )
    # A holder that used its id again means the newest case.
    .order_by(cases.c.id.desc())
    .limit(1)
    .with_for_update()
)
_KEEP = (
    update(cases)
    .where(cases.c.id == bindparam("case"), cases.c.external_case_id.is_(None))
    .values(external_case_id=bindparam("external"))
)
