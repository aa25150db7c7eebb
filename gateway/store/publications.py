"""Publications of the route table in SQL; the promises stand in the port."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    LargeBinary,
    String,
    Table,
    bindparam,
    insert,
    select,
)

from gateway.domain.publication import Files, Overtaken, Publication
from gateway.flow.archive import packed, unpacked
from gateway.store import wakes
from gateway.store.engine import Database, NotKept
from gateway.store.moment import Moment
from gateway.store.records import Found
from gateway.store.tables import metadata

publications = Table(
    "publications",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("version", String, nullable=False),
    Column("author", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("published_at", Moment, nullable=False),
    Column("restores", Integer),
    # An archive of what was published.
    Column("files", LargeBinary, nullable=False),
)


@dataclass(frozen=True, slots=True)
class SqlPublications:
    """One row for each, its files in one archive."""

    database: Database

    def newest(self) -> Publication | None:
        """Give the one that is live."""
        with self.database.reading() as connection:
            return _newest(connection)

    def find(self, number: int) -> Publication | None:
        """Give one by its number."""
        with self.database.reading() as connection:
            row = connection.execute(_FIND, {"wanted": number}).one_or_none()
        return None if row is None else _publication(row)

    def files(self, number: int) -> Files | None:
        """Give the files of one."""
        with self.database.reading() as connection:
            archive = connection.scalar(_FILES, {"wanted": number})
        return None if archive is None else unpacked(archive)

    def listed(self, before: int | None, limit: int) -> list[Publication]:
        """Read a page, newest first."""
        page = _LISTED.limit(limit)
        if before is not None:
            page = page.where(publications.c.number < before)
        with self.database.reading() as connection:
            return [_publication(row) for row in connection.execute(page)]

    def publish(self, new: Publication, files: Mapping[str, bytes]) -> Publication | Overtaken:
        """Make this the newest, unless another came first."""
        row = _row(new) | {"files": packed(files)}
        try:
            with self.database.writing() as connection:
                newest = _newest(connection)
                if new.number != (newest.number if newest else 0) + 1:
                    return Overtaken(newest)
                connection.execute(insert(publications), row)
                wakes.tell(connection, wakes.ROUTES)
        except NotKept:  # another node has taken the number since we looked
            return Overtaken(self.newest())
        return new


def _newest(connection: Connection) -> Publication | None:
    row = connection.execute(_LISTED.limit(1)).one_or_none()
    return None if row is None else _publication(row)


_TOLD = [column for column in publications.c if column.name != "files"]
_FIND = select(*_TOLD).where(publications.c.number == bindparam("wanted"))
_FILES = select(publications.c.files).where(publications.c.number == bindparam("wanted"))
_LISTED = select(*_TOLD).order_by(publications.c.number.desc())


def _publication(row: Found) -> Publication:
    return Publication(
        number=row.number,
        version=row.version,
        author=row.author,
        reason=row.reason,
        published_at=row.published_at,
        restores=row.restores,
    )


def _row(new: Publication) -> dict[str, object]:
    return {
        "number": new.number,
        "version": new.version,
        "author": new.author,
        "reason": new.reason,
        "published_at": new.published_at,
        "restores": new.restores,
    }
