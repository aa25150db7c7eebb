"""Messages for cases that nobody knows, kept where operators see them (DOMAIN D2)."""

from dataclasses import dataclass, replace

import orjson
from sqlalchemy import ColumnElement, Connection, and_, delete, select, update
from uuid_utils.compat import uuid7

from gateway.domain.case import Attachment
from gateway.domain.hsa import HsaId
from gateway.domain.notation import case_message_from_json, case_message_to_json
from gateway.flow.ports import UnmatchedMessage
from gateway.store import files
from gateway.store.engine import Database
from gateway.store.once import insert_once
from gateway.store.records import Found, Row, Wanted, id_of
from gateway.store.tables import attachments, cases, unmatched_messages

# The content of a message that was disposed of, and when an SQLite file was written anew since.
GONE, WIPED = "", "-"
HERE = unmatched_messages.c.content.not_in([GONE, WIPED])


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
                HERE,
                unmatched_messages.c.external_case_id.is_not(None),
                select(cases.c.id).where(named).exists(),
            )
            .order_by(unmatched_messages.c.id)
            .limit(limit)
        )
        with self.database.reading() as connection:
            return _messages(connection, wanted)

    def one(self, key: str) -> UnmatchedMessage | None:
        """Read one."""
        wanted = select(unmatched_messages).where(HERE, unmatched_messages.c.id == id_of(key))
        with self.database.reading() as connection:
            found = _messages(connection, wanted)
        return found[0][1] if found else None

    def settle(self, key: str, refused: str | None) -> None:
        """Let it go, or keep it with why not."""
        mine = HERE & (unmatched_messages.c.id == id_of(key))
        kept = update(unmatched_messages).where(mine).values(reason=refused, external_case_id=None)
        with self.database.writing() as connection:
            if refused is None:
                let_go(connection, mine)
            else:
                connection.execute(kept)


def keep(connection: Connection, unmatched: UnmatchedMessage) -> bool:
    """Keep a message with its attachments once per sender and id; False for another's id."""
    content = case_message_to_json(unmatched.message, with_content=False)
    named = unmatched.message.external_case_id
    row: Row = {
        "id": uuid7(),
        "sender_hsa_id": unmatched.sender.text,
        "sender_key": unmatched.sender.key,
        "message_id": unmatched.message.message_id,
        "external_case_id": named if unmatched.is_tried_again else None,
        "received_at": unmatched.received_at,
        "reason": unmatched.reason,
        "content": orjson.dumps(content).decode(),
    }
    if insert_once(connection, unmatched_messages, row):
        files.keep(connection, files.rows_of(row["id"], unmatched.message.attachments))
        return True
    wanted = select(unmatched_messages).where(
        unmatched_messages.c.sender_key == row["sender_key"],
        unmatched_messages.c.message_id == row["message_id"],
    )
    found = _messages(connection, wanted.where(HERE))
    # One that was disposed of was kept once: nobody can tell any more whether it said the same.
    return not found or found[0][1].says_the_same(unmatched.message)


def page(
    connection: Connection, after: str | None, limit: int
) -> list[tuple[str, UnmatchedMessage]]:
    """Read the messages kept before the one with that id, newest first, each with its id."""
    wanted = select(unmatched_messages).where(HERE)
    wanted = wanted.order_by(unmatched_messages.c.id.desc()).limit(limit)
    if after is not None:
        last = id_of(after)
        if last is None:
            return []
        wanted = wanted.where(unmatched_messages.c.id < last)
    return _messages(connection, wanted)


def let_go(connection: Connection, which: ColumnElement[bool]) -> None:
    """Delete messages, and the rows of their files."""
    ids = select(unmatched_messages.c.id).where(which)
    connection.execute(delete(attachments).where(attachments.c.owner_id.in_(ids)))
    connection.execute(delete(unmatched_messages).where(which))


def _messages(connection: Connection, wanted: Wanted) -> list[tuple[str, UnmatchedMessage]]:
    found = connection.execute(wanted).all()
    came_with = files.of_owners(connection, [row.id for row in found])
    return [(str(row.id), _message(row, came_with.get(row.id, ()))) for row in found]


def _message(row: Found, came_with: tuple[Attachment, ...]) -> UnmatchedMessage:
    message = case_message_from_json(orjson.loads(row.content))
    return UnmatchedMessage(
        HsaId(row.sender_hsa_id),
        replace(message, attachments=came_with),
        row.received_at,
        row.reason,
    )
