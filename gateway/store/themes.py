"""Themes and the cases in them, in SQL (DOMAIN F4)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
    Uuid,
    and_,
    bindparam,
    delete,
    func,
    or_,
    select,
    tuple_,
    update,
)

from gateway.domain.hsa import HsaId
from gateway.domain.theme import Theme, ThemeLevel
from gateway.flow.records import CaseRecord, CheckCase
from gateway.flow.themes import Sight
from gateway.flow.timeline import Entry
from gateway.store import timelines
from gateway.store.engine import Database
from gateway.store.moment import Moment
from gateway.store.once import insert_once
from gateway.store.records import Found, Row, Wanted, case_record
from gateway.store.tables import cases, metadata

themes = Table(
    "themes",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("title", String, nullable=False),
    Column("level", String, nullable=False),
    Column("owner_hsa_id", String, nullable=False),
    Column("owner_key", String, nullable=False),
    Column("region", String, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("made_by", String, nullable=False),
    Column("closed_at", Moment),
    Column("closed_by", String),
    Column("closing_text", Text),
    Index("themes_by_owner", "owner_key", "made_at", "id"),
    Index("themes_by_region", "region", "made_at", "id"),
)

theme_cases = Table(
    "theme_cases",
    metadata,
    Column("theme_id", ForeignKey("themes.id"), primary_key=True),
    Column("case_id", ForeignKey("cases.id"), primary_key=True),
    Index("theme_cases_by_case", "case_id"),
    sqlite_with_rowid=False,
)


@dataclass(frozen=True, slots=True)
class SqlThemes:
    """Every theme; what the methods promise stands in the port."""

    database: Database

    def add(self, theme: Theme) -> Theme:
        """Keep a theme; one that was kept before is given back."""
        with self.database.writing() as connection:
            insert_once(connection, themes, _row(theme))
            return _theme(connection.execute(_FIND, {"theme": theme.id}).one())

    def find(self, theme: UUID) -> Theme | None:
        """Read one."""
        with self.database.reading() as connection:
            row = connection.execute(_FIND, {"theme": theme}).one_or_none()
        return None if row is None else _theme(row)

    def listed(self, sight: Sight, after: UUID | None, limit: int, *, closed: bool) -> list[Theme]:
        """Read a page of those that are closed, or not; newest first."""
        wanted = _TOLD.where(
            or_(
                themes.c.owner_key.in_([owner.key for owner in sight.owners]),
                and_(
                    themes.c.region.in_(sorted(sight.regions)),
                    themes.c.level == ThemeLevel.REGION.value,
                ),
            ),
            themes.c.closed_at.is_not(None) if closed else themes.c.closed_at.is_(None),
        )
        if after is not None:
            place = select(themes.c.made_at, themes.c.id).where(themes.c.id == after)
            here = tuple_(themes.c.made_at, themes.c.id)
            wanted = wanted.where(here < place.scalar_subquery())
        wanted = wanted.order_by(themes.c.made_at.desc(), themes.c.id.desc()).limit(limit)
        with self.database.reading() as connection:
            return [_theme(row) for row in connection.execute(wanted)]

    def put(
        self,
        theme: UUID,
        number: str,
        entry: Entry,
        most: int,
        check: CheckCase | None = None,
    ) -> bool:
        """Put a case in a theme; a repeat changes nothing."""
        with self.database.writing() as connection:
            case_id = _locked(connection, theme, number, check)
            if case_id is None:
                return False
            row = {"theme_id": theme, "case_id": case_id}
            if insert_once(connection, theme_cases, row):
                if connection.execute(_COUNT, {"theme": theme}).scalar_one() > most:
                    connection.execute(_TAKE_OUT, {"theme": theme, "case": case_id})
                    return False
                timelines.append(connection, case_id, entry)
            return True

    def take_out(
        self, theme: UUID, number: str, entry: Entry, check: CheckCase | None = None
    ) -> bool:
        """Take a case out again; False when it is not there, or the theme is closed."""
        with self.database.writing() as connection:
            case_id = _locked(connection, theme, number, check)
            if case_id is None:
                return False
            gone = connection.execute(_TAKE_OUT, {"theme": theme, "case": case_id}).rowcount == 1
            if gone:
                timelines.append(connection, case_id, entry)
            return gone

    def cases(
        self, theme: UUID, holders: frozenset[HsaId], after: str | None, limit: int
    ) -> list[CaseRecord]:
        """Read a page of its cases that these hold, in the order they were received."""
        wanted = (
            select(cases)
            .join(theme_cases)
            .where(
                theme_cases.c.theme_id == theme,
                cases.c.holder_key.in_([holder.key for holder in holders]),
            )
            .order_by(theme_cases.c.case_id)
            .limit(limit)
        )
        if after is not None:
            last = select(cases.c.id).where(cases.c.case_number == after).scalar_subquery()
            wanted = wanted.where(theme_cases.c.case_id > last)
        with self.database.reading() as connection:
            return [case_record(row) for row in connection.execute(wanted)]

    def close(self, theme: UUID, at: datetime, by: str, text: str | None) -> Theme | None:
        """Close a theme, and give it as it is closed now."""
        values = {"theme": theme, "moment": at, "who": by, "word": text}
        with self.database.writing() as connection:
            connection.execute(_CLOSE, values)
            row = connection.execute(_FIND, {"theme": theme}).one_or_none()
        return None if row is None else _theme(row)


def _locked(
    connection: Connection, theme: UUID, number: str, check: CheckCase | None
) -> UUID | None:
    """Keep a case, and its theme while it is open, from changing until the end."""
    case = connection.execute(_CASE, {"number": number}).one_or_none()
    if case is not None and check is not None:
        check(case_record(case))
    # Always in this order, so that no two who write wait for each other.
    still_open = connection.execute(_OPEN, {"theme": theme}).one_or_none()
    return None if case is None or still_open is None else case.id


def _row(theme: Theme) -> Row:
    return {
        "id": theme.id,
        "title": theme.title,
        "level": theme.level.value,
        "owner_hsa_id": theme.owner.text,
        "owner_key": theme.owner.key,
        "region": theme.region,
        "made_at": theme.made_at,
        "made_by": theme.made_by,
    }


def _theme(row: Found) -> Theme:
    return Theme(
        id=row.id,
        title=row.title,
        level=ThemeLevel(row.level),
        owner=HsaId(row.owner_hsa_id),
        region=row.region,
        made_at=row.made_at,
        made_by=row.made_by,
        closed_at=row.closed_at,
        closed_by=row.closed_by,
        closing_text=row.closing_text,
        cases=row.found,
    )


_COUNT = select(func.count()).where(theme_cases.c.theme_id == bindparam("theme"))
_TOLD: Wanted = select(
    themes,
    select(func.count())
    .where(theme_cases.c.theme_id == themes.c.id)
    .scalar_subquery()
    .label("found"),
)
_FIND = _TOLD.where(themes.c.id == bindparam("theme"))
_CASE = select(cases).where(cases.c.case_number == bindparam("number")).with_for_update()
_OPEN = (
    select(themes.c.id)
    .where(themes.c.id == bindparam("theme"), themes.c.closed_at.is_(None))
    .with_for_update()
)
_TAKE_OUT = delete(theme_cases).where(
    theme_cases.c.theme_id == bindparam("theme"), theme_cases.c.case_id == bindparam("case")
)
_CLOSE = (
    update(themes)
    .where(themes.c.id == bindparam("theme"), themes.c.closed_at.is_(None))
    .values(
        closed_at=bindparam("moment"),
        closed_by=bindparam("who"),
        closing_text=bindparam("word"),
    )
)
