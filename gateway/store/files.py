"""The files of cases and messages: rows that name them; the bytes stand in their own place."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Connection, select

from gateway.domain.case import Attachment
from gateway.domain.content import Stored
from gateway.domain.sniffing import is_media_type
from gateway.store.engine import opening
from gateway.store.records import Found, Row
from gateway.store.rows import insert_rows
from gateway.store.tables import attachments

Files = dict[UUID, tuple[Attachment, ...]]


def rows_of(owner_id: UUID, files: Iterable[Attachment]) -> list[Row]:
    """Give the rows of what came with one event or message, numbered from 1."""
    return [
        {
            "owner_id": owner_id,
            "number": number,
            "file_name": file.file_name,
            "media_type": file.media_type,
            "digest": file.content.digest,
            "size": file.content.size,
        }
        for number, file in enumerate(files, 1)
    ]


def keep(connection: Connection, rows: list[Row]) -> None:
    """Keep rows of files, whose bytes stand in their place already; none is nothing done."""
    insert_rows(connection, attachments, rows)


def of_owners(connection: Connection, owner_ids: Iterable[UUID]) -> Files:
    """Read what came with these, in order; no bytes before somebody asks for them."""
    ids = list(owner_ids)
    if not ids:
        return {}
    found = connection.execute(
        select(attachments).where(attachments.c.owner_id.in_(ids)).order_by(attachments.c.number)
    )
    files: defaultdict[UUID, list[Attachment]] = defaultdict(list)
    for row in found:
        files[row.owner_id].append(_file(connection, row))
    return {owner_id: tuple(of_owner) for owner_id, of_owner in files.items()}


def one(connection: Connection, owner_id: UUID, number: int) -> Attachment | None:
    """Read one attachment, counted from 1."""
    wanted = select(attachments).where(
        attachments.c.owner_id == owner_id, attachments.c.number == number
    )
    row = connection.execute(wanted).one_or_none()
    return None if row is None else _file(connection, row)


def _file(connection: Connection, row: Found) -> Attachment:
    content = Stored(row.digest, row.size, opening(connection))
    # Of versions before there may be some that no header can carry.
    media_type = row.media_type if is_media_type(row.media_type) else _UNTOLD
    return Attachment(row.file_name, media_type, content)


_UNTOLD = "application/octet-stream"
