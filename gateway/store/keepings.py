"""What is recorded about the keeping of cases, in SQL; the promises stand in the port."""

from dataclasses import dataclass

from sqlalchemy import Column, ForeignKey, String, Table, bindparam, delete, select

from gateway.domain.keeping import NOTHING_RECORDED, Hold, Keeping
from gateway.flow.keeping import DecideKeeping
from gateway.flow.ports import Ambiguous, CaseName
from gateway.store import naming, timelines
from gateway.store.engine import Database
from gateway.store.moment import Moment
from gateway.store.records import Found, Row, case_record
from gateway.store.rows import insert_rows
from gateway.store.tables import cases, metadata

keepings = Table(
    "keepings",
    metadata,
    Column("case_id", ForeignKey("cases.id"), primary_key=True),
    Column("diary_number", String),
    Column("hold_reason", String),
    Column("hold_by", String),
    Column("hold_since", Moment),
    Column("lift_reason", String),
    sqlite_with_rowid=False,
)


@dataclass(frozen=True, slots=True)
class SqlKeepings:
    """One row for each case that anything is recorded of."""

    database: Database

    def find(self, number: str) -> Keeping:
        """Read what is recorded of a case."""
        with self.database.reading() as connection:
            row = connection.execute(_BY_NUMBER, {"number": number}).one_or_none()
        return keeping_of(row)

    def change(self, number: str, decide: DecideKeeping) -> Keeping | None:
        """Record what is decided under the case's lock."""
        with self.database.writing() as connection:
            case = naming.lock(connection, CaseName(number))
            if case is None or isinstance(case, Ambiguous):
                return None
            now = keeping_of(connection.execute(_BY_CASE, {"case": case.id}).one_or_none())
            recorded = decide(case_record(case), now)
            if recorded is None:
                return now
            keeping, entry = recorded
            connection.execute(_FORGET, {"case": case.id})
            insert_rows(connection, keepings, [_row(keeping) | {"case_id": case.id}])
            timelines.append(connection, case.id, entry)
        return keeping


def keeping_of(row: Found | None) -> Keeping:
    """Read a row, which need not be there."""
    if row is None:
        return NOTHING_RECORDED
    return Keeping(row.diary_number, _hold(row) if row.hold_since else None, row.lift_reason)


def _hold(row: Found) -> Hold:
    by = row.hold_by.removeprefix(_OPERATOR)
    # Only commands name a user, and they are an operator's: those of before were not marked.
    return Hold(row.hold_reason, by, row.hold_since, by != row.hold_by or by.endswith(")"))


def _row(keeping: Keeping) -> Row:
    hold = keeping.hold
    return {
        "diary_number": keeping.diary_number,
        "hold_reason": hold.reason if hold else None,
        "hold_by": f"{_OPERATOR if hold.by_operator else ''}{hold.by}" if hold else None,
        "hold_since": hold.since if hold else None,
        "lift_reason": keeping.lift_reason,
    }


# Stands before who has set a hold: no HSA-id has a blank.
_OPERATOR = "operator "
_BY_CASE = select(keepings).where(keepings.c.case_id == bindparam("case"))
_BY_NUMBER = select(keepings).join(cases).where(cases.c.case_number == bindparam("number"))
_FORGET = delete(keepings).where(keepings.c.case_id == bindparam("case"))
