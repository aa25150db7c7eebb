"""How soon a page of a large inbox is there: `python -m bench.lists` prints figures for SQLite."""

import random
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median

from sqlalchemy import select

from gateway.domain.case import Kind
from gateway.domain.hsa import HsaId
from gateway.flow.ports import NewCase
from gateway.flow.unit_list import AssignedTo, Order, Selection, Shelf
from gateway.store import schema
from gateway.store.records import Row
from gateway.store.rows import insert_rows
from gateway.store.shelves import unit_inbox
from gateway.store.sql_store import SqlStore, open_store
from gateway.store.tables import cases
from gateway.testing.builders import NOW, UNIT, make_case, make_new_case
from gateway.testing.postgres import PostgresServer

CASES = 100_000
# The largest that a caller can ask for.
PAGE = 100
_ENDS = 20
_BATCH = 500
_PEOPLE = [HsaId(f"SE2321000016-P{number}") for number in range(10)]
_UNITS = [HsaId(f"SE2321000016-U{number}") for number in range(200)]
# Half of the cases are of one unit, and a handful of another.
_SHARES = [200, *[1] * (len(_UNITS) - 2), 0.01]
_LISTS = {
    "all, oldest first": Selection(),
    "all, newest first": Selection(order=Order.NEWEST),
    "open complaints": Selection(Shelf.OPEN, Kind.COMPLAINT),
    "due first": Selection(order=Order.DUE),
    "overdue, of nobody": Selection(
        assigned=AssignedTo(None), due_before=NOW + timedelta(days=14), order=Order.DUE
    ),
    "open ones of one person": Selection(Shelf.OPEN, assigned=AssignedTo(_PEOPLE[0])),
    "one unit's open": Selection(Shelf.OPEN, unit=_UNITS[0]),
    "one unit's closed": Selection(Shelf.CLOSED, unit=_UNITS[0]),
    "closed cases of a unit with few": Selection(Shelf.CLOSED, unit=_UNITS[-1]),
}


@dataclass(frozen=True)
class Listed:
    """One list read from its first page to its last, in milliseconds a page."""

    database: str
    what: str
    pages: int
    first_ms: float
    median_ms: float
    last_ms: float


def figures(postgres: PostgresServer) -> list[Listed]:
    """Measure both databases."""
    with tempfile.TemporaryDirectory() as folder:
        found = [*_read("SQLite", _file(Path(folder)))]
    return [*found, *_read("PostgreSQL", postgres.new_database())]


def _file(folder: Path) -> str:
    url = f"sqlite:///{folder}/vaxel.sqlite3"
    schema.upgrade(url)
    return url


def _read(database: str, url: str) -> Iterator[Listed]:
    store = open_store(url)
    try:
        _fill(store)
        for what, selection in _LISTS.items():
            seconds = [*_pages(store, selection)]
            yield Listed(
                database,
                what,
                len(seconds),
                median(seconds[:_ENDS]) * 1000,
                median(seconds) * 1000,
                median(seconds[-_ENDS:]) * 1000,
            )
    finally:
        store.close()


def _pages(store: SqlStore, selection: Selection) -> Iterator[float]:
    """Read page after page to the end; gives the seconds of each."""
    after, owners = None, frozenset({UNIT})
    while True:
        began = time.perf_counter()
        items = store.unit_inboxes.items(owners, after, PAGE + 1, selection)
        yield time.perf_counter() - began
        if len(items) <= PAGE:
            return
        after = items[PAGE - 1].bookmark(selection.order)


def _fill(store: SqlStore) -> None:
    """Put all cases in one inbox: on every shelf, of ten people or nobody, and of many units."""
    luck = random.Random(5)
    for _ in range(0, CASES, _BATCH):
        kinds = luck.choices([*Kind], k=_BATCH)
        store.cases.add([_received(kind, luck.randrange(40_000)) for kind in kinds])
    with store.database.reading() as connection:
        there = connection.execute(select(cases.c.id, cases.c.kind, cases.c.due_at)).all()
    rows: list[Row] = [
        {
            "owner_key": UNIT.key,
            "case_id": row.id,
            "arrived_at": NOW + timedelta(seconds=number),
            "shelf": luck.choices([*Shelf], [40, 20, 40])[0].value,
            "kind": row.kind,
            "due_at": row.due_at,
            "assignee_key": luck.choice([None, *(one.key for one in _PEOPLE)]),
            "unit_key": luck.choices(_UNITS, _SHARES)[0].key,
        }
        for number, row in enumerate(there)
    ]
    with store.database.writing() as connection:
        for start in range(0, CASES, _BATCH):
            insert_rows(connection, unit_inbox, rows[start : start + _BATCH])
        connection.exec_driver_sql("ANALYZE")


def _received(kind: Kind, minutes_ago: int) -> NewCase:
    received_at = NOW - timedelta(minutes=minutes_ago)
    return make_new_case(make_case(kind=kind), holder=UNIT, received_at=received_at)


def _main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for listed in _read("SQLite", _file(Path(folder))):
            print(listed)


if __name__ == "__main__":
    _main()
