"""The schema brought up to what this code needs, by migrations, safely from many nodes at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, text

from gateway.domain.errors import StartRefused
from gateway.flow.contents import Contents
from gateway.store.engine import Database, without_end
from gateway.store.rewriting import rewrite_marked


def upgrade(url: str, contents: Contents | None = None) -> bool:
    """
    Bring the schema up to date, all in one transaction; an up-to-date one is left as it is.

    A SQLite file is made with its folder. Others that upgrade at the same time are waited for.
    Files that a version before kept in the database are moved to `contents`; False when traces of
    them are left in an SQLite file that is being read, or has no room: then upgrade again.
    """
    with _opened(url) as database:
        if database.path is not None:
            # Cases are personal data, for the eyes of the gateway only.
            _make_folder(database.path.parent)
        # Whoever is at work is not disturbed when there is nothing to do.
        if not _is_current(database):
            _upgrade(database, contents)
        return rewrite_marked(database)


def is_current(url: str) -> bool:
    """Tell whether the database is there with the schema that this code needs; makes none."""
    with _opened(url) as database:
        there = database.path is None or database.path.exists()
        return there and _is_current(database)


@contextmanager
def _opened(url: str) -> Iterator[Database]:
    database = Database(url)
    try:
        yield database
    finally:
        database.close()


def _upgrade(database: Database, contents: Contents | None) -> None:
    with database.writing() as connection:
        _wait_for_others(connection)
        try:
            command.upgrade(_config(connection, contents), "head")
        except CommandError:
            raise StartRefused(_NEWER) from None


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StartRefused(f"database_url: {folder} cannot be made: {error.strerror}") from None


def _is_current(database: Database) -> bool:
    with database.reading() as connection:
        there = MigrationContext.configure(connection).get_current_heads()
        wanted = ScriptDirectory.from_config(_config(connection)).get_heads()
    return set(there) == set(wanted)


_NEWER = "database: its schema is of a newer version of Växel; run that version, or a back-up"
_MIGRATIONS = Path(__file__).parent / "migrations"
# Any number that nothing else in the same database locks.
_LOCK = 5_081_770_001
# What an upgrade may exceed: it also does much between its statements.
_LIMITS = "lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"


def _config(connection: Connection, contents: Contents | None = None) -> Config:
    config = Config(attributes={"connection": connection, "contents": contents})
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _wait_for_others(connection: Connection) -> None:
    # SQLite has let only us begin to write.
    if connection.dialect.name == "postgresql":
        connection.execute(text("; ".join(f"SET LOCAL {limit} = 0" for limit in _LIMITS)))
        # Nor do we hang up on what takes long here.
        without_end(connection)
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
