"""New rows to PostgreSQL from the event loop itself, without a thread that waits for answers."""

import asyncio
import re
import select
from typing import Any

import structlog
from psycopg import Error, pq
from sqlalchemy import Connection

from gateway.domain.errors import Unavailable
from gateway.store.at_once import RowsByTable, on_postgres
from gateway.store.engine import Database
from gateway.store.wakes import OUTBOX

_STATEMENT = b"new_cases"
# A little more than a statement waits for a lock there. What takes longer may hang for ever, and
# whoever sends a case is told to come back.
LONGEST_S = 12.0
# SQLSTATEs for which the long way would only wait once more: of resources, locks, time-outs, and
# of a server that may be read only.
_CANNOT_NOW = re.compile("53|55P03|57014|25006")
# A statement that is not there any more, or that somebody else has left there: between us and the
# server stands a pooler that gives out connections without what was prepared on them.
_NOT_OURS = frozenset({"26000", "42P05"})
_LOST = "lost"
_DONE = pq.ExecStatus.COMMAND_OK, pq.ExecStatus.TUPLES_OK

log = structlog.get_logger()


class PostgresLine:
    """
    A connection that the event loop reads, with one statement under way at a time.

    The statement is sent by libpq's own calls: the driver's coroutines look after much that is
    not needed here, and take as long for it as all else that a batch costs the loop.
    """

    def __init__(self, database: Database) -> None:
        """Connect to nothing yet."""
        self._database = database
        self._lent: Connection | None = None
        self._wire: _Wire | None = None

    @property
    def is_open(self) -> bool:
        """Tell whether the server has been heard of, and not been lost since."""
        return self._lent is not None and not (self._wire and self._wire.is_lost)

    def open(self) -> None:
        """Connect, anew if the connection was lost; raises Unavailable."""
        self.close()
        self._lent = self._database.lend()

    async def insert(self, rows: RowsByTable) -> bool:
        """Insert rows; raises Unavailable when the server says that it cannot do so now."""
        sql, values = on_postgres(self._database.dialect, rows, OUTBOX)
        if self._wire is None:
            if self._lent is None:
                return False
            self._wire = _Wire(_driver_of(self._lent).pgconn)
        return await self._wire.run(sql, values)

    def close(self) -> None:
        """Hang up."""
        # In this order: what is not lent any more is not open either.
        lent, self._lent = self._lent, None
        wire, self._wire = self._wire, None
        if wire is not None:
            wire.leave()
        if lent is not None:
            # By the driver: SQLAlchemy would first ask the server to roll back, which may be gone.
            _driver_of(lent).close()
            lent.invalidate()


def _driver_of(lent: Connection) -> Any:  # SQLAlchemy does not know what its driver gives
    return lent.connection.dbapi_connection


class _Wire:
    """What libpq sends and receives on one connection, seen from the loop that runs now."""

    def __init__(self, server: pq.abc.PGconn) -> None:
        """Listen to the server; also while nothing is asked, to hear of it when it goes."""
        self.is_lost = False
        self._server = server
        self._socket = server.socket
        self._more = select.poll()
        self._more.register(self._socket, select.POLLIN)
        self._loop = asyncio.get_running_loop()
        self._prepared: str | None = None
        self._is_told = False
        self._answered: asyncio.Future[bool] | None = None
        self._trouble: str | None = None
        self._loop.add_reader(self._socket, self._read)

    async def run(self, sql: str, values: list[bytes]) -> bool:
        """Run a statement; tell whether the server says that it is done."""
        done = self._prepared == sql or await self._prepare(sql)
        done = done and await self._ask(self._server.send_query_prepared, _STATEMENT, values)
        if self._trouble in _NOT_OURS:
            self._prepared = None
            self._tell(self._trouble)
        return done

    async def _prepare(self, sql: str) -> bool:
        done = await self._ask(self._server.send_prepare, _STATEMENT, sql.encode())
        self._prepared = sql if done else None
        return done

    def _tell(self, sqlstate: str | None) -> None:
        # Once: every batch might say the same, and all of them are kept by the long way.
        if not self._is_told:
            log.warning("committer.statement_not_kept", sqlstate=sqlstate)
        self._is_told = True

    async def _ask(self, send: Any, *what: object) -> bool:  # one of libpq's calls
        self._trouble = None
        self._answered = self._loop.create_future()
        try:
            send(*what)
            self._flush()
        except Error:
            self._lose()
        try:
            async with asyncio.timeout(LONGEST_S):
                return await self._answered
        except asyncio.CancelledError:
            # The next one would get an answer that is not its own.
            self._lose()
            raise
        except TimeoutError:
            self._lose()
            raise Unavailable("the database does not answer: it says nothing") from None

    def _flush(self) -> None:
        if self._server.flush():
            self._loop.add_writer(self._socket, self._write)

    def _write(self) -> None:
        try:
            if not self._server.flush():
                self._loop.remove_writer(self._socket)
        except Error:
            self._lose()

    def _read(self) -> None:
        # Until there is nothing more: libuv tells of a broken socket once, and never again.
        self._take()
        while not self.is_lost and self._more.poll(0):
            self._take()

    def _take(self) -> None:
        try:
            self._server.consume_input()
            while not self._server.is_busy():
                result = self._server.get_result()
                if result is None:
                    self._answer()
                    return
                if result.status not in _DONE:
                    self._trouble = _sqlstate(result)
        except Error:
            self._lose()

    def _lose(self) -> None:
        self.leave()
        self._trouble = _LOST
        self._answer()

    def _answer(self) -> None:
        answered, self._answered = self._answered, None
        if answered is None or answered.done():
            return
        if self._trouble is not None and _CANNOT_NOW.match(self._trouble):
            words = f"the database does not answer: {self._trouble}"
            answered.set_exception(Unavailable(words))
        else:
            answered.set_result(self._trouble is None)

    def leave(self) -> None:
        """Listen no more."""
        if not self.is_lost:
            self.is_lost = True
            self._loop.remove_reader(self._socket)
            self._loop.remove_writer(self._socket)


def _sqlstate(result: pq.abc.PGresult) -> str:
    return (result.error_field(pq.DiagnosticField.SQLSTATE) or b"").decode()
