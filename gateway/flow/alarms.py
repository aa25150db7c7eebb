"""What operators are alarmed about: which alarms there are, when each stands, its words (G2)."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from gateway.flow.watching import Queue


class AlarmKind(StrEnum):
    """What can be wrong: with a destination, or with who looks for malware."""

    FAILING = "destination.failing"
    UNROUTED = "destination.unrouted"
    LATE = "delivery.late"
    PARKED = "delivery.parked"
    NO_REPLIES = "replies.late"
    NO_RECEIPT = "receipt.missing"
    OVERDUE = "case.overdue"
    NO_SCAN = "malware-scan.failing"


@dataclass(frozen=True, slots=True)
class Alarm:
    """
    Something that is wrong until it is not: told when it begins and when it ends, and not between.

    `group` tells apart what is parked for different causes; other kinds have none.
    """

    kind: AlarmKind
    destination: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class Alert:
    """One turn of an alarm, as operators are told it; `began` or else ended."""

    id: UUID
    alarm: Alarm
    began: bool
    at: datetime
    detail: str = ""

    @property
    def event(self) -> str:
        """Name the turn, the same in every language and version."""
        return self.alarm.kind.value if self.began else _ENDED[self.alarm.kind][0]

    @property
    def words(self) -> str:
        """Tell it in a sentence; nothing in it is personal."""
        said = _BEGAN[self.alarm.kind] if self.began else _ENDED[self.alarm.kind][1]
        return f"{self.alarm.destination}: {said}{f' ({self.detail})' if self.detail else ''}"


_BEGAN = {
    AlarmKind.FAILING: "calls fail; what is for it waits and is tried again by itself",
    AlarmKind.UNROUTED: "it is not in the route table any more; what is for it waits, until it is "
    "put back or moved with `vaxel deliveries replay --route today`",
    AlarmKind.LATE: "the oldest delivery has waited for too long",
    AlarmKind.PARKED: "deliveries are parked and wait for a human; "
    "see `vaxel deliveries list --state parked`",
    AlarmKind.NO_REPLIES: "not all of its replies could be fetched and kept for too long; "
    "see `replies.failing` and `reply.…` in the log",
    AlarmKind.NO_RECEIPT: "a case was delivered, and its holder has said nothing of it since",
    AlarmKind.OVERDUE: "complaints are past their due date, and wait for an answer",
    AlarmKind.NO_SCAN: "nobody can look for malware; messages with files are turned away for now",
}
_ENDED = {
    AlarmKind.FAILING: (
        "destination.recovered",
        "calls succeed again, or it is in the route table no more",
    ),
    AlarmKind.UNROUTED: (
        "destination.released",
        "it is in the route table again, or nothing waits for it any more",
    ),
    AlarmKind.LATE: ("delivery.caught-up", "no delivery waits for too long any more"),
    AlarmKind.PARKED: ("delivery.released", "nothing is parked for this cause any more"),
    AlarmKind.NO_REPLIES: (
        "replies.caught-up",
        "all of its replies are fetched and kept, or it is in the route table no more",
    ),
    AlarmKind.NO_RECEIPT: (
        "receipt.caught-up",
        "every case has had its receipt, or none is looked for any more",
    ),
    AlarmKind.OVERDUE: ("case.caught-up", "no complaint is past its due date any more"),
    AlarmKind.NO_SCAN: ("malware-scan.recovered", "files are looked at again"),
}


@dataclass(frozen=True, slots=True)
class Seen:
    """Which node saw last that an alarm stands, and when; None when that node has stopped."""

    by: str | None
    at: datetime


class Alarms(Protocol):
    """
    Which alarms stand, over restarts and all nodes; raises Unavailable when it cannot tell.

    With each turn the alert of it is put into the outbox of every channel that is named, or
    neither happens.
    """

    def standing(self) -> Mapping[Alarm, Seen]:
        """Tell the alarms that have begun and not ended."""
        ...

    def begin(self, alert: Alert, seen: Seen, channels: Sequence[str]) -> bool:
        """Let an alarm begin; False when it had begun, here or on another node."""
        ...

    def end(self, alert: Alert, channels: Sequence[str]) -> bool:
        """Let an alarm end; False when it had ended, here or on another node."""
        ...

    def see(self, alarms: Collection[Alarm], seen: Seen) -> None:
        """Note that these stand still."""
        ...

    def let_go(self, node: str) -> None:
        """Forget who saw last what this node did, which looks no more."""
        ...


class Overview(Protocol):
    """What stands where, quick to read however much there is; raises Unavailable."""

    def queues(self) -> Mapping[str, Queue]:
        """Tell what each destination has not had yet; one that has all is not there."""
        ...

    def unanswered_since(self, destination: str, before: datetime) -> datetime | None:
        """
        Tell when the oldest case was received that its holder has said nothing of.

        Only cases that were delivered before then count; None when there is none.
        """
        ...

    def open_cases(self) -> Mapping[tuple[str, str], int]:
        """
        Count the cases that wait for an answer, by the key of their unit and their destination.

        Reads every case: for those who change routes, not for requests.
        """
        ...


def queue_alarms(
    queues: Mapping[str, Queue], within: timedelta, now: datetime
) -> dict[Alarm, str]:
    """Tell which alarms about queues stand now, each with its detail."""
    return dict(_queue_alarms(queues, within, now))


def _queue_alarms(
    queues: Mapping[str, Queue], within: timedelta, now: datetime
) -> Iterator[tuple[Alarm, str]]:
    for destination, queue in queues.items():
        if queue.since is not None and now - queue.since > within:
            since = queue.since.isoformat(timespec="seconds")
            yield Alarm(AlarmKind.LATE, destination), f"{queue.waiting} wait, since {since}"
        for group, count in queue.parked.items():
            yield Alarm(AlarmKind.PARKED, destination, group), f"{count}, fault {group}"
