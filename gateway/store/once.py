"""Insert a row unless it is there: safe also when two nodes do it in the same moment."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_once(connection: Connection, table: Table, row: Mapping[str, object]) -> bool:
    """Insert a row; False when one of its keys is taken, and then nothing has changed."""
    key = next(iter(table.primary_key))
    statement = _insert(connection, table).on_conflict_do_nothing().returning(key)
    return connection.execute(statement, row).one_or_none() is not None


def insert_all_once(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, object]]
) -> None:
    """Insert those rows of which no key is taken; the others change nothing."""
    connection.execute(_insert(connection, table).on_conflict_do_nothing(), rows)


def _insert(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)
