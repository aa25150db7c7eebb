"""The bytes of attachments, kept beside the case event or the inbox message they came with."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Connection, select

from gateway.domain.case import Attachment
from gateway.store.records import Row
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
            "content": file.content,
        }
        for number, file in enumerate(files, 1)
    ]


def keep(connection: Connection, rows: list[Row]) -> None:
    """Keep attachments; nothing to keep is nothing done."""
    insert_rows(connection, attachments, rows)


def of_owners(
    connection: Connection, owner_ids: Iterable[UUID], *, with_content: bool = True
) -> Files:
    """Read what came with these, in order; `with_content=False` leaves the bytes out."""
    ids = list(owner_ids)
    if not ids:
        return {}
    columns = [attachments.c.owner_id, attachments.c.file_name, attachments.c.media_type]
    if with_content:
        columns.append(attachments.c.content)
    found = connection.execute(
        select(*columns).where(attachments.c.owner_id.in_(ids)).order_by(attachments.c.number)
    )
    files: defaultdict[UUID, list[Attachment]] = defaultdict(list)
    for row in found:
        content = row.content if with_content else b""
        files[row.owner_id].append(Attachment(row.file_name, row.media_type, content))
    return {owner_id: tuple(of_owner) for owner_id, of_owner in files.items()}


def one(connection: Connection, owner_id: UUID, number: int) -> Attachment | None:
    """Read one attachment, counted from 1."""
    wanted = select(attachments).where(
        attachments.c.owner_id == owner_id, attachments.c.number == number
    )
    row = connection.execute(wanted).one_or_none()
    return None if row is None else Attachment(row.file_name, row.media_type, row.content)
