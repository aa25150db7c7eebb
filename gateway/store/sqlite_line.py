"""New rows into an SQLite file: a thread that does nothing but hand statements to the driver."""

import asyncio
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy import Connection

from gateway.domain.errors import Unavailable
from gateway.store.at_once import OnSqlite, RowsByTable, on_sqlite
from gateway.store.engine import Database, kind_of

# What is said of these rows, and not of the file.
_REFUSALS = (sqlite3.IntegrityError, sqlite3.DataError, sqlite3.ProgrammingError)


class SqliteLine:
    """
    Writes on a thread of its own, with rows that were made ready on the event loop.

    While the driver is at work in the file the interpreter is free for who reads requests. So
    that the thread seldom has to wait for it, there is hardly any Python to run.
    """

    def __init__(self, database: Database) -> None:
        """Connect to nothing yet."""
        self._database = database
        self._thread = ThreadPoolExecutor(1, "sqlite-line")
        self._lent: Connection | None = None
        self._made: set[tuple[str, str]] = set()

    @property
    def is_open(self) -> bool:
        """Tell whether there is a connection; that of a file does not break."""
        return self._lent is not None

    def open(self) -> None:
        """Open the file; raises Unavailable."""
        # Drivers' connections belong to the thread that opened them.
        self._thread.submit(self._open).result()

    def _open(self) -> None:
        self._lent = self._database.lend()

    async def insert(self, rows: RowsByTable) -> bool:
        """Insert rows, and wait without blocking; raises Unavailable when the file cannot be."""
        statement = on_sqlite(self._database.dialect, rows)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._insert, statement)

    def _insert(self, statement: OnSqlite) -> bool:
        driver: Any = self._lent and self._lent.connection.dbapi_connection
        try:
            with self._database.turn_to_write():
                if statement.made_by not in self._made:
                    for one in statement.made_by:
                        driver.execute(one)
                    self._made.add(statement.made_by)
                driver.execute(statement.sql, statement.values)
        except _REFUSALS:
            return False
        except sqlite3.Error as error:
            # `from None`: the words of the database may carry SQL and values.
            raise Unavailable(f"the database does not answer: {kind_of(error)}") from None
        return True

    def close(self) -> None:
        """Close the file when what is under way has ended."""
        if self.is_open:
            self._thread.submit(self._close).result()
        self._thread.shutdown()

    def _close(self) -> None:
        lent, self._lent = self._lent, None
        if lent is not None:
            lent.close()
