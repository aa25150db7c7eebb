"""
Notices that something lies in a citizen's inbox, made of what has landed there (DOMAIN D5).

Nothing is written for them when a case is accepted. Whoever sends notices looks for inbox messages
that have none yet: a notice has the id of its message, so there is one however many look.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from gateway.domain.person import PersonId

# A message is on disk within this time after its id was made; its node's clock is right.
OVERLAP = timedelta(seconds=30)


class NoticeState(StrEnum):
    """Where a notice stands; UNREACHED is that of a citizen whom no way leads to."""

    WAITING = "WAITING"
    SENT = "SENT"
    UNREACHED = "UNREACHED"
    PARKED = "PARKED"


@dataclass(frozen=True, slots=True)
class Citizen:
    """Whom a notice is for, and where else they can be reached, as they said with the case."""

    person_id: PersonId
    email: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class ClaimedNotice:
    """
    A notice that this caller alone may send until its lease ends.

    `id` is the same on every attempt, `attempt` counts from 1 and is the fence. `citizen` is None
    when the message, or who it was for, has been disposed of.
    """

    id: UUID
    attempt: int
    made_at: datetime
    citizen: Citizen | None


@dataclass(frozen=True, slots=True)
class EndedAttempt:
    """What an attempt came to: by which way it was sent, or why not and when it is due again."""

    state: NoticeState
    way: str | None = None
    reason: str | None = None
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NoticeStanding:
    """How many notices wait, of which the oldest was made at `since`, and how many are parked."""

    waiting: int = 0
    since: datetime | None = None
    parked: int = 0


class Notices(Protocol):
    """The outbox of notices; each method is one transaction, and raises Unavailable."""

    def make(self, now: datetime, oldest: datetime, *, far: bool = False) -> int:
        """
        Make notices of the messages that have none, some hundred at most; tells how many.

        Looks a little back from the last that was found, for what came to the disk late; and if
        `far`, back to `oldest`, for what comes from a node whose clock is wrong. What landed
        before the very first look, or before `oldest`, gets none.
        """
        ...

    def claim(self, now: datetime, lease: timedelta) -> ClaimedNotice | None:
        """Claim the notice that has been due longest; None when none is due."""
        ...

    def end(self, claimed: ClaimedNotice, ended: EndedAttempt) -> bool:
        """Write what an attempt came to; False, and nothing, when it is no longer the latest."""
        ...

    def standing(self) -> NoticeStanding:
        """Tell what waits and what is parked."""
        ...


class NoticeWatching(Protocol):
    """Told of notices; each call is quick, raises nothing, and keeps nothing that is personal."""

    def notices_stand(self, standing: NoticeStanding) -> None:
        """Tell how many wait and are parked."""
        ...

    def notice_tried(self, state: NoticeState, way: str | None) -> None:
        """Tell what an attempt came to, and by which way, if it was any."""
        ...


def first_id_at(moment: datetime) -> UUID:
    """Give the smallest id that a message made then can have; ids sort by when they are made."""
    milliseconds = int(moment.timestamp() * 1000)
    return UUID(int=milliseconds << 80)
