"""A database filled in a minute: one case that was delivered, copied as often as wanted."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path


def multiply(database: Path, cases: int) -> None:
    """
    Copy the only case in a SQLite file until there are so many, by SQL alone.

    All is copied but what tells cases apart. What is at work on the file must have ended.
    """
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -200000"):
            connection.execute(f"PRAGMA {pragma}")
        with _without_indexes(connection):
            connection.execute("BEGIN")
            for table, own in _OWN.items():
                connection.execute(_copy(connection, table, own), (cases,))
            connection.execute("COMMIT")
    # What is written behind our back later would disturb what is measured.
    os.sync()


@contextmanager
def _without_indexes(connection: sqlite3.Connection) -> Iterator[None]:
    """Drop the indexes, and build them anew when all rows are there, which is far quicker."""
    made = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    ).fetchall()
    for name, _ in made:
        connection.execute(f"DROP INDEX {name}")
    yield
    for _, sql in made:
        connection.execute(sql)


def _copy(connection: sqlite3.Connection, table: str, own: dict[str, str]) -> str:
    columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    values = ", ".join(own.get(column, f"one.{column}") for column in columns)
    return _COPY.format(table=table, values=values)


# The rows of the first case are read into a table of their own before any are added.
_COPY = """
WITH RECURSIVE
    copies(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM copies WHERE n < ?),
    one AS MATERIALIZED (SELECT * FROM {table})
INSERT INTO {table} SELECT {values} FROM copies, one
"""


def _id(column: str) -> str:
    """Give each copy an id of the same millisecond as the first one's, in their order."""
    return f"substr(one.{column}, 1, 13) || printf('%019x', n)"


# What is each copy's own: an odd factor scatters numbers and keeps them apart.
_OWN = {
    "cases": {
        "id": _id("id"),
        "case_number": "printf('2026-%010X', n * 618033988749 & 0xFFFFFFFFFF)",
        "sender_case_id": "lower(hex(randomblob(8)))",
        "submitter_number": "printf('%012d', 190001010000 + n % 90000)",
        "external_case_id": "'EXT-' || n",
    },
    "case_events": {"id": _id("id"), "case_id": _id("case_id")},
    "timeline": {"case_id": _id("case_id")},
    "inbox_messages": {"id": _id("id"), "case_id": _id("case_id")},
    "outbox": {"id": _id("id"), "case_id": _id("case_id")},
    "attempts": {"delivery_id": _id("delivery_id")},
}
