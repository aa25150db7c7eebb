"""Ended cases, and what is left of those disposed of, in SQL; the promises stand in the port."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    bindparam,
    select,
    tuple_,
    update,
)

from gateway.domain.case import Kind
from gateway.domain.lifecycle import DELIVERY_STEPS
from gateway.flow.ports import Ambiguous, CaseName
from gateway.flow.retention import Disposal, Disposing, Ended, Scope
from gateway.store import disposing as going
from gateway.store import naming, timelines
from gateway.store.endings import endings
from gateway.store.engine import Database
from gateway.store.keepings import keeping_of, keepings
from gateway.store.moment import Moment
from gateway.store.records import Found, Row
from gateway.store.rewriting import rewrite
from gateway.store.rows import insert_rows
from gateway.store.tables import (
    case_events,
    cases,
    metadata,
    outbox,
    standing,
    unmatched_messages,
)
from gateway.store.unmatched import GONE, WIPED

# Of a case that is disposed of, this and its timeline are left.
disposals = Table(
    "disposals",
    metadata,
    Column("case_id", ForeignKey("cases.id"), primary_key=True),
    Column("case_number", String, nullable=False),
    Column("region", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("ended_at", Moment, nullable=False),
    Column("disposed_at", Moment, nullable=False),
    Column("rule", String, nullable=False),
    Column("disposed_by", String, nullable=False),
    Column("timeline_number", Integer, nullable=False),
    Column("timeline_hash", String, nullable=False),
    # When an SQLite file was written anew without it.
    Column("wiped_at", Moment),
    Index("disposals_by_number", "case_number", unique=True),
    sqlite_with_rowid=False,
)


@dataclass(frozen=True, slots=True)
class SqlRetentions:
    """What is kept of ended cases."""

    database: Database

    def ended(self, scope: Scope, after: Ended | None, limit: int) -> list[Ended]:
        """Read a page of the cases in a scope, the one that ended first first."""
        wanted = (
            _ENDED.where(
                endings.c.region == scope.region,
                endings.c.kind == scope.kind.value,
                endings.c.ended_at < scope.before,
            )
            .order_by(*_PLACE)
            .limit(limit)
        )
        if after is not None:
            wanted = wanted.where(tuple_(*_PLACE) > (after.ended_at, after.id))
        with self.database.reading() as connection:
            return [_ended(row) for row in connection.execute(wanted)]

    def dispose(self, number: str, disposing: Disposing) -> Disposal | None:
        """Remove content and identity, keep the proof."""
        with self.database.writing() as connection:
            case = naming.lock(connection, CaseName(number))
            if case is None or isinstance(case, Ambiguous):
                return None
            row = connection.execute(_ONE_ENDED, {"case": case.id}).one_or_none()
            ended = None if row is None else _ended(row)
            if ended is None or not disposing.allows(ended):
                return None
            return _dispose(connection, case, ended, disposing)

    def disposals(self, after: str | None, limit: int) -> list[Disposal]:
        """Read a page of the proofs."""
        wanted = select(disposals).order_by(disposals.c.case_number).limit(limit)
        if after is not None:
            wanted = wanted.where(disposals.c.case_number > after)
        with self.database.reading() as connection:
            return [_disposal(row) for row in connection.execute(wanted)]

    def wipe(self) -> bool:
        """Write an SQLite file anew, if anything was disposed of since it was last."""
        if self.database.path is None:
            return True
        with self.database.reading() as connection:
            waiting = [row.case_id for row in connection.execute(_NOT_WIPED)]
            messages = [row.id for row in connection.execute(_MESSAGES_NOT_WIPED)]
        if not waiting and not messages:
            return True
        if not rewrite(self.database.path):
            return False
        at = datetime.now(UTC)
        with self.database.writing() as connection:
            if waiting:
                connection.execute(_WIPED, [{"case": one, "at": at} for one in waiting])
            if messages:
                connection.execute(_MESSAGE_WIPED, [{"message": one} for one in messages])
        return True


def _dispose(connection: Connection, case: Found, ended: Ended, disposing: Disposing) -> Disposal:
    entry = disposing.entry(ended, going.counts(connection, case))
    going.remove(connection, case)
    timelines.append(connection, case.id, entry)
    head = connection.execute(_HEAD, {"case": case.id}).one()
    row: Row = {
        "case_id": case.id,
        "case_number": case.case_number,
        "region": ended.region,
        "kind": ended.kind.value,
        "ended_at": ended.ended_at,
        "disposed_at": disposing.at,
        "rule": disposing.rule,
        "disposed_by": disposing.by,
        "timeline_number": head.timeline_number,
        "timeline_hash": head.timeline_hash,
    }
    insert_rows(connection, disposals, [row])
    return _disposal(connection.execute(_PROOF, {"case": case.id}).one())


def _ended(row: Found) -> Ended:
    return Ended(
        id=row.case_id,
        number=row.case_number,
        region=row.region,
        kind=Kind(row.kind),
        ended_at=row.ended_at,
        hold=keeping_of(row).hold,
        undelivered=bool(row.undelivered),
    )


def _disposal(row: Found) -> Disposal:
    return Disposal(
        number=row.case_number,
        region=row.region,
        kind=Kind(row.kind),
        ended_at=row.ended_at,
        disposed_at=row.disposed_at,
        rule=row.rule,
        by=row.disposed_by,
        timeline_entries=row.timeline_number,
        timeline_hash=row.timeline_hash,
    )


_PLACE = (endings.c.ended_at, endings.c.case_id)
_OVER = [standing(state) for state, steps in DELIVERY_STEPS.items() if not steps]
_UNDELIVERED = (
    select(case_events.c.id)
    .join(outbox, outbox.c.id == case_events.c.id)
    .where(case_events.c.case_id == endings.c.case_id, outbox.c.state.not_in(_OVER))
    .exists()
)
_ENDED = (
    select(
        endings,
        cases.c.case_number,
        keepings.c.diary_number,
        keepings.c.hold_reason,
        keepings.c.hold_by,
        keepings.c.hold_since,
        keepings.c.lift_reason,
        _UNDELIVERED.label("undelivered"),
    )
    .join_from(endings, cases, cases.c.id == endings.c.case_id)
    .outerjoin(keepings, keepings.c.case_id == endings.c.case_id)
)
_ONE_ENDED = _ENDED.where(endings.c.case_id == bindparam("case"))
_HEAD = select(cases.c.timeline_number, cases.c.timeline_hash).where(
    cases.c.id == bindparam("case")
)
_PROOF = select(disposals).where(disposals.c.case_id == bindparam("case"))
_NOT_WIPED = select(disposals.c.case_id).where(disposals.c.wiped_at.is_(None))
_MESSAGES_NOT_WIPED = select(unmatched_messages.c.id).where(unmatched_messages.c.content == GONE)
_MESSAGE_WIPED = (
    update(unmatched_messages)
    .where(unmatched_messages.c.id == bindparam("message"))
    .values(content=WIPED)
)
_WIPED = (
    update(disposals)
    .where(disposals.c.case_id == bindparam("case"))
    .values(wiped_at=bindparam("at"))
)
