"""Messages for cases that nobody knows, kept where operators see them (DOMAIN D2)."""

import json

from sqlalchemy import Connection, select
from uuid_utils.compat import uuid7

from gateway.domain.hsa import HsaId
from gateway.domain.notation import case_message_from_json, case_message_to_json
from gateway.flow.ports import UnmatchedMessage
from gateway.store.once import insert_once
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
        "content": json.dumps(case_message_to_json(unmatched.message), ensure_ascii=False),
    }
    insert_once(connection, unmatched_messages, row)


def latest(connection: Connection, limit: int) -> list[UnmatchedMessage]:
    """Read the latest, newest first."""
    wanted = select(unmatched_messages).order_by(unmatched_messages.c.id.desc()).limit(limit)
    return [
        UnmatchedMessage(
            HsaId(row.sender_hsa_id),
            case_message_from_json(json.loads(row.content)),
            row.received_at,
            row.reason,
        )
        for row in connection.execute(wanted)
    ]
