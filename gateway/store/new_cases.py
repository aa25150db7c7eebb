"""New cases with all that follows from them, many in one transaction (DESIGN decision 3)."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import Connection, Table, select

from gateway.domain.lifecycle import CaseState
from gateway.flow.ports import Conflicting, Kept, NewCase, Receipt
from gateway.flow.timeline import GENESIS, Link, link
from gateway.store import files, timelines, wakes
from gateway.store.inbox_messages import message_row
from gateway.store.outgoing import event_row, outbox_row
from gateway.store.records import Row, case_receipt
from gateway.store.rows import insert_rows
from gateway.store.tables import case_events, cases, inbox_messages, outbox, timeline

# A sender and its own id of the case: what tells a repeat.
Key = tuple[str, str]
# What was said under that key first, and the receipt that it got.
First = tuple[str, Receipt]


def known(connection: Connection, batch: Sequence[NewCase]) -> dict[Key, First]:
    """Tell which of these are here already, and perhaps of some others."""
    senders, case_ids = zip(*map(_key, batch), strict=True)
    # Not as pairs: SQLite would read the whole table for those.
    found = connection.execute(
        select(cases).where(
            cases.c.sender_key.in_(set(senders)), cases.c.sender_case_id.in_(case_ids)
        )
    )
    return {
        (row.sender_key, row.sender_case_id): (row.fingerprint, case_receipt(row)) for row in found
    }


def told_apart(
    batch: Sequence[NewCase], before: Mapping[Key, First]
) -> tuple[list[NewCase], list[Kept | Conflicting]]:
    """Give those that are new, and the answer to every one of the batch in its order."""
    firsts = dict(before)
    fresh: list[NewCase] = []
    answers: list[Kept | Conflicting] = []
    for new in batch:
        mine = (new.fingerprint, Receipt(new.number, new.received_at, new.warnings))
        first = firsts.setdefault(_key(new), mine)
        if first is mine:
            fresh.append(new)
        answers.append(_answer(mine, first))
    return fresh, answers


def insert_all(connection: Connection, fresh: Sequence[NewCase]) -> None:
    """Insert new cases with their files; a key that is taken fails them all."""
    if not fresh:
        return
    for table, rows in rows_of(fresh).items():
        insert_rows(connection, table, rows)
    files.keep(connection, [row for new in fresh for row in file_rows(new)])
    wakes.tell(connection)


def rows_of(fresh: Sequence[NewCase]) -> dict[Table, list[Row]]:
    """Give the rows of new cases by table, one of each for each case."""
    # In the order of their keys, so that two nodes with the same cases cannot lock each other out.
    batch = sorted(fresh, key=_key)
    linked = [(new, link(new.entry, 1, GENESIS)) for new in batch]
    events = [event_row(new.id, 1, new.delivery, new.content) for new in batch]
    return {
        cases: [case_row(new, head) for new, head in linked],
        case_events: events,
        timeline: [timelines.row_of(new.id, head) for new, head in linked],
        inbox_messages: [message_row(new.id, new.confirmation) for new in batch],
        outbox: [
            outbox_row(event, new.delivery) for event, new in zip(events, batch, strict=True)
        ],
    }


def file_rows(new: NewCase) -> list[Row]:
    """Give the rows of the files that a case came with."""
    came_with = new.case.attachments
    return files.rows_of(UUID(new.delivery.message_id), came_with) if came_with else []


def case_row(new: NewCase, linked: Link) -> Row:
    """Give the row of a case, with the head of its timeline."""
    submitter = new.case.submitter.person_id
    return {
        "id": new.id,
        "case_number": new.number,
        "sender_hsa_id": new.sender.text,
        "sender_key": new.sender.key,
        "sender_case_id": new.case.case_id,
        "fingerprint": new.fingerprint,
        "kind": new.case.kind.value,
        "state": CaseState.SUBMITTED.value,
        "region": new.region,
        "unit_hsa_id": new.unit.text,
        "unit_name": new.unit_name,
        "destination": new.delivery.destination,
        "holder_hsa_id": new.holder.text,
        "holder_key": new.holder.key,
        "submitter_oid": submitter.oid,
        "submitter_number": submitter.number,
        "received_at": new.received_at,
        "due_at": new.due_at,
        "warnings": list(new.warnings),
        "timeline_number": linked.number,
        "timeline_hash": linked.hash,
    }


def _key(new: NewCase) -> Key:
    return new.sender.key, new.case.case_id


def _answer(mine: First, first: First) -> Kept | Conflicting:
    if mine[0] != first[0]:
        return Conflicting()
    return Kept(first[1], repeated=first is not mine)
