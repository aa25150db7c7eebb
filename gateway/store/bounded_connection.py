"""A connection to PostgreSQL that hangs up on a server which says nothing."""

from typing import Any, TypeVar

import psycopg
from psycopg import pq
from psycopg.abc import PQGen

T = TypeVar("T")

# So much longer than a statement may take by the server's own clock, which stands still with it:
# on a machine that is paused, or a disk that does not answer.
_LONGER_S = 5.0


class BoundedConnection(psycopg.Connection[Any]):
    """
    The driver's connection, whose every wait for the server ends.

    `longest_s` is for how long (seconds); None is for ever. Until the server's own limit is learnt
    it is for what any server answers at once.
    """

    longest_s: float | None = _LONGER_S

    def learn_limit(self) -> None:
        """Take over the server's limit on statements, which the URL may have set; 0 is none."""
        (limit_ms,) = self.execute(_LIMIT).fetchone() or (0,)
        self.rollback()  # as new: no transaction is open
        self.longest_s = limit_ms / 1000 + _LONGER_S if limit_ms else None

    def wait(self, gen: PQGen[T], interval: float = 0.1, timeout: float | None = None) -> T:
        """Wait for the server; raises OperationalError, and is closed, when it takes too long."""
        bounded = timeout is None
        try:
            return super().wait(gen, interval, self.longest_s if bounded else timeout)
        except psycopg.OperationalError:
            if bounded and self.pgconn.transaction_status == pq.TransactionStatus.ACTIVE:
                # Hung up, and nothing cancelled: a commit that waits for a standby would be taken
                # back from there, and be kept by a server that may be lost.
                self.pgconn.finish()
                raise psycopg.OperationalError("the server says nothing") from None
            raise


_LIMIT = "SELECT setting::int FROM pg_settings WHERE name = 'statement_timeout'"
