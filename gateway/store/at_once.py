"""
Rows of several tables in one statement, for the hot path of taking in cases.

A statement like this is a transaction by itself, and the database is gone to once for a whole
batch, whatever its size: on PostgreSQL one way to the server and back, on SQLite one to the
process that writes.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import chain
from typing import Any

import orjson
from sqlalchemy import Dialect, Table

from gateway.store.moment import sortable
from gateway.store.records import Row
from gateway.store.rows import Binding, binding
from gateway.store.sqlite_writer import Statement

# Equally many in each table and one at least, which all have the same columns.
RowsByTable = Mapping[Table, Sequence[Row]]
# Each table with the columns that its rows have.
_Shape = tuple[tuple[Table, tuple[str, ...]], ...]


def on_postgres(dialect: Dialect, rows: RowsByTable, waking: str) -> tuple[str, list[bytes]]:
    """Give the statement that inserts rows and wakes who listens to `waking`, and its values."""
    # The values of a table are one parameter, JSON that the server reads as rows: hundreds would
    # take as long to hand over as to insert.
    values = [_as_json(some) for some in rows.values()]
    return _sql_on_postgres(dialect, _shape(rows)), [*values, waking.encode()]


def _shape(rows: RowsByTable) -> _Shape:
    return tuple((table, tuple(some[0])) for table, some in rows.items())


@lru_cache(maxsize=8)
def _sql_on_postgres(dialect: Dialect, shape: _Shape) -> str:
    inserts = [
        _from_json(dialect, table, columns, place)
        for place, (table, columns) in enumerate(shape, start=1)
    ]
    return f"WITH {', '.join(inserts)} SELECT pg_notify(${len(inserts) + 1}, '')"


def _from_json(dialect: Dialect, table: Table, columns: tuple[str, ...], place: int) -> str:
    names = ", ".join(columns)
    types = ", ".join(f"{name} {table.c[name].type.compile(dialect)}" for name in columns)
    given = f"SELECT {names} FROM json_to_recordset(${place}) AS given ({types})"  # noqa: S608 names of ours
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


def on_sqlite(dialect: Dialect, rows: RowsByTable) -> Statement:
    """Give the statement that inserts rows, for the process that writes."""
    funnel = _funnel(dialect, _shape(rows))
    together = [*zip(*rows.values(), strict=True)]
    values = (
        bound(row) for wide in together for bound, row in zip(funnel.bound, wide, strict=True)
    )
    every = tuple(chain.from_iterable(values))
    return funnel.made_by, funnel.sql(len(together)), every


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
