"""Whose turn it is to write in an SQLite file, among all threads and processes that want to."""

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gateway.domain.errors import Unavailable

# As long as SQLite itself waits for its lock.
LONGEST_S = 5.0
# A process that was stopped in its turn must not hold up the others for ever.
COURTESY_S = 1.0
_PAUSE_S = 0.0005


class Turns:
    """
    Lets those who want to write do so one after the other, with short waits.

    SQLite's own lock is what keeps them apart, but whoever waits for that looks for it less and
    less often, and between two who write all the time one waits for seconds. Here they look often,
    at a lock on the database's folder, which needs no file and ends with the process.
    """

    def __init__(self, database: Path) -> None:
        """Take no turn yet: the folder need not be there."""
        self._folder = database.parent
        self._threads = threading.Lock()
        self._held: int | None = None

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Wait for a turn, and keep it for the block; raises Unavailable when it does not come."""
        if not self._threads.acquire(timeout=LONGEST_S):
            raise Unavailable("others have been writing to the database for too long")
        try:
            folder = self._opened()
            _lock(folder)
            try:
                yield
            finally:
                fcntl.flock(folder, fcntl.LOCK_UN)
        finally:
            self._threads.release()

    def close(self) -> None:
        """Let go of the folder, once nobody is in a turn; the next one opens it again."""
        with self._threads:
            held, self._held = self._held, None
            if held is not None:
                os.close(held)

    def _opened(self) -> int:
        if self._held is None:
            try:
                self._held = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            except OSError as error:
                words = f"the folder of the database cannot be opened: {error.strerror}"
                raise Unavailable(words) from None
        return self._held


def _lock(folder: int) -> None:
    until = time.monotonic() + COURTESY_S
    while time.monotonic() < until:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(_PAUSE_S)
        except OSError:
            # Some file systems have no such locks.
            return
        else:
            return
