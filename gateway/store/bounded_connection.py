"""A connection to PostgreSQL that hangs up on a server which says nothing."""

from typing import Any, TypeVar

import psycopg
from psycopg import pq
from psycopg.abc import PQGen

T = TypeVar("T")

# A little more than a statement may take by the server's own clock (see `engine`). That one stands
# still with the server: a machine that is paused, or a disk that does not answer.
LONGEST_S = 35.0


class BoundedConnection(psycopg.Connection[Any]):
    """
    The driver's connection, whose every wait for the server ends.

    `longest_s` is for how long (seconds); None is for ever.
    """

    longest_s: float | None = LONGEST_S

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
