"""The timeline in the store: entries are only ever added, at the head, under the case's lock."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection, bindparam, select, update

from gateway.flow.timeline import Entry, Link, Step, link
from gateway.store.records import Found, Row
from gateway.store.rows import insert_rows
from gateway.store.tables import cases, timeline


def append(connection: Connection, case_id: UUID, entry: Entry) -> None:
    """Put an entry at the head of a case's timeline; the case stays locked until the end."""
    append_all(connection, [(case_id, entry)])


def append_all(connection: Connection, entries: Sequence[tuple[UUID, Entry]]) -> None:
    """Put entries at the heads of their cases' timelines, which stay locked until the end."""
    if not entries:
        return
    heads = _heads(connection, {case_id for case_id, _ in entries})
    rows = []
    for case_id, entry in entries:
        number, previous = heads[case_id]
        linked = link(entry, number + 1, previous)
        heads[case_id] = linked.number, linked.hash
        rows.append(row_of(case_id, linked))
    insert_rows(connection, timeline, rows)
    moved = [
        {"case": case_id, "to_number": number, "to_hash": hash_}
        for case_id, (number, hash_) in heads.items()
    ]
    connection.execute(_MOVE_HEAD, moved)


def read(connection: Connection, case_number: str) -> list[Link]:
    """Read a whole timeline, oldest first."""
    found = connection.execute(
        select(timeline)
        .join(cases)
        .where(cases.c.case_number == case_number)
        .order_by(timeline.c.number)
    )
    return [_link(row) for row in found]


def since(connection: Connection, case_id: UUID, number: int) -> list[Link]:
    """Read what has been put on a case's timeline after the entry of this number."""
    found = connection.execute(
        select(timeline)
        .where(timeline.c.case_id == case_id, timeline.c.number > number)
        .order_by(timeline.c.number)
    )
    return [_link(row) for row in found]


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


def _link(row: Found) -> Link:
    return Link(row.number, Entry(Step(row.step), row.at, row.actor, row.details), row.hash)


def _heads(connection: Connection, case_ids: set[UUID]) -> dict[UUID, tuple[int, str]]:
    found = connection.execute(_HEADS, {"cases": list(case_ids)})
    return {row.id: (row.timeline_number, row.timeline_hash) for row in found}


_HEADS = (
    select(cases.c.id, cases.c.timeline_number, cases.c.timeline_hash)
    .where(cases.c.id.in_(bindparam("cases", expanding=True)))
    # Always in the same order, so that two who write do not wait for each other.
    .order_by(cases.c.id)
    .with_for_update()
)
_MOVE_HEAD = (
    update(cases)
    .where(cases.c.id == bindparam("case"))
    .values(timeline_number=bindparam("to_number"), timeline_hash=bindparam("to_hash"))
)
