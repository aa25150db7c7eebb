"""One clock for all nodes: the database server's, whatever the nodes' own clocks say."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from gateway.domain.errors import Unavailable
from gateway.store.engine import Database

_LOOK_EVERY_S = 10.0
# What took longer to answer says nothing of now: it may have been told at any moment of it.
_LONGEST_LOOK = timedelta(seconds=1)


def time_of_day() -> datetime:
    """Tell what this machine's clock says, in UTC."""
    return datetime.now(UTC)


def steady_time() -> datetime:
    """Tell the time of day at the start and what has passed since, however the clock is set."""
    return _STARTED + timedelta(seconds=_passed())


def _passed() -> float:
    # On Linux also while the machine was suspended.
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


_STARTED = datetime.now(UTC) - timedelta(seconds=_passed())


@dataclass(slots=True)
class SharedClock:
    """
    Tells the time of the database server, in UTC, without asking it each time.

    A lease, a due time and a period mean the same on every node, also on one whose clock is wrong.
    How far `own` is off is looked up at the start and now and then; while the server cannot be
    asked, what was found last holds: so `own` must not jump when somebody sets the node's clock.
    With SQLite there is one machine and one clock.
    """

    database: Database
    own: Callable[[], datetime]
    _ahead: timedelta = field(default=timedelta())
    _stopping: threading.Event = field(default_factory=threading.Event)

    def __call__(self) -> datetime:
        """Tell the time."""
        return self.own() + self._ahead

    def run(self) -> None:
        """Look again now and then, until `stop`."""
        while not self._stopping.wait(_LOOK_EVERY_S):
            self.look()

    def stop(self) -> None:
        """Look no more."""
        self._stopping.set()

    def look(self) -> None:
        """Find out how far the server's clock is ahead of ours."""
        if self.database.path is not None:
            return
        try:
            with self.database.reading() as connection:
                before = self.own()
                theirs = connection.scalar(_THEIRS)
                after = self.own()
        except Unavailable:
            return
        if after - before <= _LONGEST_LOOK:
            self._ahead = theirs - (before + (after - before) / 2)


_THEIRS = text("SELECT clock_timestamp()")
