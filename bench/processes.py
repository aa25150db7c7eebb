"""What is measured, each as a process of its own on 127.0.0.1 with a database of its own."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, text

from gateway.testing.ports import free_port
from gateway.testing.process import running_gateway, write_settings

ROOT = Path(__file__).parent.parent
# It has the built-in inbox, so that nothing else is waited for.
UNIT = "SE2321009101-HCGR"


@dataclass(frozen=True)
class Measured:
    """A running process that takes cases on `port`; `query` reads their numbers from its disk."""

    port: int
    process: subprocess.Popen[bytes]
    database_url: str
    query: str

    def kill(self) -> None:
        """Kill it as a power cut would, and wait until it is gone."""
        self.process.kill()
        self.process.wait()

    def on_disk(self) -> set[str]:
        """Read the numbers of the cases that it has on disk."""
        engine = create_engine(self.database_url)
        with engine.connect() as connection:
            found = set(connection.scalars(text(self.query)))
        engine.dispose()
        return found


@contextmanager
def gateway(folder: Path, database_url: str = "") -> Iterator[Measured]:
    """Start `vaxel serve` on the example regions, embedded or with a PostgreSQL database."""
    write_settings(folder, ROOT / "routing_rules", (UNIT,), "NOBODY")
    query = "select case_number from cases join outbox on outbox.case_id = cases.id"
    embedded = f"sqlite:///{folder}/var/vaxel.sqlite3"
    with running_gateway(folder, database_url=database_url) as running:
        port = int(running.url.rpartition(":")[2])
        yield Measured(port, running.process, _driver(database_url) or embedded, query)


@contextmanager
def gateway_that_keeps_nothing(folder: Path) -> Iterator[Measured]:
    """Start the same process with a store that does nothing: the ceiling of the rest."""
    write_settings(folder, ROOT / "routing_rules", (UNIT,), "NOBODY")
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.nothing_kept"],
        cwd=folder,
        env=os.environ | {"VAXEL_BIND": f"127.0.0.1:{port}", "PYTHONPATH": str(ROOT)},
        stderr=subprocess.DEVNULL,
    )
    measured = Measured(port, process, "sqlite://", "select 1 where false")
    try:
        wait_until_open(port, process)
        yield measured
    finally:
        measured.kill()


@contextmanager
def peer(folder: Path) -> Iterator[Measured]:
    """Start the plain peer of one row, on SQLite with WAL."""
    query = "select 'PEER-' || id from cases"
    with _peer("bench.peer", _file(folder), query) as measured:
        yield measured


@contextmanager
def same_work_peer(folder: Path, database_url: str = "", **more: str) -> Iterator[Measured]:
    """Start the plain peer that does the same work, embedded or with a PostgreSQL database."""
    query = "select number from cases join outbox on outbox.case_id = cases.id"
    url = _driver(database_url) or _file(folder)
    with _peer("bench.same_work_peer", url, query, **more) as measured:
        yield measured


@contextmanager
def same_work_peer_with_wal(folder: Path) -> Iterator[Measured]:
    """Start it on SQLite as our own store sets it up."""
    with same_work_peer(folder, PEER_WAL="yes") as measured:
        yield measured


def _file(folder: Path) -> str:
    return f"sqlite:///{folder / 'peer.sqlite3'}"


def _driver(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


@contextmanager
def _peer(module: str, database_url: str, query: str, **more: str) -> Iterator[Measured]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", module, str(port)],
        cwd=ROOT,
        env=os.environ | {"PEER_DATABASE": database_url} | more,
        stderr=subprocess.DEVNULL,
    )
    measured = Measured(port, process, database_url, query)
    try:
        wait_until_open(port, process)
        yield measured
    finally:
        measured.kill()


def wait_until_open(port: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until a process listens; raises when it ends or takes too long."""
    until = time.monotonic() + 20
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError("a measured process did not open its port")
