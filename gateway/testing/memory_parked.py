"""Parked work of the store in memory: groups, and replays of many."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from gateway.domain.blame import Blame
from gateway.domain.lifecycle import DeliveryState
from gateway.flow.parked import (
    REPLAY_STEPS,
    Aim,
    AimAt,
    Group,
    Parked,
    Replay,
    ReplayState,
    ReplayStep,
    Selection,
    Stock,
    entries,
)
from gateway.testing.books import Books
from gateway.testing.memory_rows import DeliveryRow


class MemoryParkedWork:
    """What is parked, and its replays."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self._replays: dict[UUID, Replay] = {}
        self._after: dict[UUID, UUID] = {}

    def groups(self, destination: str | None, blame: Blame | None, limit: int) -> list[Group]:
        """Read what is parked in groups by cause, the largest first."""
        alike: dict[tuple[str, str | None], list[DeliveryRow]] = defaultdict(list)
        with self._books as books:
            for row in _parked(books):
                alike[row.new.destination, row.record.fault].append(row)
            groups = [_group(rows) for rows in alike.values()]
        groups = [g for g in groups if destination in (None, g.destination)]
        groups = [g for g in groups if blame in (None, g.blame)]
        groups.sort(key=lambda group: (-group.count, group.destination, group.fault or ""))
        return groups[:limit]

    def stock(
        self, chosen: Selection, until: datetime, routed: frozenset[str] | None = None
    ) -> list[Stock]:
        """Count what stood still at `until` and fits, by destination."""
        at: dict[str, list[bool]] = defaultdict(list)
        with self._books as books:
            for row in _chosen(books, chosen, until, routed):
                unclear = any(attempt.outcome == "unclear" for attempt in row.history)
                at[row.new.destination].append(unclear)
        return [Stock(key, len(unclear), sum(unclear)) for key, unclear in sorted(at.items())]

    def start(self, replay: Replay) -> None:
        """Keep a new replay."""
        with self._books:
            self._replays[replay.id] = replay

    def find(self, replay: UUID) -> Replay | None:
        """Read where a replay stands."""
        with self._books:
            return self._replays.get(replay)

    def replays(self, after: UUID | None, limit: int) -> list[Replay]:
        """Read a page of replays, newest first."""
        with self._books:
            found = sorted(self._replays.values(), key=lambda one: one.id, reverse=True)
        return [one for one in found if after is None or one.id < after][:limit]

    def move(self, replay: UUID, step: ReplayStep) -> Replay | None:
        """Pause, resume or cancel a replay; None where that is not legal now."""
        before, after = REPLAY_STEPS[step]
        with self._books:
            found = self._replays.get(replay)
            if found is None or found.state not in before:
                return None
            self._replays[replay] = replace(found, state=after)
            return self._replays[replay]

    def step(
        self, aim: AimAt, now: datetime, limit: int, routed: frozenset[str] | None = None
    ) -> bool:
        """Take the next of the oldest running replay, in order, to where `aim` says."""
        with self._books as books:
            running = [r for r in self._replays.values() if r.state is ReplayState.RUNNING]
            if not running:
                return False
            replay = min(running, key=lambda one: one.id)
            after = self._after.get(replay.id, UUID(int=0))
            there = routed if replay.moves else None
            chosen = _chosen(books, replay.chosen, replay.made_at, there)
            left = [row for row in chosen if row.id > after]
            found = sorted(left, key=lambda row: row.id)[:limit]
            done = sum(_let_out(replay, row, aim, now) for row in found)
            if found:
                self._after[replay.id] = found[-1].id
            ends = len(found) < limit
            self._replays[replay.id] = replay.gone_on(done, len(found) - done, ends=ends)
            return True


def _parked(books: Books) -> Iterator[DeliveryRow]:
    return (row for row in books.deliveries.values() if row.state is DeliveryState.PARKED)


def _chosen(
    books: Books, chosen: Selection, until: datetime, routed: frozenset[str] | None
) -> list[DeliveryRow]:
    still = [row for row in _parked(books) if row.due_at <= until]
    if routed is not None:
        still += [row for row in _in_vain(books, routed) if row.new.created_at <= until]
    return [row for row in still if _fits(row, chosen)]


def _in_vain(books: Books, routed: frozenset[str]) -> Iterator[DeliveryRow]:
    return (
        row
        for row in books.deliveries.values()
        if row.state is DeliveryState.WAITING
        and row.new.destination not in routed
        and row.case.first_undone is row
    )


def _fits(row: DeliveryRow, chosen: Selection) -> bool:
    made = row.new.created_at
    return (
        chosen.delivery in (None, row.id)
        and chosen.destination in (None, row.new.destination)
        and chosen.fault in (None, row.record.fault)
        and chosen.region in (None, row.case.record.region)
        and (chosen.created_from is None or made >= chosen.created_from)
        and (chosen.created_to is None or made < chosen.created_to)
    )


def _group(rows: list[DeliveryRow]) -> Group:
    record = rows[0].record
    reason = min(row.reason or "" for row in rows)
    oldest = min(row.new.created_at for row in rows)
    return Group(record.destination, record.fault, record.blame, reason, len(rows), oldest)


def _let_out(replay: Replay, row: DeliveryRow, aim: AimAt, at: datetime) -> bool:
    record = row.case.record
    parked = Parked(
        id=row.id,
        event=row.new.event,
        destination=row.new.destination,
        case_destination=record.destination,
        holder=record.holder,
        kind=record.kind,
        unit=record.at.hsa_id,
        state=row.state,
    )
    to = aim(replay, parked)
    if to is None:
        return False
    row.wait_again(at)
    _move(row, parked, to)
    for entry in entries(replay, parked, to, at):
        row.case.note(entry)
    return True


def _move(row: DeliveryRow, parked: Parked, to: Aim) -> None:
    if not parked.brings_the_case or to.case is None:
        row.new = replace(row.new, destination=to.destination)
        if parked.state is DeliveryState.WAITING:
            _move_waiting(row, to)
        return
    record, move = row.case.record, to.case
    known = record.external_case_id if move.holder == record.holder else None
    row.case.record = replace(
        record,
        destination=to.destination,
        region=move.region,
        holder=move.holder,
        external_case_id=known,
    )
    _move_waiting(row, to)


def _move_waiting(row: DeliveryRow, to: Aim) -> None:
    for waiting in row.case.deliveries:
        if waiting.state is DeliveryState.WAITING:
            waiting.new = replace(waiting.new, destination=to.destination)
