"""
A process that does nothing but write new rows into an SQLite file (decision 0034).

It is started by a gateway and asked over a socket: the length of a statement, and the statement
as `marshal` writes it. It answers each with a line, and says by a first one that it is ready. It
ends when its gateway lets go of the socket or is gone, and not before: signals that are sent to
all processes of a gateway are for the gateway.
"""

import marshal
import signal
import socket
import sqlite3
import struct
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from gateway.domain.errors import Unavailable
from gateway.store.place import Place
from gateway.store.trouble import not_answering
from gateway.store.turns import Turns

# `synchronous=FULL`: what was committed survives a loss of power, not only of the process.
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")
# What is answered; any other words say why nothing can be written now.
KEPT, REFUSED = "kept", "refused"

# What makes the view that rows are put into, where it is not made yet; an insert; its values.
Statement = tuple[tuple[str, str], str, tuple[Any, ...]]

_LENGTH = struct.Struct("<I")
# What is said of these rows, and not of the file.
_REFUSALS = (
    *(sqlite3.IntegrityError, sqlite3.DataError, sqlite3.ProgrammingError),
    *(UnicodeError, OverflowError),
)


def asked(statement: Statement) -> bytes:
    """Give what the process is sent, to run a statement."""
    written = marshal.dumps(statement)
    return _LENGTH.pack(len(written)) + written


class Writer:
    """One connection to the file, on which one statement after the other is a transaction."""

    def __init__(self, place: Place) -> None:
        """Open the file, which must be there; raises sqlite3.Error or Unavailable."""
        self._place = place
        self._turns = Turns(place.path)
        place.check()
        # Of this URI only the path is not ours. It never makes a file.
        uri = f"file:{quote(str(place.path))}?mode=rw"
        self._driver = sqlite3.connect(uri, uri=True, isolation_level=None)
        for pragma in PRAGMAS:
            self._driver.execute(f"PRAGMA {pragma}")
        self._made: set[tuple[str, str]] = set()

    def write(self, statement: Statement) -> str:
        """Run a statement when it is our turn, and give the answer."""
        made_by, sql, values = statement
        try:
            self._place.check()
            with self._turns.taken():
                if made_by not in self._made:
                    for one in made_by:
                        self._driver.execute(one)
                    self._made.add(made_by)
                self._driver.execute(sql, values)
        except _REFUSALS:
            return REFUSED
        except (sqlite3.Error, Unavailable) as error:
            return _why(error)
        return KEPT

    def close(self) -> None:
        """Close the file."""
        self._driver.close()
        self._turns.close()


def serve(asking: socket.socket, place: Place) -> None:
    """Answer who asks until it lets go."""
    try:
        writer = Writer(place)
    except (sqlite3.Error, Unavailable) as error:
        asking.sendall(_line(_why(error)))
        return
    asking.sendall(_line(KEPT))
    while (statement := _next(asking)) is not None:
        answer = writer.write(statement)
        told = 1
        if answer not in (KEPT, REFUSED):
            # What came meanwhile would wait as long, for the same answer.
            while _lies_there(asking) and _next(asking) is not None:
                told += 1
        asking.sendall(_line(answer) * told)
    writer.close()


def _lies_there(asking: socket.socket) -> bool:
    try:
        return bool(asking.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT))
    except BlockingIOError:
        return False


def _next(asking: socket.socket) -> Statement | None:
    head = _read(asking, _LENGTH.size)
    if head is None:
        return None
    written = _read(asking, *_LENGTH.unpack(head))
    if written is None:
        return None
    statement: Statement = marshal.loads(written)  # noqa: S302 from our own process, and nobody else's
    return statement


def _read(asking: socket.socket, length: int) -> bytes | None:
    came = b""
    # More than once when the process was stopped meanwhile.
    while len(came) < length:
        more = asking.recv(length - len(came), socket.MSG_WAITALL)
        if not more:
            return None
        came += more
    return came


def _why(error: sqlite3.Error | Unavailable) -> str:
    return str(error) if isinstance(error, Unavailable) else not_answering(error)


def _line(words: str) -> bytes:
    return f"{words}\n".encode()


def main(number: str, path: str, device: str, inode: str) -> None:
    """Serve on a socket that was handed down by its number, for a file that was found."""
    for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(one, signal.SIG_IGN)
    place = Place(Path(path), (int(device), int(inode)))
    # A gateway that was killed hears no answer.
    with suppress(ConnectionError), socket.socket(fileno=int(number)) as asking:
        serve(asking, place)


if __name__ == "__main__":
    main(*sys.argv[1:])
