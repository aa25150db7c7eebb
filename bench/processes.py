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

from gateway.testing.process import free_port, running_gateway, write_settings

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
        driver = database_url.replace("postgresql://", "postgresql+psycopg://", 1)
        yield Measured(port, running.process, driver or embedded, query)


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
    """Start the plain peer."""
    query = "select 'PEER-' || id from cases"
    with _peer(folder, "bench.peer", query) as measured:
        yield measured


@contextmanager
def same_work_peer(folder: Path) -> Iterator[Measured]:
    """Start the plain peer that does the same work."""
    query = "select number from cases join outbox on outbox.case_id = cases.id"
    with _peer(folder, "bench.same_work_peer", query) as measured:
        yield measured


@contextmanager
def _peer(folder: Path, module: str, query: str) -> Iterator[Measured]:
    port, database = free_port(), folder / "peer.sqlite3"
    process = subprocess.Popen(
        [sys.executable, "-m", module, str(port)],
        cwd=ROOT,
        env=os.environ | {"PEER_DATABASE": str(database)},
    )
    measured = Measured(port, process, f"sqlite:///{database}", query)
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
