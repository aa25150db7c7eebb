"""Messages for cases that nobody knows, kept where operators see them (DOMAIN D2)."""

from dataclasses import dataclass

import orjson
from sqlalchemy import Connection, and_, delete, select, update
from uuid_utils.compat import uuid7

from gateway.domain.hsa import HsaId
from gateway.domain.notation import case_message_from_json, case_message_to_json
from gateway.flow.ports import UnmatchedMessage
from gateway.store.engine import Database
from gateway.store.once import insert_once
from gateway.store.records import Found, id_of
from gateway.store.tables import cases, unmatched_messages


@dataclass(frozen=True, slots=True)
class SqlUnmatchedMessages:
    """What is in quarantine; what the methods promise stands in the port."""

    database: Database

    def matching(self, limit: int) -> list[tuple[str, UnmatchedMessage]]:
        """Read messages whose case their sender's id names now."""
        named = and_(
            cases.c.holder_key == unmatched_messages.c.sender_key,
            cases.c.external_case_id == unmatched_messages.c.external_case_id,
        )
        wanted = (
            select(unmatched_messages)
            .where(
                unmatched_messages.c.external_case_id.is_not(None),
                select(cases.c.id).where(named).exists(),
            )
            .order_by(unmatched_messages.c.id)
            .limit(limit)
        )
        with self.database.reading() as connection:
            return [(str(row.id), _message(row)) for row in connection.execute(wanted)]

    def one(self, key: str) -> UnmatchedMessage | None:
        """Read one."""
        wanted = select(unmatched_messages).where(unmatched_messages.c.id == id_of(key))
        with self.database.reading() as connection:
            row = connection.execute(wanted).one_or_none()
        return None if row is None else _message(row)

    def settle(self, key: str, refused: str | None) -> None:
        """Let it go, or keep it with why not."""
        mine = unmatched_messages.c.id == id_of(key)
        kept = update(unmatched_messages).where(mine).values(reason=refused, external_case_id=None)
        with self.database.writing() as connection:
            connection.execute(delete(unmatched_messages).where(mine) if refused is None else kept)


def keep(connection: Connection, unmatched: UnmatchedMessage) -> bool:
    """Keep a message, attachments and all, once per sender and id; False for another's id."""
    row = {
        "id": uuid7(),
        "sender_hsa_id": unmatched.sender.text,
        "sender_key": unmatched.sender.key,
        "message_id": unmatched.message.message_id,
        "external_case_id": unmatched.message.external_case_id,
        "received_at": unmatched.received_at,
        "reason": unmatched.reason,
        "content": orjson.dumps(case_message_to_json(unmatched.message)).decode(),
    }
    if insert_once(connection, unmatched_messages, row):
        return True
    first = connection.execute(
        select(unmatched_messages).where(
            unmatched_messages.c.sender_key == row["sender_key"],
            unmatched_messages.c.message_id == row["message_id"],
        )
    ).one()
    return _message(first).says_the_same(unmatched.message)


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
