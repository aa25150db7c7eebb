"""New rows to PostgreSQL from the event loop itself, without a thread that waits for answers."""

import asyncio
from typing import Any

from psycopg import Error, pq
from sqlalchemy.pool import PoolProxiedConnection

from gateway.store.at_once import RowsByTable, on_postgres
from gateway.store.engine import Database
from gateway.store.wakes import OUTBOX

_STATEMENT = b"new_cases"
_DONE = pq.ExecStatus.COMMAND_OK, pq.ExecStatus.TUPLES_OK


class PostgresLine:
    """
    A connection that the event loop reads, with one statement under way at a time.

    The statement is sent by libpq's own calls: the driver's coroutines look after much that is
    not needed here, and take as long for it as all else that a batch costs the loop.
    """

    def __init__(self, database: Database) -> None:
        """Connect to nothing yet."""
        self._database = database
        self._lent: PoolProxiedConnection | None = None
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
        """Insert rows; False when the server refuses them or is gone."""
        sql, values = on_postgres(self._database.dialect, rows, OUTBOX)
        if self._wire is None:
            self._wire = _Wire(self._driver().pgconn)
        return await self._wire.run(sql, values)

    def _driver(self) -> Any:  # SQLAlchemy does not know what its driver gives
        return self._lent and self._lent.dbapi_connection

    def close(self) -> None:
        """Hang up."""
        wire, self._wire = self._wire, None
        if wire is not None:
            wire.leave()
        lent, self._lent = self._lent, None
        if lent is not None:
            lent.close()


class _Wire:
    """What libpq sends and receives on one connection, seen from the loop that runs now."""

    def __init__(self, server: pq.abc.PGconn) -> None:
        """Listen to the server; also while nothing is asked, to hear of it when it goes."""
        self.is_lost = False
        self._server = server
        self._socket = server.socket
        self._loop = asyncio.get_running_loop()
        self._prepared: str | None = None
        self._answered: asyncio.Future[bool] | None = None
        self._is_well = True
        self._loop.add_reader(self._socket, self._read)

    async def run(self, sql: str, values: list[bytes]) -> bool:
        """Run a statement; tell whether the server says that it is done."""
        if self._prepared != sql:
            if not await self._ask(self._server.send_prepare, _STATEMENT, sql.encode()):
                return False
            self._prepared = sql
        return await self._ask(self._server.send_query_prepared, _STATEMENT, values)

    async def _ask(self, send: Any, *what: object) -> bool:  # one of libpq's calls
        self._is_well = True
        self._answered = self._loop.create_future()
        try:
            send(*what)
            self._flush()
        except Error:
            self._lose()
        return await self._answered

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
        try:
            self._server.consume_input()
            while not self._server.is_busy():
                result = self._server.get_result()
                if result is None:
                    self._answer(is_well=self._is_well)
                    return
                self._is_well = self._is_well and result.status in _DONE
        except Error:
            self._lose()

    def _lose(self) -> None:
        self.leave()
        self._answer(is_well=False)

    def _answer(self, *, is_well: bool) -> None:
        answered, self._answered = self._answered, None
        if answered is not None and not answered.done():
            answered.set_result(is_well)

    def leave(self) -> None:
        """Listen no more."""
        if not self.is_lost:
            self.is_lost = True
            self._loop.remove_reader(self._socket)
            self._loop.remove_writer(self._socket)
