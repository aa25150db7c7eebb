"""What the store in memory keeps of alarms, and of alerts that are not brought yet."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from gateway.flow.alarms import Alarm, Alert, Seen
from gateway.flow.alert_outbox import AlertFor, ClaimedAlert
from gateway.testing.books import Books


@dataclass(frozen=True, slots=True)
class _Waiting:
    what: AlertFor
    due_at: datetime
    attempts: int = 0


class MemoryAlertOutbox:
    """Alerts that are not brought yet."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self._waiting: dict[tuple[UUID, str], _Waiting] = {}

    def put(self, alert: Alert, channels: Sequence[str]) -> None:
        """Let every channel bring an alert; called with the books open."""
        for channel in channels:
            self._waiting[alert.id, channel] = _Waiting(AlertFor(channel, alert), alert.at)

    def claim(self, channel: str, now: datetime, lease: timedelta) -> ClaimedAlert | None:
        """Claim what has been due longest for a channel."""
        with self._books:
            due = [
                (waiting.due_at, key)
                for key, waiting in self._waiting.items()
                if waiting.what.channel == channel
                and waiting.due_at <= now
                and not self._waits_behind(waiting.what)
            ]
            if not due:
                return None
            _, key = min(due)
            found = self._waiting[key]
            self._waiting[key] = replace(
                found, due_at=now + lease, attempts=(attempt := found.attempts + 1)
            )
            return ClaimedAlert(found.what, attempt)

    def _waits_behind(self, one: AlertFor) -> bool:
        return any(
            other.what.channel == one.channel
            and other.what.alert.alarm == one.alert.alarm
            and _turn(other.what) < _turn(one)
            for other in self._waiting.values()
        )

    def brought(self, claimed: ClaimedAlert) -> None:
        """Take it out."""
        with self._books:
            self._waiting.pop(_key(claimed.waiting), None)

    def postpone(self, claimed: ClaimedAlert, due_at: datetime) -> None:
        """Let it be claimed again then, unless somebody has since."""
        with self._books:
            key = _key(claimed.waiting)
            found = self._waiting.get(key)
            if found is not None and found.attempts == claimed.attempt:
                self._waiting[key] = replace(found, due_at=due_at)

    def give_up(self, before: datetime) -> Sequence[AlertFor]:
        """Take out what turned before then, of all channels, and give it."""
        with self._books:
            old = [one.what for one in self._waiting.values() if one.what.alert.at < before]
            for one in old:
                del self._waiting[_key(one)]
            return old


class MemoryAlarms:
    """Which alarms stand."""

    def __init__(self, books: Books, outbox: MemoryAlertOutbox) -> None:
        self._books = books
        self._outbox = outbox
        self._standing: dict[Alarm, Seen] = {}

    def standing(self) -> Mapping[Alarm, Seen]:
        """Tell the alarms that have begun and not ended."""
        with self._books:
            return dict(self._standing)

    def begin(self, alert: Alert, seen: Seen, channels: Sequence[str]) -> bool:
        """Let an alarm begin; False when it had begun."""
        with self._books:
            begins = alert.alarm not in self._standing
            if begins:
                self._standing[alert.alarm] = seen
                self._outbox.put(alert, channels)
            return begins

    def end(self, alert: Alert, channels: Sequence[str]) -> bool:
        """Let an alarm end; False when it had ended."""
        with self._books:
            ends = self._standing.pop(alert.alarm, None) is not None
            if ends:
                self._outbox.put(alert, channels)
            return ends

    def see(self, alarms: Collection[Alarm], seen: Seen) -> None:
        """Note that these stand still."""
        with self._books:
            self._standing |= dict.fromkeys(self._standing.keys() & {*alarms}, seen)

    def let_go(self, node: str) -> None:
        """Forget who saw last what this node did."""
        with self._books:
            self._standing |= {
                alarm: replace(seen, by=None)
                for alarm, seen in self._standing.items()
                if seen.by == node
            }


def _key(waiting: AlertFor) -> tuple[UUID, str]:
    return waiting.alert.id, waiting.channel


def _turn(one: AlertFor) -> tuple[datetime, UUID]:
    return one.alert.at, one.alert.id
