"""What goes out: the events of a case, each with its place in the outbox, in the case's order."""

from uuid import UUID

import orjson
from sqlalchemy import Connection, bindparam, func, select, update

from gateway.domain.case import CaseEvent
from gateway.domain.lifecycle import DeliveryState
from gateway.domain.notation import Json, supplement_to_json
from gateway.flow.ports import NewDelivery
from gateway.store import files, wakes
from gateway.store.records import Row
from gateway.store.rows import insert_rows
from gateway.store.tables import case_events, inbox_messages, outbox, standing


def put(connection: Connection, case_id: UUID, delivery: NewDelivery) -> None:
    """Put a delivery after the others of its case, which the caller has locked."""
    number = connection.execute(_LATEST, {"case": case_id}).scalar_one() + 1
    supplement = delivery.supplement
    event = event_row(case_id, number, delivery, _content(connection, case_id, delivery))
    insert_rows(connection, case_events, [event])
    if supplement:
        files.keep(connection, files.rows_of(event["id"], supplement.attachments))
    # Something new for a case is a reason to try what it would have to wait for.
    connection.execute(_HURRY, {"case": case_id, "at": delivery.created_at})
    insert_rows(connection, outbox, [outbox_row(event, delivery)])
    wakes.tell(connection)


def _content(connection: Connection, case_id: UUID, delivery: NewDelivery) -> Json | None:
    if delivery.supplement is not None:
        return supplement_to_json(delivery.supplement, with_content=False)
    if delivery.event is CaseEvent.FORWARDED:
        # What goes along; neither times nor ids tell it, each node makes its own.
        said = [str(one) for one in connection.scalars(_SAID, {"case": case_id})]
        return {"reason": delivery.reason, "said": said}
    return None if delivery.reason is None else {"reason": delivery.reason}


def event_row(case_id: UUID, number: int, delivery: NewDelivery, content: Json | None) -> Row:
    """Give the row of an event; `content` is its notation, or None when it says no more."""
    return {
        "id": UUID(delivery.message_id),
        "case_id": case_id,
        "number": number,
        "event": delivery.event.value,
        "content": None if content is None else orjson.dumps(content).decode(),
    }


def outbox_row(event: Row, delivery: NewDelivery) -> Row:
    """Give the row of the delivery that tells of this event; it may be tried at once."""
    return {
        "id": event["id"],
        "case_id": event["case_id"],
        "number": event["number"],
        "destination": delivery.destination,
        "state": DeliveryState.WAITING.value,
        "created_at": delivery.created_at,
        "due_at": delivery.created_at,
        "waiting_since": delivery.created_at,
        "attempts": 0,
    }


_LATEST = select(func.max(case_events.c.number)).where(case_events.c.case_id == bindparam("case"))
_SAID = select(inbox_messages.c.id).where(inbox_messages.c.case_id == bindparam("case"))
_HURRY = (
    update(outbox)
    .where(
        outbox.c.case_id == bindparam("case"),
        outbox.c.state == standing(DeliveryState.WAITING),
        # Say no more, but lead SQLite to the index of what a case has that is not delivered.
        outbox.c.state != standing(DeliveryState.DELIVERED),
        outbox.c.number > 0,
        outbox.c.due_at > bindparam("at"),
    )
    .values(due_at=bindparam("at"))
)
