"""The short way for new cases, which nearly all of them can go (decision 0032)."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from math import inf
from time import monotonic

import structlog

from gateway.domain.errors import Unavailable
from gateway.flow.ports import Conflicting, Kept, NewCase
from gateway.store.engine import Database
from gateway.store.line import Line
from gateway.store.new_cases import rows_of, told_apart
from gateway.store.postgres_line import PostgresLine
from gateway.store.sqlite_line import SqliteLine

# While one transaction is on its way to the disk, PostgreSQL can read the next.
_LINES_TO_POSTGRES = 3
# An SQLite file has one writer, which finds its next batch there when it is done with one.
_BATCHES_TO_SQLITE = 2
# So long after a line was opened, or was tried to be, it is not tried again: meanwhile all go the
# long way, and it must not be held up by what cannot be opened.
_REST_S = 1.0

log = structlog.get_logger()


class QuickCases:
    """Cases without files, all new, in one statement on a line of their own."""

    def __init__(self, line: Line) -> None:
        """Connect to nothing yet."""
        self._line = line
        self._opener = ThreadPoolExecutor(1, "line-opener")
        self._opening: Future[None] | None = None
        self._opened_at = -inf
        self._is_told = False

    async def add(self, batch: Sequence[NewCase]) -> list[Kept | Conflicting] | None:
        """
        Keep new cases together; None when they must go the long way, which looks before it leaps.

        That is so for cases with files, and when the database refuses one: it may be here
        already, even since this moment by another node. And while the line is not open, or when
        it breaks, for nobody knows then what has been kept. May raise Unavailable.
        """
        if any(new.case.attachments for new in batch):
            return None
        if not self._line.is_open:
            self._open_meanwhile()
            return None
        fresh, answers = told_apart(batch, {})
        return answers if await self._line.insert(rows_of(fresh)) else None

    def _open_meanwhile(self) -> None:
        # Nobody waits for it: when the server cannot be reached, the long way says so.
        if self._opening is not None and not self._opening.done():
            return
        if monotonic() - self._opened_at >= _REST_S:
            self._opened_at = monotonic()
            self._opening = self._opener.submit(self._open)

    def _open(self) -> None:
        try:
            self._line.open()
        except Unavailable:
            return
        except Exception as error:  # noqa: BLE001 nobody waits for it who could be told
            if not self._is_told:
                log.warning("committer.line_not_opened", kind=type(error).__name__)
            self._is_told = True
        else:
            self._is_told = False

    async def close(self) -> None:
        """Let go of the line, when it is not in use any more; again, if it is told so twice."""
        await asyncio.to_thread(self._opener.shutdown)
        self._line.close()


def quick_cases(database: Database) -> tuple[QuickCases, ...]:
    """Give as many short ways as a database can use side by side."""
    if database.place is not None:
        return (QuickCases(SqliteLine(database.dialect, database.place)),) * _BATCHES_TO_SQLITE
    return tuple(QuickCases(PostgresLine(database)) for _ in range(_LINES_TO_POSTGRES))
