"""Notices in SQL: what has landed in inboxes is found by its ids, which sort by time (D5)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import orjson
from sqlalchemy import (
    Boolean,
    Column,
    Index,
    Integer,
    String,
    Table,
    Text,
    Uuid,
    and_,
    bindparam,
    func,
    literal_column,
    select,
    update,
)
from sqlalchemy.sql.dml import ReturningUpdate

from gateway.domain.person import PersonId
from gateway.flow.notices import (
    OVERLAP,
    Citizen,
    ClaimedNotice,
    EndedAttempt,
    NoticeStanding,
    NoticeState,
    first_id_at,
)
from gateway.store.engine import Database
from gateway.store.moment import Moment
from gateway.store.once import insert_all_once, insert_once
from gateway.store.records import Found, Wanted
from gateway.store.tables import case_events, cases, inbox_messages, metadata

MOST_AT_ONCE = 500
# A message that lands while the first node starts may be looked for a moment too late.
_BEGINS_BEFORE = timedelta(minutes=1)

_IS_WAITING = literal_column(f"state = '{NoticeState.WAITING.value}'", Boolean)
_IS_PARKED = literal_column(f"state = '{NoticeState.PARKED.value}'", Boolean)

# A notice has the id of its inbox message. While it is under way it waits until its lease ends.
notices = Table(
    "notices",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("state", String, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("way", String),
    Column("reason", Text),
    Index(
        "notices_waiting", "due_at", "id", sqlite_where=_IS_WAITING, postgresql_where=_IS_WAITING
    ),
    Index("notices_parked", "id", sqlite_where=_IS_PARKED, postgresql_where=_IS_PARKED),
)

# As a comparison: a condition that is a column is written `= 1`, and then no index fits.
_WAITS = notices.c.state == literal_column(f"'{NoticeState.WAITING.value}'", String)
_IS_LEFT = notices.c.state == literal_column(f"'{NoticeState.PARKED.value}'", String)

# One row: from where on messages are noticed, and how far they have been.
notice_progress = Table(
    "notice_progress",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("began", Uuid, nullable=False),
    Column("reached", Uuid, nullable=False),
)


@dataclass(frozen=True, slots=True)
class SqlNotices:
    """What the methods promise stands in the port."""

    database: Database

    def make(self, now: datetime, oldest: datetime, *, far: bool = False) -> int:
        """Make notices of the messages that have none; gives how many."""
        began, reached = self._progress(now)
        floor = max(began, first_id_at(oldest))
        since = floor if far else max(floor, _back(reached))
        with self.database.reading() as connection:
            found = [*connection.scalars(_WITHOUT_NOTICE, {"since": since})]
        if not found:
            return 0
        with self.database.writing() as connection:
            # Whichever node's clock is ahead, it must not lead past what others write now.
            connection.execute(_REACH, {"id": min(found[-1], first_id_at(now))})
            insert_all_once(connection, notices, [_row(one, now) for one in found])
        return len(found)

    def claim(self, now: datetime, lease: timedelta) -> ClaimedNotice | None:
        """Claim the notice that has been due longest."""
        with self.database.reading() as connection:
            if connection.scalar(_ANY_DUE, {"moment": now}) is None:
                return None
        with self.database.writing() as connection:
            taken = connection.scalar(_TAKE, {"moment": now, "until": now + lease})
            if taken is None:
                return None
            return _claimed(connection.execute(_LOAD, {"id": taken}).one())

    def end(self, claimed: ClaimedNotice, ended: EndedAttempt) -> bool:
        """Write what an attempt came to, unless it is no longer the latest."""
        values = {
            "notice": claimed.id,
            "attempt": claimed.attempt,
            "became": ended.state.value,
            "by": ended.way,
            "why": ended.reason,
            "next": ended.due_at or claimed.made_at,
        }
        with self.database.writing() as connection:
            return connection.execute(_END, values).rowcount == 1

    def standing(self) -> NoticeStanding:
        """Tell what waits and what is parked."""
        with self.database.reading() as connection:
            waiting = connection.execute(_WAITING).one()
            parked = connection.scalar(_PARKED) or 0
        return NoticeStanding(waiting.notices, waiting.since, parked)

    def _progress(self, now: datetime) -> tuple[UUID, UUID]:
        with self.database.reading() as connection:
            row = connection.execute(_PROGRESS).one_or_none()
        if row is not None:
            return row.began, row.reached
        start = first_id_at(now - _BEGINS_BEFORE)
        with self.database.writing() as connection:
            insert_once(
                connection, notice_progress, {"number": 1, "began": start, "reached": start}
            )
            row = connection.execute(_PROGRESS).one()
        return row.began, row.reached


def _back(reached: UUID) -> UUID:
    milliseconds = OVERLAP // timedelta(milliseconds=1)
    return UUID(int=max(0, reached.int - (milliseconds << 80)))


def _row(message: UUID, now: datetime) -> dict[str, object]:
    state = NoticeState.WAITING.value
    return {"id": message, "state": state, "made_at": now, "due_at": now, "attempts": 0}


def _take() -> ReturningUpdate[tuple[UUID]]:
    picked = (
        select(notices.c.id)
        .where(_WAITS, notices.c.due_at <= bindparam("moment"))
        .order_by(notices.c.due_at, notices.c.id)
        .limit(literal_column("1", Integer))
        # SQLite has no row locks and needs none: it lets one write at a time.
        .with_for_update(skip_locked=True, of=notices)
        .cte("picked")
    )
    return (
        update(notices)
        .where(notices.c.id.in_(select(picked.c.id)))
        .values(attempts=notices.c.attempts + 1, due_at=bindparam("until"))
        .returning(notices.c.id)
    )


def _load() -> Wanted:
    """Read a notice with its citizen; all but the notice may be gone."""
    submitted = and_(case_events.c.case_id == inbox_messages.c.case_id, case_events.c.number == 1)
    return (
        select(
            notices.c.id,
            notices.c.attempts,
            notices.c.made_at,
            cases.c.submitter_oid,
            cases.c.submitter_number,
            case_events.c.content,
        )
        .outerjoin(inbox_messages, inbox_messages.c.id == notices.c.id)
        .outerjoin(cases, cases.c.id == inbox_messages.c.case_id)
        .outerjoin(case_events, submitted)
        .where(notices.c.id == bindparam("id"))
    )


def _claimed(row: Found) -> ClaimedNotice:
    return ClaimedNotice(row.id, row.attempts, row.made_at, _citizen(row))


def _citizen(row: Found) -> Citizen | None:
    if row.content is None:
        return None
    try:
        said = orjson.loads(row.content).get("submitter", {})
        email, phone = said.get("email"), said.get("phone")
    except (ValueError, AttributeError):
        # What we cannot read must not stop the notices of others.
        return None
    return Citizen(PersonId(row.submitter_oid, row.submitter_number), email, phone)


_PROGRESS = select(notice_progress.c.began, notice_progress.c.reached)
_REACH = (
    update(notice_progress)
    .where(notice_progress.c.reached < bindparam("id"))
    .values(reached=bindparam("id"))
)
_WITHOUT_NOTICE = (
    select(inbox_messages.c.id)
    .where(
        inbox_messages.c.id > bindparam("since"),
        ~select(1)
        # The first says no more, but keeps PostgreSQL from reading those long past.
        .where(notices.c.id > bindparam("since"), notices.c.id == inbox_messages.c.id)
        .exists(),
    )
    .order_by(inbox_messages.c.id)
    .limit(literal_column(str(MOST_AT_ONCE), Integer))
)
_ANY_DUE = (
    select(notices.c.id)
    .where(_WAITS, notices.c.due_at <= bindparam("moment"))
    .order_by(notices.c.due_at, notices.c.id)
    .limit(literal_column("1", Integer))
)
_TAKE = _take()
_LOAD = _load()
_END = (
    update(notices)
    .where(notices.c.id == bindparam("notice"), notices.c.attempts == bindparam("attempt"))
    .where(_WAITS)
    .values(
        state=bindparam("became"),
        way=bindparam("by"),
        reason=bindparam("why"),
        due_at=bindparam("next"),
    )
)
_WAITING = select(func.count().label("notices"), func.min(notices.c.made_at).label("since")).where(
    _WAITS
)
_PARKED = select(func.count()).select_from(notices).where(_IS_LEFT)
