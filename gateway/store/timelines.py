"""The timeline in the store: entries are only ever added, at the head, under the case's lock."""

from uuid import UUID

from sqlalchemy import Connection, bindparam, select, update

from gateway.flow.timeline import Entry, Link, Step, link
from gateway.store.records import Row
from gateway.store.rows import insert_rows
from gateway.store.tables import cases, timeline


def append(connection: Connection, case_id: UUID, entry: Entry) -> None:
    """Put an entry at the head of a case's timeline; the case stays locked until the end."""
    head = connection.execute(_HEAD, {"case": case_id}).one()
    linked = link(entry, head.timeline_number + 1, head.timeline_hash)
    insert_rows(connection, timeline, [row_of(case_id, linked)])
    connection.execute(
        _MOVE_HEAD, {"case": case_id, "to_number": linked.number, "to_hash": linked.hash}
    )


def read(connection: Connection, case_number: str) -> list[Link]:
    """Read a whole timeline, oldest first."""
    found = connection.execute(
        select(timeline)
        .join(cases)
        .where(cases.c.case_number == case_number)
        .order_by(timeline.c.number)
    )
    return [
        Link(row.number, Entry(Step(row.step), row.at, row.actor, row.details), row.hash)
        for row in found
    ]


def row_of(case_id: UUID, linked: Link) -> Row:
    """Give the row of an entry in its place."""
    entry = linked.entry
    return {
        "case_id": case_id,
        "number": linked.number,
        "at": entry.at,
        "step": entry.step.value,
        "actor": entry.actor,
        "details": dict(entry.details),
        "hash": linked.hash,
    }


_HEAD = (
    select(cases.c.timeline_number, cases.c.timeline_hash)
    .where(cases.c.id == bindparam("case"))
    .with_for_update()
)
_MOVE_HEAD = (
    update(cases)
    .where(cases.c.id == bindparam("case"))
    .values(timeline_number=bindparam("to_number"), timeline_hash=bindparam("to_hash"))
)
