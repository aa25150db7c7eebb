"""A case changed under its lock, once per message (DESIGN decision 9)."""

from sqlalchemy import Connection, bindparam, select, update

from gateway.flow.overtaken import decided
from gateway.flow.ports import (
    Ambiguous,
    CaseName,
    Change,
    Conflicting,
    Decide,
    Kept,
    Receipt,
    Received,
)
from gateway.flow.statistics import Placing
from gateway.store import (
    endings,
    forwarding,
    handlings,
    inbox_messages,
    naming,
    outgoing,
    shelves,
    statistics,
    timelines,
)
from gateway.store.once import insert_once
from gateway.store.records import Found, Row, case_record
from gateway.store.tables import cases, received_messages


def change(
    connection: Connection,
    name: CaseName,
    received: Received,
    decide: Decide,
    placing: Placing,
) -> Kept | Conflicting | Ambiguous | None:
    """Change a case as decided, with all that follows from it; None when it is unknown."""
    before = answered_before(connection, received)
    if before is not None:
        return before
    case = naming.lock(connection, name)
    if case is None or isinstance(case, Ambiguous):
        return case
    # Another one may have taken the same message since: that one has committed now.
    if not insert_once(connection, received_messages, _received_row(case, received)):
        return answered_before(connection, received)
    seen = received.seen
    since = () if seen is None else timelines.since(connection, case.id, seen)
    changed = decided(decide, case_record(case), since)
    _write(connection, case, changed)
    # The last of all: summaries are shared by everybody, and are held as shortly as can be.
    statistics.count(connection, case, changed, placing)
    return Kept(Receipt(case.case_number, received.at), repeated=False)


def answered_before(connection: Connection, received: Received) -> Kept | Conflicting | None:
    """Give what was answered to the first of this sender's with this id; None when it is new."""
    values = {"sender": received.sender.key, "message": received.message_id}
    first = connection.execute(_FIRST, values).one_or_none()
    if first is None:
        return None
    if first.fingerprint != received.fingerprint:
        return Conflicting()
    return Kept(Receipt(first.case_number, first.at), repeated=True)


def _received_row(case: Found, received: Received) -> Row:
    return {
        "sender_key": received.sender.key,
        "message_id": received.message_id,
        "fingerprint": received.fingerprint,
        "case_id": case.id,
        "at": received.at,
    }


def _write(connection: Connection, case: Found, change: Change) -> None:
    timelines.append(connection, case.id, change.entry)
    connection.execute(_MOVE, {"case": case.id, "to_state": change.state.value})
    endings.follow(connection, case, change.state, change.entry.at)
    naming.keep_external_id(connection, case.id, change.external_case_id)
    if change.handover is not None:
        forwarding.hand_over(connection, case, change.handover)
    if change.inbox is not None:
        inbox_messages.put(connection, case.id, change.inbox)
    if change.delivery is not None:
        outgoing.put(connection, case.id, change.delivery)
    if change.handled is not None:
        handlings.handle(connection, case.id, change.handled)
    holder = change.handover.holder.key if change.handover else case.holder_key
    shelves.follow(connection, case, change.state, holder)


_FIRST = (
    select(received_messages.c.fingerprint, received_messages.c.at, cases.c.case_number)
    .join(cases)
    .where(
        received_messages.c.sender_key == bindparam("sender"),
        received_messages.c.message_id == bindparam("message"),
    )
)
_MOVE = update(cases).where(cases.c.id == bindparam("case")).values(state=bindparam("to_state"))
