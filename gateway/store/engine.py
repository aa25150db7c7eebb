"""One database: how it is opened, read and written, and what its troubles are called here."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from math import inf
from pathlib import Path
from time import monotonic
from typing import Any

import orjson
import psycopg
from sqlalchemy import URL, Connection, Dialect, Engine, create_engine, event, text
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    InvalidatePoolError,
    ProgrammingError,
    StatementError,
)
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.pool import ConnectionPoolEntry
from tenacity import Retrying, retry_if_exception, stop_after_delay, wait_random

from gateway.domain.errors import ContentAway, Unavailable
from gateway.store.bounded_connection import BoundedConnection
from gateway.store.database_url import checked_url
from gateway.store.place import Place
from gateway.store.sqlite_writer import PRAGMAS
from gateway.store.trouble import kind_of, not_answering
from gateway.store.turns import Turns

_POOL = {"pool_size": 16, "max_overflow": 16, "pool_timeout": 5}
# After this many seconds without use the server is asked whether it still knows a connection.
LONGEST_REST_S = 1.0
# And it has so many seconds to say so.
_LONGEST_PING_S = 5.0
# A standby that confirms commits does so within milliseconds.
_LONGEST_COMMIT_S = 5.0
# No values in its words, and JSON as everywhere else.
_PLAIN = {"hide_parameters": True, "json_serializer": lambda value: orjson.dumps(value).decode()}


class NotKept(Exception):
    """The database refuses what it was given: a key that is taken, or a value it cannot hold."""


Opened = Callable[[str], Iterator[bytes]]


def nowhere(_digest: str) -> Iterator[bytes]:
    """Open nothing: for those who need only the names of files."""
    raise ContentAway("the place of attachments was not opened here")


class Database:
    """
    A database named by `sqlite:///file` or `postgresql://…`.

    `opened` gives the bytes of files, which stand outside, by their digest.

    Reading and writing raise Unavailable when the database cannot go on now, and NotKept when it
    refuses the rows; neither tells SQL or values. Whatever else is raised rolls back as well.
    `path` is the file of an SQLite database, and `place` where it was found.
    """

    def __init__(self, url: str, opened: Opened = nowhere) -> None:
        """Set up, without connecting yet; StartRefused when the URL cannot be used."""
        checked = checked_url(url)
        postgres = checked.get_backend_name() == "postgresql"
        self.path = None if postgres else Path(checked.database or "").resolve()
        self.place = None if self.path is None else Place(self.path)
        engine = _postgres(checked) if postgres else _sqlite(checked)
        beginnings = _POSTGRES_BEGINS if postgres else _SQLITE_BEGINS
        self._engine = engine.execution_options(opened=opened, begin=beginnings.reading)
        self._writer = self._engine.execution_options(begin=beginnings.writing)
        self._turns = None if self.path is None else Turns(self.path)
        self.dialect = engine.dialect

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Read, without changing anything."""
        self._check_place()
        with _in_our_words(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Write in one transaction, which is on disk when the block has ended."""
        self._check_place()
        with _in_our_words(), self._turn(), self._writer.begin() as connection:
            yield connection

    def lend(self) -> Connection:
        """
        Give a connection outside the pool, set up as those in it, whose driver begins nothing.

        Whoever asked for it closes it. Raises Unavailable as reading and writing do.
        """
        self._check_place()
        with _in_our_words():
            lent = self._engine.connect()
            lent.detach()
        return lent

    def ready(self) -> bool:
        """Tell whether the database answers now, with our tables, and can keep what is written."""
        try:
            with self.reading() as connection:
                connection.execute(text("SELECT 1 FROM cases LIMIT 1"))
                if self.path is None:
                    return bool(connection.scalar(_CAN_KEEP, {"longest": _LONGEST_COMMIT_S}))
        except (Unavailable, NotKept):
            return False
        return True

    def _check_place(self) -> None:
        if self.place is not None:
            self.place.check()

    def close(self) -> None:
        """Close the connections that are not in use."""
        self._engine.dispose()
        if self._turns is not None:
            self._turns.close()

    def _turn(self) -> AbstractContextManager[None]:
        # PostgreSQL lets many write at a time.
        return nullcontext() if self._turns is None else self._turns.taken()


def opening(connection: Connection) -> Opened:
    """Give what opens the files that are named in this database."""
    opened: Opened = connection.get_execution_options()["opened"]
    return opened


# A commit that waits for a standby which says nothing goes on waiting when we have hung up, and is
# seen here until the standby is back, or is not asked for any more.
_CAN_KEEP = text(
    "SELECT current_setting('transaction_read_only') = 'off' AND NOT EXISTS ("
    "SELECT FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
    " AND state_change < now() - make_interval(secs => :longest))"
)


@dataclass(frozen=True, slots=True)
class _Begins:
    """The statements that transactions begin with, which no driver says by itself here."""

    reading: str | None
    writing: str


# To see one moment, however many statements follow; and a transaction that begins as a reader and
# then writes can fail without being waited for.
_SQLITE_BEGINS = _Begins("BEGIN", "BEGIN IMMEDIATE")
# Each statement sees its own moment (READ COMMITTED), within a transaction as without.
_POSTGRES_BEGINS = _Begins(None, "BEGIN")


def _postgres(url: URL) -> Engine:
    # Parameters that are JSON go to the server as UTF-8, whatever it or the environment prefers.
    encoded = {"client_encoding": "utf8"}
    engine = create_engine(
        url, **_POOL, **_PLAIN, isolation_level="AUTOCOMMIT", connect_args=encoded
    )
    event.listen(engine, "do_connect", _connect)
    event.listen(engine, "connect", _set_up_postgres)
    event.listen(engine, "begin", _begin)
    event.listen(engine, "checkin", _lay_to_rest)
    event.listen(engine, "checkout", partial(_look_after_rest, engine.dialect))
    return engine


def _sqlite(url: URL) -> Engine:
    engine = create_engine(url, **_POOL, **_PLAIN, connect_args={"cached_statements": 256})
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin)
    return engine


def _connect(_dialect: Dialect, _record: object, place: Any, options: Any) -> BoundedConnection:
    return BoundedConnection.connect(*place, **options)


def without_end(connection: Connection) -> None:
    """Let what is asked of PostgreSQL on this connection take any time, from now on."""
    driver: Any = connection.connection.dbapi_connection
    driver.longest_s = None


def _set_up_postgres(connection: Any, _record: object) -> None:  # the driver's own connection
    # Statements of many rows, one for each table and size (see `rows`), besides all the others.
    connection.prepared_max = 256
    connection.learn_limit()


def _lay_to_rest(_connection: object, record: ConnectionPoolEntry) -> None:
    record.info["rests_since"] = monotonic()


def _look_after_rest(
    dialect: Dialect, connection: Any, record: ConnectionPoolEntry, _proxy: object
) -> None:
    """
    Make sure that the server still knows a connection that nobody has used for a while.

    A firewall or a restart may have ended it. Asking each time would be a question more for every
    one that is meant.
    """
    if monotonic() - record.info.get("rests_since", inf) < LONGEST_REST_S:
        return
    usual, connection.longest_s = connection.longest_s, _LONGEST_PING_S
    try:
        dialect.do_ping(connection)
    except psycopg.Error:
        raise InvalidatePoolError from None
    connection.longest_s = usual


def _set_up_sqlite(connection: Any, _record: object) -> None:  # the driver's own connection
    # The driver must not begin transactions by itself: it would begin them as readers.
    connection.isolation_level = None
    for pragma in PRAGMAS:
        _unless_busy(connection.execute, f"PRAGMA {pragma}")


def _is_busy(error: BaseException) -> bool:
    return getattr(error, "sqlite_errorname", None) == "SQLITE_BUSY"


# SQLite waits by itself for every lock but one: that of two who make a new file WAL at once.
_unless_busy = Retrying(
    retry=retry_if_exception(_is_busy),
    wait=wait_random(0.01, 0.05),
    stop=stop_after_delay(5),
    reraise=True,
)


def _begin(connection: Connection) -> None:
    statement = connection.get_execution_options().get("begin")
    if statement:
        connection.exec_driver_sql(statement)


@contextmanager
def _in_our_words() -> Iterator[None]:
    # `from None`: the words of the database may carry SQL and values.
    try:
        yield
    except NoConnectionFree:
        raise Unavailable("all connections to the database are in use") from None
    except DBAPIError as error:
        if isinstance(error, _REFUSALS) and not error.connection_invalidated:
            raise NotKept(f"the database refuses it: {kind_of(error.orig)}") from None
        raise Unavailable(not_answering(error.orig)) from None
    except StatementError as error:
        raise NotKept(f"a value cannot be kept: {kind_of(error.orig)}") from None


_REFUSALS = (IntegrityError, DataError, ProgrammingError)
