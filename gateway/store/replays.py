"""Parked work in SQL: in groups, and replayed in steps that outlive a restart."""

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, Select, bindparam, case, func, select, update

from gateway.domain.blame import Blame
from gateway.domain.case import CaseEvent, Kind
from gateway.domain.hsa import HsaId
from gateway.domain.lifecycle import DeliveryState
from gateway.flow.parked import (
    REPLAY_STEPS,
    AimAt,
    Group,
    Parked,
    Replay,
    ReplayState,
    ReplayStep,
    Selection,
    Stock,
)
from gateway.store import replaying, wakes
from gateway.store.choosing import fits, unrouted_ones
from gateway.store.engine import Database
from gateway.store.records import Found, Wanted
from gateway.store.rows import insert_rows
from gateway.store.tables import attempts, case_events, cases, outbox, replays, standing


@dataclass(frozen=True, slots=True)
class SqlParkedWork:
    """What is parked, and its replays; what the methods promise stands in the port."""

    database: Database

    def groups(self, destination: str | None, blame: Blame | None, limit: int) -> list[Group]:
        """Read what is parked in groups by cause, the largest first."""
        wanted = _GROUPS.limit(limit)
        if destination is not None:
            wanted = wanted.where(outbox.c.destination == destination)
        if blame is not None:
            wanted = wanted.where(outbox.c.blame == blame.value)
        with self.database.reading() as connection:
            return [_group(row) for row in connection.execute(wanted)]

    def stock(
        self, chosen: Selection, until: datetime, routed: frozenset[str] | None = None
    ) -> list[Stock]:
        """Count what stood still at `until` and fits, by destination."""
        with self.database.reading() as connection:
            wanted = (
                select(outbox.c.destination, func.count(), func.sum(case((_UNCLEAR, 1), else_=0)))
                .join(cases, cases.c.id == outbox.c.case_id)
                .where(*fits(chosen, until, unrouted_ones(connection, routed)))
                .group_by(outbox.c.destination)
                .order_by(outbox.c.destination)
            )
            return [Stock(*row) for row in connection.execute(wanted)]

    def start(self, replay: Replay) -> None:
        """Keep a new replay."""
        with self.database.writing() as connection:
            insert_rows(connection, replays, [_row(replay)])
            wakes.tell(connection)

    def find(self, replay: UUID) -> Replay | None:
        """Read where a replay stands."""
        with self.database.reading() as connection:
            return _read(connection, replay)

    def replays(self, after: UUID | None, limit: int) -> list[Replay]:
        """Read a page of replays, newest first."""
        wanted = select(replays).order_by(replays.c.id.desc()).limit(limit)
        if after is not None:
            wanted = wanted.where(replays.c.id < after)
        with self.database.reading() as connection:
            return [_replay(row) for row in connection.execute(wanted)]

    def move(self, replay: UUID, step: ReplayStep) -> Replay | None:
        """Pause, resume or cancel a replay; None where that is not legal now."""
        before, after = REPLAY_STEPS[step]
        moved = (
            update(replays)
            .where(replays.c.id == replay, replays.c.state.in_([s.value for s in before]))
            .values(state=after.value)
            .returning(replays.c.id)
        )
        with self.database.writing() as connection:
            if connection.execute(moved).one_or_none() is None:
                return None
            return _read(connection, replay)

    def step(
        self, aim: AimAt, now: datetime, limit: int, routed: frozenset[str] | None = None
    ) -> bool:
        """Take the next of the oldest running replay, in order, to where `aim` says."""
        with self.database.reading() as connection:
            if connection.execute(_RUNNING).first() is None:
                return False
        with self.database.writing() as connection:
            row = connection.execute(_RUNNING.with_for_update(skip_locked=True)).one_or_none()
            if row is None:
                return False
            replay = _replay(row)
            unrouted = unrouted_ones(connection, routed if replay.moves else None)
            wanted = _PARKED.where(*fits(replay.chosen, replay.made_at, unrouted)).limit(limit)
            if row.after is not None:
                wanted = wanted.where(outbox.c.id > row.after)
            found = [_parked(one) for one in connection.execute(wanted)]
            done = _let_out(connection, replay, found, aim, now)
            gone_on = replay.gone_on(done, len(found) - done, ends=len(found) < limit)
            values = _row(gone_on) | {"after": found[-1].id if found else row.after}
            connection.execute(update(replays).where(replays.c.id == replay.id).values(values))
            return True


def _let_out(
    connection: Connection, replay: Replay, found: list[Parked], aim: AimAt, now: datetime
) -> int:
    done = 0
    for parked in found:
        to = aim(replay, parked)
        done += to is not None and replaying.let_out(connection, replay, parked, to, now)
    if done:
        wakes.tell(connection)
    return done


def _groups() -> Wanted:
    cause = outbox.c.destination, outbox.c.fault, outbox.c.blame
    count = func.count()
    return (
        select(
            *cause,
            func.min(outbox.c.reason).label("reason"),
            count.label("many"),
            func.min(outbox.c.created_at, type_=outbox.c.created_at.type).label("oldest"),
        )
        .where(outbox.c.state == standing(DeliveryState.PARKED))
        .group_by(*cause)
        .order_by(count.desc(), *cause[:2])
    )


def _parked_ones() -> Wanted:
    return (
        select(
            outbox.c.id,
            outbox.c.destination,
            outbox.c.state,
            case_events.c.event,
            cases.c.kind,
            cases.c.unit_hsa_id,
            cases.c.forwards,
            cases.c.holder_hsa_id,
            cases.c.destination.label("case_destination"),
        )
        .join(cases, cases.c.id == outbox.c.case_id)
        .join(case_events, case_events.c.id == outbox.c.id)
        .order_by(outbox.c.id)
    )


def _running() -> Select[*tuple[object, ...]]:
    is_running = replays.c.state == bindparam("state", ReplayState.RUNNING.value)
    return select(replays).where(is_running).order_by(replays.c.id).limit(1)


_GROUPS = _groups()
_PARKED = _parked_ones()
_RUNNING = _running()
_UNCLEAR = (
    select(attempts.c.number)
    .where(attempts.c.delivery_id == outbox.c.id, attempts.c.outcome == "unclear")
    .exists()
)


def _read(connection: Connection, replay: UUID) -> Replay | None:
    row = connection.execute(select(replays).where(replays.c.id == replay)).one_or_none()
    return None if row is None else _replay(row)


def _group(row: Found) -> Group:
    blame = Blame(row.blame) if row.blame else None
    return Group(row.destination, row.fault, blame, row.reason, row.many, row.oldest)


def _parked(row: Found) -> Parked:
    return Parked(
        id=row.id,
        event=CaseEvent(row.event),
        destination=row.destination,
        case_destination=row.case_destination,
        holder=HsaId(row.holder_hsa_id),
        kind=Kind(row.kind),
        unit=HsaId(row.forwards[-1]["to"] if row.forwards else row.unit_hsa_id),
        state=DeliveryState(row.state),
    )


def _row(replay: Replay) -> dict[str, object]:
    return {
        "id": replay.id,
        "state": replay.state.value,
        "made_at": replay.made_at,
        "made_by": replay.made_by,
        "route": replay.route,
        "total": replay.total,
        "done": replay.done,
        "skipped": replay.skipped,
        **asdict(replay.chosen),
    }


def _replay(row: Found) -> Replay:
    return Replay(
        id=row.id,
        state=ReplayState(row.state),
        made_at=row.made_at,
        made_by=row.made_by,
        route=row.route,
        chosen=Selection(
            row.delivery,
            row.destination,
            row.fault,
            row.region,
            row.created_from,
            row.created_to,
        ),
        total=row.total,
        done=row.done,
        skipped=row.skipped,
    )
