"""Messages for cases that nobody knows, kept where operators see them (DOMAIN D2)."""

import orjson
from sqlalchemy import Connection, select
from uuid_utils.compat import uuid7

from gateway.domain.hsa import HsaId
from gateway.domain.notation import case_message_from_json, case_message_to_json
from gateway.flow.ports import UnmatchedMessage
from gateway.store.once import insert_once
from gateway.store.records import Found, id_of
from gateway.store.tables import unmatched_messages


def keep(connection: Connection, unmatched: UnmatchedMessage) -> None:
    """Keep a message, attachments and all, once per sender and message id."""
    row = {
        "id": uuid7(),
        "sender_hsa_id": unmatched.sender.text,
        "sender_key": unmatched.sender.key,
        "message_id": unmatched.message.message_id,
        "received_at": unmatched.received_at,
        "reason": unmatched.reason,
        "content": orjson.dumps(case_message_to_json(unmatched.message)).decode(),
    }
    insert_once(connection, unmatched_messages, row)


def page(
    connection: Connection, after: str | None, limit: int
) -> list[tuple[str, UnmatchedMessage]]:
    """Read the messages kept before the one with that id, newest first, each with its id."""
    wanted = select(unmatched_messages).order_by(unmatched_messages.c.id.desc()).limit(limit)
    if after is not None:
        last = id_of(after)
        if last is None:
            return []
        wanted = wanted.where(unmatched_messages.c.id < last)
    return [(str(row.id), _message(row)) for row in connection.execute(wanted)]


def _message(row: Found) -> UnmatchedMessage:
    return UnmatchedMessage(
        HsaId(row.sender_hsa_id),
        case_message_from_json(orjson.loads(row.content)),
        row.received_at,
        row.reason,
    )
