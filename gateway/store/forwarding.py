"""A case in new hands, in SQL, and the history that goes along (DOMAIN D6)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from uuid import UUID

import orjson
from sqlalchemy import Connection, bindparam, select, update

from gateway.domain.case import CaseEvent
from gateway.domain.forwarding import Past, PastKind, Place
from gateway.domain.hsa import HsaId
from gateway.domain.lifecycle import DeliveryState
from gateway.domain.message import InboxKind
from gateway.domain.notation import supplement_from_json
from gateway.flow.handover import WENT_ALONG, Handover
from gateway.store import files
from gateway.store.files import Files
from gateway.store.hops import hop_to_json
from gateway.store.records import Found, id_of
from gateway.store.tables import case_events, cases, inbox_messages, outbox, standing


def hand_over(connection: Connection, case: Found, to: Handover) -> None:
    """
    Give a case, which is locked, to its new holder; nothing of it goes to the one before any more.

    Raises Unavailable when a worker is just writing what came of a delivery of it.
    """
    # A worker locks a delivery and then its case: who waited here with the case would wait for it.
    if connection.execute(_UNDONE, {"case": case.id}).all():
        connection.execute(_GO_ALONG, {"case": case.id, "why": WENT_ALONG})
    values = {
        "case": case.id,
        "to_destination": to.destination,
        "to_region": to.region,
        "to_holder": to.holder.text,
        "to_holder_key": to.holder.key,
        "to_forwards": [*(case.forwards or ()), hop_to_json(to.hop)],
        "called": case.external_case_id if to.holder.key == case.holder_key else None,
    }
    connection.execute(_HAND_OVER, values)


def is_moved(connection: Connection, message_id: str) -> bool:
    """Tell whether a message, perhaps sent already, has gone along with its case to another."""
    values = {"delivery": id_of(message_id)}
    return connection.execute(_IS_MOVED, values).one_or_none() is not None


def history_of(connection: Connection, number: str) -> tuple[Past, ...]:
    """Read all that was said about the case of this number; of one that is unknown, nothing."""
    case_id = connection.scalar(_CASE_ID, {"number": number})
    if case_id is None:
        return ()
    values = {"case": case_id}
    said = connection.execute(_SAID, values).all()
    return _past(connection, said, connection.execute(_ADDED, values).all())


def history(
    connection: Connection, case_id: UUID, forwarded: int, said: Iterable[str]
) -> tuple[Past, ...]:
    """
    Read what goes along with a case, by both sides, in the order of time; files and all.

    That is what came before its event of the number `forwarded`, and the messages to the citizen
    with the ids `said`, as they were noted under the case's lock: a forward that waited for the
    lock has an earlier time than what it waited for.
    """
    values = {"case": case_id, "number": forwarded, "ids": [UUID(one) for one in said]}
    told = connection.execute(_SAID_THEN, values).all()
    return _past(connection, told, connection.execute(_ADDED_THEN, values).all())


def _past(
    connection: Connection, said: Sequence[Found], added: Sequence[Found]
) -> tuple[Past, ...]:
    came_with = files.of_owners(connection, [row.id for row in (*said, *added)])
    past = [*_said(said, came_with), *_added(added, came_with)]
    return tuple(sorted(past, key=lambda one: one.at))


def _said(rows: Iterable[Found], came_with: Files) -> Iterator[Past]:
    for row in rows:
        sender = Place(HsaId(row.sender_hsa_id), row.sender_name)
        kind, attachments = PastKind(row.kind), came_with.get(row.id, ())
        yield Past(kind, row.sent_at, row.text, sender, attachments)


def _added(rows: Iterable[Found], came_with: Files) -> Iterator[Past]:
    for row in rows:
        text = supplement_from_json(orjson.loads(row.content)).text
        came = Past(PastKind.SUPPLEMENTED, row.created_at, text)
        yield replace(came, attachments=came_with.get(row.id, ()))


# What has an end of its own stays as it is.
_ENDED = [standing(DeliveryState.DELIVERED), standing(DeliveryState.MOVED)]
_OF_THE_CASE = (
    outbox.c.case_id == bindparam("case"),
    # Says no more, but leads SQLite to the index of what a case has that is not delivered.
    outbox.c.state != standing(DeliveryState.DELIVERED),
    outbox.c.number > 0,
    outbox.c.state.not_in(_ENDED),
)
_UNDONE = select(outbox.c.id).where(*_OF_THE_CASE).with_for_update(nowait=True)
_IS_MOVED = select(outbox.c.id).where(
    outbox.c.id == bindparam("delivery"), outbox.c.state == standing(DeliveryState.MOVED)
)
_GO_ALONG = (
    update(outbox)
    .where(*_OF_THE_CASE)
    .values(
        state=DeliveryState.MOVED.value,
        lease_until=None,
        reason=bindparam("why"),
        fault=None,
        blame=None,
    )
)
_HAND_OVER = (
    update(cases)
    .where(cases.c.id == bindparam("case"))
    .values(
        destination=bindparam("to_destination"),
        region=bindparam("to_region"),
        holder_hsa_id=bindparam("to_holder"),
        holder_key=bindparam("to_holder_key"),
        forwards=bindparam("to_forwards"),
        external_case_id=bindparam("called"),
    )
)
_CASE_ID = select(cases.c.id).where(cases.c.case_number == bindparam("number"))
_SAID = (
    select(inbox_messages)
    .where(
        inbox_messages.c.case_id == bindparam("case"),
        # It tells the citizen what the case itself tells everybody else.
        inbox_messages.c.kind != InboxKind.CASE_CONFIRMATION.value,
    )
    .order_by(inbox_messages.c.id)
)
_ADDED = (
    select(case_events.c.id, case_events.c.content, outbox.c.created_at)
    .join(outbox, outbox.c.id == case_events.c.id)
    .where(
        case_events.c.case_id == bindparam("case"),
        case_events.c.event == CaseEvent.SUPPLEMENTED.value,
    )
    .order_by(case_events.c.number)
)
_SAID_THEN = _SAID.where(inbox_messages.c.id.in_(bindparam("ids", expanding=True)))
_ADDED_THEN = _ADDED.where(case_events.c.number < bindparam("number"))
