"""New rows into an SQLite file, by a process that does nothing else (decision 0034)."""

import os
import socket
import subprocess
import sys
from contextlib import suppress

import structlog
from sqlalchemy import Dialect

from gateway.domain.errors import Unavailable
from gateway.store import sqlite_writer
from gateway.store.asking import Asking
from gateway.store.at_once import RowsByTable, on_sqlite
from gateway.store.place import Place
from gateway.store.sqlite_writer import KEPT, REFUSED, asked

# More than a statement waits by itself (a second for its turn, five for SQLite's lock), and less
# than a gateway that stops waits for what is under way. What takes longer is killed, and the long
# way finds out what is kept.
LONGEST_S = 8.0
# A start takes a tenth of a second, and an end less; a gateway that stops waits for both.
_STARTING_S = 5.0
_ENDING_S = 2.0

log = structlog.get_logger()


class SqliteLine:
    """
    Has rows written by a process of its own, with statements made ready on the event loop.

    A thread would want the interpreter for each of them, and wait for who reads requests; and they
    for it.
    """

    def __init__(self, dialect: Dialect, place: Place) -> None:
        """Start nothing yet."""
        self._dialect = dialect
        self._place = place
        self._writer: _Writer | None = None

    @property
    def is_open(self) -> bool:
        """Tell whether its process was started, and has not ended since."""
        return self._writer is not None and not self._writer.asking.is_over

    def open(self) -> None:
        """Start the process, anew if it has ended; raises Unavailable."""
        if self._writer is not None:
            log.warning("committer.writer_ended", status=self._end())
        self._writer = _Writer(self._place)

    async def insert(self, rows: RowsByTable) -> bool:
        """Insert rows, and wait without blocking; raises Unavailable when the file cannot be."""
        statement, writer = on_sqlite(self._dialect, rows), self._writer
        if writer is None:
            return False
        answer = await writer.asking.ask(asked(statement))
        if answer in (KEPT, REFUSED):
            return answer == KEPT
        if answer is not None:
            raise Unavailable(answer)
        # It has ended, and nobody knows what it kept.
        return False

    def close(self) -> None:
        """Let the process end, when nothing is under way, and wait for it."""
        self._end()

    def _end(self) -> int | None:
        # In this order: what has ended is not open either.
        writer, self._writer = self._writer, None
        return None if writer is None else writer.end()


class _Writer:
    """The process, and the socket by which it is asked."""

    def __init__(self, place: Place) -> None:
        """
        Start it, and wait until it is ready.

        Raises Unavailable when the file cannot be opened, OSError when it cannot be started.
        """
        place.check()
        if place.found is None:
            raise Unavailable("the database file is not there")
        self._socket, theirs = socket.socketpair()
        try:
            self._process = _started(theirs.fileno(), place)
        except OSError:
            self._socket.close()
            raise
        finally:
            theirs.close()
        self.asking = Asking(self._socket, LONGEST_S, self._give_up)
        said = self._first_line()
        if said != KEPT:
            status = self.end()
            if said:
                raise Unavailable(said)
            raise ChildProcessError(f"it ended with {status}")

    def _first_line(self) -> str:
        self._socket.settimeout(_STARTING_S)
        try:
            # One line, and nothing that was asked before it: it comes whole.
            return self._socket.recv(1024).decode().strip()
        except OSError:  # it takes far too long, or has ended
            return ""
        finally:
            self._socket.setblocking(False)

    def _give_up(self) -> None:
        log.warning("committer.writer_silent", seconds=LONGEST_S)
        self._process.kill()

    def end(self) -> int:
        """Let it end by itself, or kill it when it does not; gives the status it ended with."""
        with suppress(OSError):  # when it has ended already
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        try:
            return self._process.wait(_ENDING_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()


def _started(number: int, place: Place) -> "subprocess.Popen[bytes]":
    device, inode = place.found or (0, 0)
    return subprocess.Popen(  # noqa: S603 our own program
        [
            *(sys.executable, "-P", "-m", sqlite_writer.__name__),
            *map(str, (number, place.path, device, inode)),
        ],
        # It finds what we have found, wherever it was started.
        env=os.environ | {"PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path))},
        pass_fds=[number],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        # What a terminal tells all of its processes is for the gateway.
        start_new_session=True,
    )
