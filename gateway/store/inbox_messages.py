"""The citizen's inbox: what is put there, and how the citizen reads it (DOMAIN A7, D1)."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, and_, select

from gateway.domain.case import Attachment
from gateway.domain.hsa import HsaId
from gateway.domain.message import InboxKind, InboxMessage
from gateway.domain.person import PersonId
from gateway.flow.ports import CitizenCase
from gateway.store import files
from gateway.store.files import Files
from gateway.store.records import Found, Row, Wanted, case_record, id_of
from gateway.store.rows import insert_rows
from gateway.store.tables import cases, inbox_messages


def put(connection: Connection, case_id: UUID, message: InboxMessage) -> None:
    """Put a message in the inbox of the case's citizen."""
    insert_rows(connection, inbox_messages, [message_row(case_id, message)])
    files.keep(connection, files.rows_of(UUID(message.message_id), message.attachments))


def message_row(case_id: UUID, message: InboxMessage) -> Row:
    """Give the row of a message, without its attachments."""
    return {
        "id": UUID(message.message_id),
        "case_id": case_id,
        "kind": message.kind.value,
        "sent_at": message.sent_at,
        "sender_hsa_id": message.sender.text,
        "sender_name": message.sender_name,
        "text": message.text,
    }


def cases_of(
    connection: Connection, person: PersonId, number: str | None, since: datetime | None
) -> list[CitizenCase]:
    """Read a citizen's cases in the order they came, with whole messages sent since then."""
    wanted = select(cases).where(_belongs_to(person)).order_by(cases.c.id)
    if number is not None:
        wanted = wanted.where(cases.c.case_number == number)
    found = connection.execute(wanted).all()
    messages = _by_case(connection, [row.id for row in found], since)
    return [CitizenCase(case_record(row), tuple(messages[row.id])) for row in found]


def of_case(connection: Connection, case_id: UUID) -> tuple[InboxMessage, ...]:
    """Read all messages about a case, in the order they came; files and all."""
    return tuple(_by_case(connection, [case_id], None)[case_id])


def page(
    connection: Connection, person: PersonId, after: str | None, limit: int
) -> list[InboxMessage]:
    """Read the messages after the one with that id, oldest first."""
    wanted = _messages().where(_belongs_to(person)).limit(limit)
    if after is not None:
        last = id_of(after)
        if last is None:
            return []
        wanted = wanted.where(inbox_messages.c.id > last)
    found = connection.execute(wanted).all()
    came_with = files.of_owners(connection, [row.id for row in found])
    return [_message(row, came_with) for row in found]


def attachment(
    connection: Connection, person: PersonId, message_id: str, number: int
) -> Attachment | None:
    """Read one attachment of a message of this citizen, counted from 1."""
    wanted = select(inbox_messages.c.id).join(cases)
    wanted = wanted.where(_belongs_to(person), inbox_messages.c.id == id_of(message_id))
    owner_id = connection.execute(wanted).scalar_one_or_none()
    return None if owner_id is None else files.one(connection, owner_id, number)


def _belongs_to(person: PersonId) -> ColumnElement[bool]:
    return and_(cases.c.submitter_number == person.number, cases.c.submitter_oid == person.oid)


def _messages() -> Wanted:
    return select(inbox_messages, cases.c.case_number).join(cases).order_by(inbox_messages.c.id)


def _by_case(
    connection: Connection, case_ids: Iterable[UUID], since: datetime | None
) -> dict[UUID, list[InboxMessage]]:
    wanted = _messages().where(inbox_messages.c.case_id.in_(list(case_ids)))
    if since is not None:
        wanted = wanted.where(inbox_messages.c.sent_at >= since)
    found = connection.execute(wanted).all()
    came_with = files.of_owners(connection, [row.id for row in found])
    messages: defaultdict[UUID, list[InboxMessage]] = defaultdict(list)
    for row in found:
        messages[row.case_id].append(_message(row, came_with))
    return messages


def _message(row: Found, came_with: Files) -> InboxMessage:
    return InboxMessage(
        message_id=str(row.id),
        case_number=row.case_number,
        kind=InboxKind(row.kind),
        sent_at=row.sent_at,
        sender=HsaId(row.sender_hsa_id),
        sender_name=row.sender_name,
        text=row.text,
        attachments=came_with.get(row.id, ()),
    )
