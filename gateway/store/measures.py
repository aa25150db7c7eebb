"""Improvement measures in SQL (DOMAIN F3)."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import (
    Column,
    Date,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
    Uuid,
    bindparam,
    select,
    update,
)

from gateway.domain.theme import Measure, MeasureLevel, MeasureNote, MeasureStep
from gateway.flow.records import CheckCase
from gateway.flow.timeline import Entry
from gateway.store import timelines
from gateway.store.engine import Database
from gateway.store.moment import Moment
from gateway.store.once import insert_once
from gateway.store.records import Found, Row, Wanted, case_record
from gateway.store.tables import cases, metadata
from gateway.store.themes import themes

# On a theme or on a case.
measures = Table(
    "measures",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("theme_id", ForeignKey(themes.c.id)),
    Column("case_id", ForeignKey(cases.c.id)),
    Column("what", Text, nullable=False),
    Column("level", String, nullable=False),
    Column("responsible", String, nullable=False),
    Column("due", Date),
    Column("recorded_at", Moment, nullable=False),
    Column("recorded_by", String, nullable=False),
    Column("follow_up_text", Text),
    Column("follow_up_at", Moment),
    Column("follow_up_by", String),
    Column("evaluation_text", Text),
    Column("evaluation_at", Moment),
    Column("evaluation_by", String),
    Index("measures_of_theme", "theme_id"),
    Index("measures_of_case", "case_id"),
)


@dataclass(frozen=True, slots=True)
class SqlMeasures:
    """Every measure; what the methods promise stands in the port."""

    database: Database

    def record(
        self, measure: Measure, entry: Entry | None, check: CheckCase | None = None
    ) -> Measure:
        """Keep a measure; one that was kept before is given back."""
        with self.database.writing() as connection:
            case_id: UUID | None = None
            if measure.case_number is not None:
                case = connection.execute(_CASE, {"number": measure.case_number}).one()
                if check is not None:
                    check(case_record(case))
                case_id = case.id
            is_new = insert_once(connection, measures, _row(measure, case_id))
            if is_new and case_id is not None and entry is not None:
                timelines.append(connection, case_id, entry)
            return _measure(connection.execute(_FIND, {"measure": measure.id}).one())

    def find(self, measure: UUID) -> Measure | None:
        """Read one."""
        with self.database.reading() as connection:
            row = connection.execute(_FIND, {"measure": measure}).one_or_none()
        return None if row is None else _measure(row)

    def of_theme(self, theme: UUID) -> list[Measure]:
        """Read those of a theme."""
        return self._listed(_TOLD.where(measures.c.theme_id == theme))

    def of_case(self, number: str) -> list[Measure]:
        """Read those of a case."""
        return self._listed(_TOLD.where(cases.c.case_number == number))

    def note(self, measure: UUID, step: MeasureStep, note: MeasureNote) -> bool:
        """Note how it went; False when that was noted before."""
        values = {"measure": measure, "text": note.text, "moment": note.at, "who": note.by}
        with self.database.writing() as connection:
            return connection.execute(_NOTE[step], values).rowcount == 1

    def _listed(self, wanted: Wanted) -> list[Measure]:
        ordered = wanted.order_by(measures.c.recorded_at, measures.c.id)
        with self.database.reading() as connection:
            return [_measure(row) for row in connection.execute(ordered)]


def _row(measure: Measure, case_id: UUID | None) -> Row:
    return {
        "id": measure.id,
        "theme_id": measure.theme,
        "case_id": case_id,
        "what": measure.what,
        "level": measure.level.value,
        "responsible": measure.responsible,
        "due": measure.due,
        "recorded_at": measure.recorded_at,
        "recorded_by": measure.recorded_by,
    }


def _measure(row: Found) -> Measure:
    return Measure(
        id=row.id,
        theme=row.theme_id,
        case_number=row.case_number,
        what=row.what,
        level=MeasureLevel(row.level),
        responsible=row.responsible,
        due=row.due,
        recorded_at=row.recorded_at,
        recorded_by=row.recorded_by,
        followed_up=_note(row, "follow_up"),
        evaluated=_note(row, "evaluation"),
    )


def _note(row: Found, name: str) -> MeasureNote | None:
    found = row._mapping
    if found[f"{name}_at"] is None:
        return None
    return MeasureNote(found[f"{name}_text"], found[f"{name}_at"], found[f"{name}_by"])


_CASE = select(cases).where(cases.c.case_number == bindparam("number")).with_for_update()
_TOLD: Wanted = select(measures, cases.c.case_number).join(cases, isouter=True)
_FIND = _TOLD.where(measures.c.id == bindparam("measure"))
_NOTE = {
    MeasureStep.FOLLOW_UP: update(measures)
    .where(measures.c.id == bindparam("measure"), measures.c.follow_up_at.is_(None))
    .values(
        follow_up_text=bindparam("text"),
        follow_up_at=bindparam("moment"),
        follow_up_by=bindparam("who"),
    ),
    MeasureStep.EVALUATION: update(measures)
    .where(measures.c.id == bindparam("measure"), measures.c.evaluation_at.is_(None))
    .values(
        evaluation_text=bindparam("text"),
        evaluation_at=bindparam("moment"),
        evaluation_by=bindparam("who"),
    ),
}
