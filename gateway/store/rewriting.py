"""An SQLite file written anew, so that nothing of what was deleted is left in it (DOMAIN E4)."""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, text

from gateway.domain.errors import Unavailable
from gateway.store.engine import Database
from gateway.store.turns import Turns

# Those who read meanwhile are waited for (seconds).
PATIENCE_S = 30.0


def rewrite(path: Path) -> bool:
    """
    Write the file anew, without what was deleted; False when somebody reads the old one still.

    Overwriting rows as they are deleted is not enough: what pages held before they were split
    stays in them. Who writes meanwhile waits, and is turned away after seconds.
    """
    turns = Turns(path)
    try:
        with turns.taken(), closing(sqlite3.connect(path, PATIENCE_S)) as connection:
            connection.execute("VACUUM")
            # Until then the old pages are in the file, and the new ones in the log beside it.
            busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.OperationalError as error:
        raise Unavailable(f"the file cannot be written anew: {error.sqlite_errorname}") from None
    finally:
        turns.close()
    return not busy


def mark(connection: Connection) -> None:
    """Say in a file that it is to be written anew, as long as nobody has; others need it not."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA user_version = 1"))


def rewrite_marked(database: Database) -> bool:
    """Write a marked file anew; False when it cannot be now, and is marked still."""
    if database.path is None or not _is_marked(database):
        return True
    try:
        if not rewrite(database.path):
            return False
    except Unavailable:
        return False
    with database.writing() as connection:
        connection.execute(text("PRAGMA user_version = 0"))
    return True


def _is_marked(database: Database) -> bool:
    with database.reading() as connection:
        return bool(connection.scalar(text("PRAGMA user_version")))
