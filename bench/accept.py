"""How fast cases are accepted, by way in, clients and database; and beside whom."""

import tempfile
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from bench import load
from bench.processes import (
    UNIT,
    Measured,
    gateway,
    gateway_that_keeps_nothing,
    peer,
    same_work_peer,
    same_work_peer_with_wal,
)
from bench.rounds import turns
from bench.ways import REST, SOAP, Way
from gateway.testing.postgres import PostgresServer

SECONDS = 4.0
ROUNDS = 5
USUAL_CLIENTS = 16
SQLITE = "växel, SQLite"
POSTGRES = "växel, PostgreSQL"
# Of the same work, on the database that stands in its name as the libraries use it.
PEERS = {SQLITE: "plain peer, SQLite", POSTGRES: "plain peer, PostgreSQL"}
WITH_WAL = "plain peer, WAL"
ONE_ROW = "plain peer, one row"
NOTHING = "växel, nothing kept"

Start = Callable[[Path], AbstractContextManager[Measured]]


@dataclass(frozen=True)
class Round:
    """One round; times in milliseconds."""

    accepted_per_s: float
    p50_ms: float
    p99_ms: float
    receipts: int
    not_on_disk: int
    refused: int


@dataclass(frozen=True)
class Figure:
    """One row of the report, with all its rounds."""

    what: str
    way: str
    clients: int
    rounds: Sequence[Round]

    @property
    def rates(self) -> list[float]:
        """Accepted cases a second, by round."""
        return [one.accepted_per_s for one in self.rounds]

    @property
    def median(self) -> Round:
        """The round in the middle, by how much was accepted."""
        return sorted(self.rounds, key=lambda one: one.accepted_per_s)[len(self.rounds) // 2]


def figures(postgres: PostgresServer) -> list[Figure]:
    """Measure the main subjects in several rounds, and the others in the first of them."""
    subjects = _subjects(postgres)
    found: dict[_Subject, list[Round]] = {subject: [] for subject in subjects}
    for number, subject in turns(subjects, ROUNDS):
        if number < subject.rounds:
            found[subject].append(_round(subject, number))
    return [Figure(s.what, s.way.name, s.clients, rounds) for s, rounds in found.items()]


def find(figures: Sequence[Figure], what: str, clients: int) -> Figure | None:
    """Find the row of a subject with so many clients, over SOAP."""
    return next(
        (f for f in figures if (f.what, f.way, f.clients) == (what, SOAP.name, clients)), None
    )


@dataclass(frozen=True)
class _Subject:
    what: str
    start: Start
    way: Way
    clients: int
    rounds: int = 1


def _subjects(postgres: PostgresServer) -> list[_Subject]:
    def on_postgres(folder: Path) -> AbstractContextManager[Measured]:
        return gateway(folder, postgres.new_database())

    def peer_on_postgres(folder: Path) -> AbstractContextManager[Measured]:
        return same_work_peer(folder, postgres.bare_database())

    durable = ((SQLITE, gateway), (POSTGRES, on_postgres))
    peers = (
        (PEERS[SQLITE], same_work_peer),
        (WITH_WAL, same_work_peer_with_wal),
        (PEERS[POSTGRES], peer_on_postgres),
        (ONE_ROW, peer),
    )
    soap = (*durable, *peers)
    main = (*durable, (NOTHING, gateway_that_keeps_nothing), *peers)
    return [
        *(_Subject(what, start, SOAP, USUAL_CLIENTS, ROUNDS) for what, start in main),
        *(_Subject(what, start, REST, USUAL_CLIENTS) for what, start in durable),
        *(_Subject(what, start, SOAP, clients) for clients in (1, 64) for what, start in soap),
    ]


def _round(subject: _Subject, number: int) -> Round:
    with tempfile.TemporaryDirectory() as folder, subject.start(Path(folder)) as measured:
        name = f"round-{number}"
        run = load.send(measured.port, UNIT, subject.clients, SECONDS, name, subject.way)
        # Killed, not stopped: what has a receipt must be on disk already.
        measured.kill()
        kept = subject.what != NOTHING
        lost = len(set(run.receipts) - measured.on_disk()) if kept else 0
    p50, p99 = run.percentile_ms(50), run.percentile_ms(99)
    return Round(run.rate, p50, p99, len(run.receipts), lost, run.refused)
