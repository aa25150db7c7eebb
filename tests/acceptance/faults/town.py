"""Everything that can be killed: gateways, workers, an external system, and their database."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from gateway.testing.one_system import write_one_system
from gateway.testing.postgres import PostgresServer
from gateway.testing.process import free_port

_STARTED_WITHIN_S = 30.0
# Impatient, so that a round takes seconds.
_POLICY = {
    "concurrency": 8,
    "connect_timeout_s": 1,
    "read_timeout_s": 2,
    "first_retry_s": 0.2,
    "longest_retry_s": 2,
    "breaker_wait_s": 0.5,
}


@dataclass(slots=True)
class Town:
    """
    The processes by name, each started again after it was killed.

    `names` are those that can be killed; the ports stay the same, as behind a load balancer.
    """

    folder: Path
    postgres: PostgresServer | None
    database_url: str
    gateway_port: int = field(default_factory=free_port)
    system_port: int = field(default_factory=free_port)
    _running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        """Tell who can be killed."""
        return [*self._running, *(["postgres"] if self.postgres else [])]

    @property
    def ledger(self) -> Path:
        """What the external system has taken."""
        return self.folder / "ledger"

    def kill(self, name: str) -> None:
        """Kill one with SIGKILL and start it again at once."""
        if name == "postgres":
            self._restart_postgres()
            return
        process = self._running[name]
        process.kill()
        process.wait()
        self._start(name)

    def log(self) -> str:
        """Read what the gateway's processes have logged."""
        return (self.folder / "log").read_text()

    def open(self) -> None:
        """Write the settings and start everybody."""
        write_one_system(self.folder, self.system_port, **_POLICY)
        workers = ["worker", "worker-2"] if self.postgres else ["worker"]
        for name in ("system", "gateway", *workers):
            self._start(name)
        _wait_until(lambda: _answers(self.gateway_port), "the gateway did not open its port")

    def close(self) -> None:
        """Stop everybody."""
        for process in self._running.values():
            process.kill()
            process.wait()

    def _start(self, name: str) -> None:
        commands = {
            "system": [str(Path(__file__).with_name("system.py")), *self._system_arguments()],
            "gateway": ["-m", "gateway", "serve"],
        }
        command = commands.get(name, ["-m", "gateway", "work"])
        told = {"VAXEL_BIND": f"127.0.0.1:{self.gateway_port}"}
        if self.database_url:
            told["VAXEL_DATABASE_URL"] = self.database_url
        with (self.folder / "log").open("ab") as log:
            self._running[name] = subprocess.Popen(
                [sys.executable, *command],
                cwd=self.folder,
                env=os.environ | told,
                stdout=log,
                stderr=log,
            )

    def _system_arguments(self) -> list[str]:
        return [str(self.system_port), str(self.ledger), "1"]

    def _restart_postgres(self) -> None:
        if self.postgres is None:
            raise ValueError("there is no PostgreSQL here")
        self.postgres.crash()


@contextmanager
def open_town(folder: Path, postgres: PostgresServer | None) -> Iterator[Town]:
    """Start a town on SQLite, or on this PostgreSQL server; stop it at the end."""
    town = Town(folder, postgres, postgres.new_database() if postgres else "")
    try:
        town.open()
        yield town
    finally:
        town.close()


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def _wait_until(is_so: Callable[[], bool], words: str) -> None:
    until = time.monotonic() + _STARTED_WITHIN_S
    while not is_so():
        if time.monotonic() > until:
            raise TimeoutError(words)
        time.sleep(0.05)
