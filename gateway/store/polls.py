"""How far the replies of each destination were fetched, in SQL (DOMAIN D2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, update

from gateway.flow.polls import Poll
from gateway.store.engine import Database
from gateway.store.once import insert_once
from gateway.store.tables import polls


@dataclass(frozen=True, slots=True)
class SqlPolls:
    """One row for each destination that is polled; the promises stand in the port."""

    database: Database

    def begin(self, destination: str, now: datetime, until: datetime) -> Poll | None:
        """Begin a round, for this caller only; None when it is not due."""
        values = {"place": destination, "moment": now, "until": until}
        with self.database.writing() as connection:
            insert_once(connection, polls, {"destination": destination, "round": 0, "due_at": now})
            row = connection.execute(_BEGIN, values).one_or_none()
        if row is None:
            return None
        return Poll(row.destination, row.round, row.since, row.swept_at, row.failing_since)

    def end(self, poll: Poll, due_at: datetime) -> bool:
        """Write how far a round came; False when another has begun since."""
        values = {
            "place": poll.destination,
            "number": poll.round,
            "next": due_at,
            "reached": poll.since,
            "swept": poll.swept_at,
            "failing": poll.failing_since,
        }
        with self.database.writing() as connection:
            return connection.execute(_END, values).rowcount == 1

    def failing(self) -> Mapping[str, datetime]:
        """Tell the destinations whose last round was not whole, and since when."""
        with self.database.reading() as connection:
            return {row.destination: row.failing_since for row in connection.execute(_FAILING)}


_BEGIN = (
    update(polls)
    .where(polls.c.destination == bindparam("place"), polls.c.due_at <= bindparam("moment"))
    .values(round=polls.c.round + 1, due_at=bindparam("until"))
    .returning(*polls.c)
)
_END = (
    update(polls)
    .where(polls.c.destination == bindparam("place"), polls.c.round == bindparam("number"))
    .values(
        due_at=bindparam("next"),
        since=bindparam("reached"),
        swept_at=bindparam("swept"),
        failing_since=bindparam("failing"),
    )
)
_FAILING = select(polls.c.destination, polls.c.failing_since).where(
    polls.c.failing_since.is_not(None)
)
