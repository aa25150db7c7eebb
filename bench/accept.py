"""How fast cases are accepted, by way in, clients and database; and beside whom."""

import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bench import load
from bench.processes import UNIT, Measured, gateway, gateway_that_keeps_nothing, peer
from bench.ways import REST, SOAP, Way
from gateway.testing.postgres import PostgresServer

SECONDS = 4.0
ROUNDS = 3
CLIENTS = (1, 16, 64)
USUAL_CLIENTS = 16
PEER = "plain peer, SQLite"
NOTHING = "växel, nothing kept"
ALSO = frozenset({"växel, SQLite", PEER})

Start = Callable[[Path], AbstractContextManager[Measured]]


@dataclass(frozen=True)
class Figure:
    """One row of the report: the median round; times in milliseconds."""

    what: str
    way: str
    clients: int
    accepted_per_s: float
    p50_ms: float
    p99_ms: float
    receipts: int
    not_on_disk: int
    refused: int


def figures(postgres: PostgresServer) -> list[Figure]:
    """Measure everything with the usual number of clients, and some with fewer and more."""
    subjects = _subjects(postgres)
    few = [(what, start, way) for what, start, way in subjects if what in ALSO and way is SOAP]
    wanted = [
        (what, start, way, clients)
        for clients in CLIENTS
        for what, start, way in (subjects if clients == USUAL_CLIENTS else few)
    ]
    return [_median(*one) for one in wanted]


def _subjects(postgres: PostgresServer) -> list[tuple[str, Start, Way]]:
    def on_postgres(folder: Path) -> AbstractContextManager[Measured]:
        return gateway(folder, postgres.new_database())

    return [
        ("växel, SQLite", gateway, SOAP),
        ("växel, SQLite", gateway, REST),
        ("växel, PostgreSQL", on_postgres, SOAP),
        (NOTHING, gateway_that_keeps_nothing, SOAP),
        (PEER, peer, SOAP),
    ]


def _median(what: str, start: Start, way: Way, clients: int) -> Figure:
    rounds = map(partial(_round, what, start, way, clients), range(ROUNDS))
    return sorted(rounds, key=lambda figure: figure.accepted_per_s)[ROUNDS // 2]


def _round(what: str, start: Start, way: Way, clients: int, number: int) -> Figure:
    with tempfile.TemporaryDirectory() as folder, start(Path(folder)) as measured:
        name = f"{clients}-{number}"
        run = load.send(measured.port, UNIT, clients, SECONDS, name, way)
        # Killed, not stopped: what has a receipt must be on disk already.
        measured.kill()
        lost = 0 if what == NOTHING else len(set(run.receipts) - measured.on_disk())
    p50, p99 = run.percentile_ms(50), run.percentile_ms(99)
    receipts = len(run.receipts)
    return Figure(what, way.name, clients, run.rate, p50, p99, receipts, lost, run.refused)
