"""Files sent by themselves, in SQL: rows that name what stands in the place of attachments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    BindParameter,
    Column,
    Connection,
    Index,
    String,
    Table,
    Uuid,
    bindparam,
    delete,
    exists,
    select,
)

from gateway.domain.case import Attachment
from gateway.domain.content import Stored
from gateway.domain.hsa import HsaId
from gateway.flow.uploads import Upload
from gateway.store.engine import Database, opening
from gateway.store.moment import Moment
from gateway.store.once import insert_once
from gateway.store.records import Found
from gateway.store.tables import attachments, metadata

uploads = Table(
    "uploads",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("sender_hsa_id", String, nullable=False),
    Column("sender_key", String, nullable=False),
    Column("key", String, nullable=False),
    Column("file_name", String, nullable=False),
    Column("media_type", String, nullable=False),
    Column("digest", String, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Index("uploads_by_sender", "sender_key", "key", unique=True),
    Index("uploads_by_digest", "digest"),
    Index("uploads_by_expiry", "expires_at"),
)


@dataclass(frozen=True, slots=True)
class SqlUploads:
    """What was sent by itself; what the methods promise stands in the port."""

    database: Database

    def add(self, upload: Upload, now: datetime) -> Upload | None:
        """Keep one; a repeat of its key gets the first, and None is for another file."""
        same = {"sender": upload.sender.key, "key": upload.key}
        with self.database.writing() as connection:
            connection.execute(_MAKE_WAY, same | {"now": now})
            if insert_once(connection, uploads, _row(upload)):
                return upload
            first = _upload(connection, connection.execute(_OF_KEY, same).one())
        return first if first.file == upload.file else None

    def find(self, sender: HsaId, ids: Sequence[UUID]) -> dict[UUID, Upload]:
        """Read those of this sender's that it has, expired or not."""
        values = {"sender": sender.key, "ids": [*ids]}
        with self.database.reading() as connection:
            found = connection.execute(_NAMED, values)
            return {row.id: _upload(connection, row) for row in found}

    def expire(self, now: datetime, used_before: datetime, limit: int) -> int:
        """Let go of some that have expired; of what a message has named, later."""
        values = {"now": now, "used_before": used_before}
        with self.database.reading() as connection:
            gone = [*connection.scalars(_EXPIRED.limit(limit), values)]
        # Nothing is written, and nobody kept from writing, when there is nothing to let go of.
        if gone:
            with self.database.writing() as connection:
                connection.execute(_LET_GO, {"ids": gone})
        return len(gone)


def _row(upload: Upload) -> dict[str, object]:
    return {
        "id": upload.id,
        "sender_hsa_id": upload.sender.text,
        "sender_key": upload.sender.key,
        "key": upload.key,
        "file_name": upload.file.file_name,
        "media_type": upload.file.media_type,
        "digest": upload.file.content.digest,
        "size": upload.file.content.size,
        "expires_at": upload.expires_at,
    }


def _upload(connection: Connection, row: Found) -> Upload:
    content = Stored(row.digest, row.size, opening(connection))
    file = Attachment(row.file_name, row.media_type, content)
    return Upload(row.id, HsaId(row.sender_hsa_id), row.key, file, row.expires_at)


_MINE = uploads.c.sender_key == bindparam("sender")
_IDS: BindParameter[UUID] = bindparam("ids", expanding=True)
_NOW = bindparam("now", type_=Moment)
_OF_KEY = select(uploads).where(_MINE, uploads.c.key == bindparam("key"))
_MAKE_WAY = delete(uploads).where(
    _MINE, uploads.c.key == bindparam("key"), uploads.c.expires_at <= _NOW
)
_NAMED = select(uploads).where(_MINE, uploads.c.id.in_(_IDS))
_IS_USED = exists().where(attachments.c.digest == uploads.c.digest)
_LONG_AGO = uploads.c.expires_at <= bindparam("used_before", type_=Moment)
_EXPIRED = (
    select(uploads.c.id)
    .where(uploads.c.expires_at <= _NOW, _LONG_AGO | ~_IS_USED)
    .order_by(uploads.c.expires_at)
)
_LET_GO = delete(uploads).where(uploads.c.id.in_(_IDS))
