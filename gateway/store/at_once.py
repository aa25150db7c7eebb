"""
Rows of several tables in one statement, for the hot path of taking in cases.

The interpreter is let go once while the database works; after each further statement the writing
thread would have to wait for it, while requests are being read. On PostgreSQL it is also one way
to the server and back instead of nine.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import chain
from typing import Any

import orjson
from psycopg.types.json import Json
from sqlalchemy import Connection, Dialect, Table

from gateway.store.moment import sortable
from gateway.store.records import Row
from gateway.store.rows import Binding, binding

# Each table with the columns that its rows have.
_Shape = tuple[tuple[Table, tuple[str, ...]], ...]


def insert_at_once(
    connection: Connection, rows: Mapping[Table, Sequence[Row]], waking: str
) -> None:
    """
    Insert rows, equally many in each table and one at least, and wake who listens to `waking`.

    The connection must be one whose statements are transactions by themselves.
    """
    shape = tuple((table, tuple(some[0])) for table, some in rows.items())
    if connection.dialect.name == "postgresql":
        _insert_on_postgres(connection, shape, rows, waking)
    else:
        _insert_on_sqlite(connection, shape, [*rows.values()])


def _insert_on_postgres(
    connection: Connection, shape: _Shape, rows: Mapping[Table, Sequence[Row]], waking: str
) -> None:
    # The values of a table are one parameter: to look for hundreds in a statement takes the
    # driver as long as the server takes to insert them.
    values = tuple(Json(some, dumps=_as_json) for some in rows.values())
    connection.exec_driver_sql(_on_postgres(connection.dialect, shape), (*values, waking))


@lru_cache(maxsize=8)
def _on_postgres(dialect: Dialect, shape: _Shape) -> str:
    inserts = (_from_json(dialect, table, columns) for table, columns in shape)
    return f"WITH {', '.join(inserts)} SELECT pg_notify(%s, '')"


def _from_json(dialect: Dialect, table: Table, columns: tuple[str, ...]) -> str:
    names = ", ".join(columns)
    types = ", ".join(f"{name} {table.c[name].type.compile(dialect)}" for name in columns)
    given = f"SELECT {names} FROM json_to_recordset(%s) AS given ({types})"  # noqa: S608 names of ours
    return f"new_{table.name} AS (INSERT INTO {table.name} ({names}) {given})"


def _as_json(rows: Sequence[Row]) -> bytes:
    try:
        return orjson.dumps(rows, default=_moment, option=orjson.OPT_PASSTHROUGH_DATETIME)
    except orjson.JSONEncodeError as error:
        # Its own words name a type and no more.
        raise error.__cause__ or error from None


def _moment(value: object) -> str:
    if isinstance(value, datetime):
        return sortable(value)
    raise TypeError(f"a {type(value).__name__} cannot be kept as JSON")


def _insert_on_sqlite(
    connection: Connection, shape: _Shape, rows: Sequence[Sequence[Row]]
) -> None:
    funnel = _funnel(connection.dialect, shape)
    made: set[_Funnel] = connection.info.setdefault("funnels", set())
    if funnel not in made:
        for statement in funnel.made_by:
            connection.exec_driver_sql(statement)
        made.add(funnel)
    values = (
        bound(row)
        for together in zip(*rows, strict=True)
        for bound, row in zip(funnel.bound, together, strict=True)
    )
    connection.exec_driver_sql(funnel.sql(len(rows[0])), tuple(chain.from_iterable(values)))


@dataclass(frozen=True, slots=True)
class _Funnel:
    """
    A view of a connection's own that nothing can be read from.

    Each of its rows is as wide as one row of every table together; what is inserted into it goes
    into those, by a trigger.
    """

    name: str
    width: int
    made_by: tuple[str, str]
    bound: tuple[Callable[[Row], list[Any]], ...]

    def sql(self, rows: int) -> str:
        placeholders = f"({','.join('?' * self.width)})"
        return f"INSERT INTO {self.name} VALUES {','.join([placeholders] * rows)}"  # noqa: S608 a name of ours


@lru_cache(maxsize=8)
def _funnel(dialect: Dialect, shape: _Shape) -> _Funnel:
    bindings = [(table, binding(dialect, table, columns)) for table, columns in shape]
    name = "_".join(["into", *(table.name for table, _ in bindings)])
    width = sum(len(bound.names) for _, bound in bindings)
    nothing = ", ".join(f"NULL AS v{n}" for n in range(width))
    view = f"CREATE TEMP VIEW IF NOT EXISTS {name} AS SELECT {nothing}"
    inserts, start = list[str](), 0
    for table, bound in bindings:
        inserts.append(_from_view(table, bound, start))
        start += len(bound.names)
    event = f"INSTEAD OF INSERT ON {name} BEGIN {' '.join(inserts)} END"
    trigger = f"CREATE TEMP TRIGGER IF NOT EXISTS {name}_on {event}"
    return _Funnel(name, width, (view, trigger), tuple(bound.bound for _, bound in bindings))


def _from_view(table: Table, bound: Binding, start: int) -> str:
    values = ", ".join(f"NEW.v{start + place}" for place in range(len(bound.names)))
    return f"INSERT INTO {table.name} ({', '.join(bound.names)}) VALUES ({values});"  # noqa: S608 names of ours
