"""Parked work as values: told in groups by cause, chosen by filter, replayed in steps (C4)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from gateway.domain.blame import Blame
from gateway.domain.case import BRINGING_EVENTS, CaseEvent, Kind
from gateway.domain.hsa import HsaId
from gateway.domain.lifecycle import DeliveryState
from gateway.flow.timeline import Entry, Step


@dataclass(frozen=True, slots=True)
class Blocker:
    """The first delivery of the same case that is not delivered, which a later one waits for."""

    number: int
    state: DeliveryState
    reason: str | None

    @property
    def words(self) -> str:
        """Tell what is waited for, and why."""
        said = f"waits for delivery {self.number} of the same case, which {_DOES[self.state]}"
        return f"{said} because: {self.reason}" if self.reason else said


_DOES = {
    DeliveryState.WAITING: "waits",
    DeliveryState.SENDING: "is being sent",
    DeliveryState.PARKED: "is parked",
    DeliveryState.DELIVERED: "is delivered",
    DeliveryState.MOVED: "has gone along with its case",
}


@dataclass(frozen=True, slots=True)
class Group:
    """What stands still at one destination for one cause; `reason` is one of theirs."""

    destination: str
    fault: str | None
    blame: Blame | None
    reason: str
    count: int
    oldest: datetime


@dataclass(frozen=True, slots=True)
class Selection:
    """Which parked deliveries: all that fit everything that is said; nothing said fits all."""

    delivery: UUID | None = None
    destination: str | None = None
    fault: str | None = None
    region: str | None = None
    created_from: datetime | None = None
    created_to: datetime | None = None


@dataclass(frozen=True, slots=True)
class Stock:
    """How many parked deliveries are chosen at a destination, and of how many it may have it."""

    destination: str
    count: int
    unclear: int


# Where replayed deliveries go; anything else is the key of a destination.
ORIGINAL, TODAY = "original", "today"


class ReplayState(StrEnum):
    """Where a replay of many stands."""

    RUNNING = "RUNNING"
    PAUSED = "PAUSED"
    CANCELLED = "CANCELLED"
    DONE = "DONE"


class ReplayStep(StrEnum):
    """What an operator can do to a replay."""

    PAUSE = "PAUSE"
    RESUME = "RESUME"
    CANCEL = "CANCEL"


# All legal steps; a replay that is done or cancelled stays so.
REPLAY_STEPS: dict[ReplayStep, tuple[frozenset[ReplayState], ReplayState]] = {
    ReplayStep.PAUSE: (frozenset({ReplayState.RUNNING}), ReplayState.PAUSED),
    ReplayStep.RESUME: (frozenset({ReplayState.PAUSED}), ReplayState.RUNNING),
    ReplayStep.CANCEL: (
        frozenset({ReplayState.RUNNING, ReplayState.PAUSED}),
        ReplayState.CANCELLED,
    ),
}


@dataclass(frozen=True, slots=True)
class Replay:
    """
    A replay of many: those chosen that were parked when it was made, in the order of their ids.

    `route` is "original", "today", or the key of a destination. `total` is how many were counted
    when it was made, or more where more came to light. `skipped` counts those that it found no
    way for, or that somebody else has taken meanwhile. `done` and `skipped` are never more than
    `total` together, and are all of it when the replay is done.
    """

    id: UUID
    state: ReplayState
    made_at: datetime
    made_by: str
    route: str
    chosen: Selection
    total: int
    done: int = 0
    skipped: int = 0

    @property
    def moves(self) -> bool:
        """Tell whether it may bring something elsewhere."""
        return self.route != ORIGINAL

    def gone_on(self, done: int, left: int, *, ends: bool) -> "Replay":
        """Give it after a step that let so many out and left so many where they were."""
        done, skipped = self.done + done, self.skipped + left
        # An attempt that had ended may be kept after the count: it comes in, and counts too.
        total = max(self.total, done + skipped)
        if not ends:
            return replace(self, total=total, done=done, skipped=skipped)
        # What is missing from the total was taken by somebody else meanwhile.
        state, skipped = ReplayState.DONE, total - done
        return replace(self, state=state, total=total, done=done, skipped=skipped)


@dataclass(frozen=True, slots=True)
class Parked:
    """
    One delivery that stands still, as a replay decides about it.

    `holder` is its case's, and `unit` where that stands: the selected one, or where it came since.

    It is parked, or waits for a destination that is not in the route table any more.
    """

    id: UUID
    event: CaseEvent
    destination: str
    case_destination: str
    holder: HsaId
    kind: Kind
    unit: HsaId
    state: DeliveryState = DeliveryState.PARKED

    @property
    def brings_the_case(self) -> bool:
        """Tell whether its receiver has not had the case before: then the case goes along."""
        return self.event in BRINGING_EVENTS


@dataclass(frozen=True, slots=True)
class Move:
    """Who holds a case from now on, and in which region."""

    holder: HsaId
    region: str


@dataclass(frozen=True, slots=True)
class Aim:
    """Where a parked delivery goes, and what becomes of its case if it comes along."""

    destination: str
    case: Move | None = None


# None leaves it where it is: parked.
AimAt = Callable[[Replay, Parked], Aim | None]


def entries(replay: Replay, parked: Parked, aim: Aim, at: datetime) -> list[Entry]:
    """Give what a replayed delivery puts on its case's timeline: a step each (DOMAIN G3)."""
    told = {"delivery": str(parked.id), "replay": str(replay.id)}
    again = Entry(Step.DELIVERY_REPLAYED, at, replay.made_by, told)
    holder = aim.case.holder if aim.case else parked.holder
    if (aim.destination, holder) == (parked.destination, parked.holder):
        return [again]
    way = {"from": parked.destination, "to": aim.destination, "holder": holder.text}
    return [again, Entry(Step.DELIVERY_REDIRECTED, at, replay.made_by, told | way)]


class ParkedWork(Protocol):
    """What is parked, and its replays; each method is one transaction, and may be Unavailable."""

    def groups(self, destination: str | None, blame: Blame | None, limit: int) -> list[Group]:
        """Read what is parked in groups by cause, the largest first."""
        ...

    def stock(
        self, chosen: Selection, until: datetime, routed: frozenset[str] | None = None
    ) -> list[Stock]:
        """
        Count what was parked at `until` and fits, by destination.

        With `routed`, the destinations that there are, also the first of each case that waits for
        another: it stands as still.
        """
        ...

    def start(self, replay: Replay) -> None:
        """Keep a new replay; it begins with the next `step`."""
        ...

    def find(self, replay: UUID) -> Replay | None:
        """Read where a replay stands."""
        ...

    def replays(self, after: UUID | None, limit: int) -> list[Replay]:
        """Read a page of replays, newest first; `after` is the last of the page before."""
        ...

    def move(self, replay: UUID, step: ReplayStep) -> Replay | None:
        """Pause, resume or cancel a replay; None where that is not legal now."""
        ...

    def step(
        self, aim: AimAt, now: datetime, limit: int, routed: frozenset[str] | None = None
    ) -> bool:
        """
        Take the next of the oldest running replay, in order, to where `aim` says.

        A replay that moves takes also what waits for a destination that is not in `routed`, and
        what waits behind it. Each waits anew with new patience, with a step on its case's
        timeline. What brings a case takes the case with it, and what waits behind. None is taken
        twice, also where two replays or two workers are at it. False when no replay is running
        that another is not at already.
        """
        ...
