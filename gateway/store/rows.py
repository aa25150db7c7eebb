"""Rows inserted by the driver's own way, many in one statement."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from operator import itemgetter
from typing import Any

from sqlalchemy import Column, Connection, Dialect, Table, insert

from gateway.store.records import Row

# Makes a value what the driver takes; its type is known to the column only.
_Bind = Callable[[Any], Any]


def insert_rows(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """
    Insert rows that all have the same columns.

    Many go in one statement: the interpreter is let go once while the database works, and not
    once a row, after each of which it would have to be waited for.
    """
    if not rows:
        return
    statement = _statement(connection.dialect, table, tuple(rows[0]))
    for part in _parts(rows):
        values = tuple(chain.from_iterable(map(statement.binding.bound, part)))
        connection.exec_driver_sql(statement.sql(len(part)), values)


@dataclass(frozen=True, slots=True)
class Binding:
    """How rows of a table become what the driver takes: `names` of columns, in its order."""

    names: tuple[str, ...]
    values: Callable[[Row], tuple[Any, ...]]
    binds: tuple[tuple[int, _Bind], ...]

    def bound(self, row: Row) -> list[Any]:
        """Give the values of a row, in the order of the names."""
        values = [*self.values(row)]
        for place, bind in self.binds:
            values[place] = bind(values[place])
        return values


@lru_cache(maxsize=64)
def binding(dialect: Dialect, table: Table, columns: tuple[str, ...]) -> Binding:
    """Tell how rows of these columns are bound, which are two or more."""
    # As a compiled statement names them: in the table's order.
    wanted = [column for column in table.c if column.name in columns]
    names = tuple(column.name for column in wanted)
    binds = ((place, _bind(column, dialect)) for place, column in enumerate(wanted))
    return Binding(names, itemgetter(*names), tuple((p, bind) for p, bind in binds if bind))


@dataclass(frozen=True, slots=True)
class _Statement:
    beginning: str
    placeholders: str
    binding: Binding

    def sql(self, rows: int) -> str:
        return f"{self.beginning}{','.join([self.placeholders] * rows)}"


def _parts(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    """
    Split large batches by powers of two, so that a database meets few statements.

    All of them stay prepared: what is usual goes in one, whatever its size.
    """
    start = 0
    while left := len(rows) - start:
        size = left if left <= _USUAL_ROWS else min(1 << left.bit_length() - 1, _MOST_ROWS)
        yield rows[start : start + size]
        start += size


# With the widest table this is far below the number of values that a statement may have.
_MOST_ROWS = 64
_USUAL_ROWS = 16


@lru_cache(maxsize=64)
def _statement(dialect: Dialect, table: Table, columns: tuple[str, ...]) -> _Statement:
    compiled = insert(table).compile(dialect=dialect, column_keys=list(columns))
    beginning, _, placeholders = str(compiled).rpartition("VALUES ")
    return _Statement(
        beginning=f"{beginning}VALUES ",
        placeholders=placeholders if compiled.positional else _NAMED.sub("%s", placeholders),
        binding=binding(dialect, table, columns),
    )


_NAMED = re.compile(r"%\(\w+\)s")


def _bind(column: Column[Any], dialect: Dialect) -> _Bind | None:
    return column.type.dialect_impl(dialect).bind_processor(dialect)
