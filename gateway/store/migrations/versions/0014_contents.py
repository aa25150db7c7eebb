"""The bytes of files stand outside their rows, by their digest (DOMAIN D4)."""

import base64
import hashlib
from collections.abc import Callable, Iterable
from uuid import UUID

import orjson
import sqlalchemy as sa
from alembic import context, op

from gateway.domain.content import Stored
from gateway.domain.errors import StartRefused
from gateway.store.rewriting import mark

revision = "0014"
down_revision = "0013"

Put = Callable[[Iterable[bytes]], Stored]

# Few at a time: each may be of some megabytes.
BATCH = 20

_FILES = sa.table(
    "attachments",
    sa.column("owner_id", sa.Uuid),
    sa.column("number", sa.Integer),
    sa.column("file_name", sa.String),
    sa.column("media_type", sa.String),
    sa.column("content", sa.LargeBinary),
    sa.column("digest", sa.String),
    sa.column("size", sa.Integer),
)
_CASES = sa.table("cases", sa.column("id", sa.Uuid), sa.column("fingerprint", sa.String))
_EVENTS = sa.table(
    "case_events",
    sa.column("id", sa.Uuid),
    sa.column("case_id", sa.Uuid),
    sa.column("number", sa.Integer),
    sa.column("content", sa.Text),
)
_UNMATCHED = sa.table(
    "unmatched_messages", sa.column("id", sa.Uuid), sa.column("content", sa.Text)
)


def upgrade() -> None:
    """Put every file in its place; if this is undone, what was put there does no harm."""
    op.add_column("attachments", sa.Column("digest", sa.String))
    op.add_column("attachments", sa.Column("size", sa.Integer))
    some = _moved_some()
    while some and _moved_some():
        pass
    with op.batch_alter_table("attachments") as table:
        table.alter_column("digest", nullable=False)
        table.alter_column("size", nullable=False)
        table.drop_column("content")
    op.create_index("attachments_by_digest", "attachments", ["digest"])
    known: UUID | None = None
    while (known := _known_again(known)) is not None:
        pass
    strays = after = _taken_out(None)
    while after is not None:
        after = _taken_out(after)
    if some or strays:
        # What was moved is still in the file, where nothing names it.
        mark(op.get_bind())


def _moved_some() -> bool:
    """Move the bytes of some files that are still in their rows."""
    connection, of = op.get_bind(), _FILES.c
    found = connection.execute(sa.select(_FILES).where(of.digest.is_(None)).limit(BATCH)).all()
    for row in found:
        kept = _place()([row.content])
        mine = (of.owner_id == row.owner_id) & (of.number == row.number)
        values = {"digest": kept.digest, "size": kept.size, "content": b""}
        connection.execute(sa.update(_FILES).where(mine).values(values))
    return bool(found)


def _known_again(after: UUID | None) -> UUID | None:
    """Let repeats of the next cases that came with files be known as from now on, by digests."""
    connection, events, of = op.get_bind(), _EVENTS.c, _FILES.c
    has_files = sa.exists().where(of.owner_id == events.id)
    is_case = (events.number == 1) & events.content.is_not(None)
    wanted = sa.select(_EVENTS).where(is_case, has_files).order_by(events.id)
    wanted = (wanted if after is None else wanted.where(events.id > after)).limit(BATCH)
    found = connection.execute(wanted).all()
    for row in found:
        mine = sa.select(of.digest).where(of.owner_id == row.id).order_by(of.number)
        said = {"says": orjson.loads(row.content), "files": [*connection.scalars(mine)]}
        digest = hashlib.sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()
        to_it = sa.update(_CASES).where(_CASES.c.id == row.case_id)
        connection.execute(to_it.values(fingerprint=digest))
    return found[-1].id if found else None


def _taken_out(after: UUID | None) -> UUID | None:
    """Take files out of the next messages in quarantine, which had them in their text."""
    connection, of = op.get_bind(), _UNMATCHED.c
    wanted = sa.select(_UNMATCHED).order_by(of.id).limit(BATCH)
    found = connection.execute(wanted if after is None else wanted.where(of.id > after)).all()
    for row in found:
        message = orjson.loads(row.content)
        for number, file in enumerate(message.get("attachments", ()), 1):
            kept = _place()([base64.b64decode(file.pop("content", ""))])
            values = {
                "owner_id": row.id,
                "number": number,
                "file_name": file["fileName"],
                "media_type": file["mediaType"],
                "digest": kept.digest,
                "size": kept.size,
            }
            connection.execute(sa.insert(_FILES).values(values))
        content = orjson.dumps(message).decode()
        connection.execute(sa.update(_UNMATCHED).where(of.id == row.id).values(content=content))
    return found[-1].id if found else None


def _place() -> Put:
    contents = context.config.attributes["contents"]
    if contents is None:
        raise StartRefused("database: it has files to be moved; run `vaxel db upgrade`")
    put: Put = contents.put
    return put
