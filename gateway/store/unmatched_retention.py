"""Old messages in quarantine, and the proofs of those disposed of, in SQL; see the port."""

from dataclasses import dataclass
from datetime import datetime

import orjson
from sqlalchemy import delete, select, update

from gateway.domain.hsa import HsaId
from gateway.flow.unmatched_retention import MessageDisposal, OldMessage
from gateway.store.engine import Database
from gateway.store.records import Found, Row, id_of
from gateway.store.tables import attachments, unmatched_messages
from gateway.store.unmatched import GONE, HERE


@dataclass(frozen=True, slots=True)
class SqlUnmatchedRetention:
    """A message that is disposed of leaves its row: without content, its reason is the proof."""

    database: Database

    def older(self, before: datetime, after: OldMessage | None, limit: int) -> list[OldMessage]:
        """Read a page of those received before an instant, in the order they came."""
        wanted = select(unmatched_messages).where(HERE, unmatched_messages.c.received_at < before)
        if after is not None:
            wanted = wanted.where(unmatched_messages.c.id > id_of(after.key))
        wanted = wanted.order_by(unmatched_messages.c.id).limit(limit)
        with self.database.reading() as connection:
            return [_old(row) for row in connection.execute(wanted)]

    def dispose(self, disposal: MessageDisposal) -> bool:
        """Remove what the message says; keep the proof."""
        key = id_of(disposal.message.key)
        emptied = (
            update(unmatched_messages)
            .where(HERE, unmatched_messages.c.id == key)
            .values(_proof(disposal))
        )
        with self.database.writing() as connection:
            gone = connection.execute(emptied).rowcount > 0
            if gone:
                connection.execute(delete(attachments).where(attachments.c.owner_id == key))
        return gone

    def disposals(self, after: str | None, limit: int) -> list[MessageDisposal]:
        """Read a page of the proofs."""
        wanted = select(unmatched_messages).where(~HERE).order_by(unmatched_messages.c.id)
        if after is not None:
            last = id_of(after)
            if last is None:
                return []
            wanted = wanted.where(unmatched_messages.c.id > last)
        with self.database.reading() as connection:
            return [_disposal(row) for row in connection.execute(wanted.limit(limit))]


def _proof(disposal: MessageDisposal) -> Row:
    told = {"at": disposal.disposed_at.isoformat(), "rule": disposal.rule, "by": disposal.by}
    return {"content": GONE, "external_case_id": None, "reason": orjson.dumps(told).decode()}


def _old(row: Found) -> OldMessage:
    return OldMessage(str(row.id), HsaId(row.sender_hsa_id), row.received_at)


def _disposal(row: Found) -> MessageDisposal:
    told = orjson.loads(row.reason)
    return MessageDisposal(_old(row), datetime.fromisoformat(told["at"]), told["rule"], told["by"])
