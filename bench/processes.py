"""What is measured, each as a process of its own on 127.0.0.1 with a database of its own."""

import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from gateway.testing.process import free_port, running_gateway, write_settings

ROOT = Path(__file__).parent.parent
# It has the built-in inbox, so that nothing else is waited for.
UNIT = "SE2321009101-HCGR"


@dataclass(frozen=True)
class Measured:
    """A running process that takes cases on `port`; `query` reads their numbers from its file."""

    port: int
    process: subprocess.Popen[bytes]
    database: Path
    query: str

    def kill(self) -> None:
        """Kill it as a power cut would, and wait until it is gone."""
        self.process.kill()
        self.process.wait()

    def on_disk(self) -> set[str]:
        """Read the numbers of the cases that it has on disk."""
        with closing(sqlite3.connect(self.database)) as connection:
            return {number for (number,) in connection.execute(self.query)}


@contextmanager
def gateway(folder: Path) -> Iterator[Measured]:
    """Start `vaxel serve` on the example regions."""
    write_settings(folder, ROOT / "routing_rules", (UNIT,), "NOBODY")
    query = "select case_number from cases join outbox on outbox.case_id = cases.id"
    with running_gateway(folder) as running:
        port = int(running.url.rpartition(":")[2])
        yield Measured(port, running.process, folder / "var/vaxel.sqlite3", query)


@contextmanager
def peer(folder: Path) -> Iterator[Measured]:
    """Start the plain peer."""
    port, database = free_port(), folder / "peer.sqlite3"
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.peer", str(port)],
        cwd=ROOT,
        env=os.environ | {"PEER_DATABASE": str(database)},
    )
    measured = Measured(port, process, database, "select 'PEER-' || id from cases")
    try:
        _wait_until_open(port, process)
        yield measured
    finally:
        measured.kill()


def _wait_until_open(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError("the plain peer did not open its port")
