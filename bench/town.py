"""A gateway and the case system that it delivers to, each a process of its own."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path

from bench.processes import ROOT, wait_until_open
from gateway.testing.one_system import write_one_system
from gateway.testing.ports import free_port
from gateway.testing.process import RunningGateway, running_command, running_gateway

# So many calls a worker has under way to a healthy system.
SLOTS = 16
_LONGEST_S = 300.0


class System:
    """The running case system, which tells what has arrived; all processes share its clock."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._read = 0
        self._arrived: dict[str, float] = {}

    def wait_for(self, case_ids: Collection[str]) -> dict[str, float]:
        """Wait until all of these have arrived; tells when each case did first."""
        until = time.monotonic() + _LONGEST_S
        while missing := set(case_ids) - self._look().keys():
            if time.monotonic() > until:
                raise TimeoutError(f"{len(missing)} of {len(case_ids)} cases have not arrived")
            time.sleep(0.1)
        return self._arrived

    def _look(self) -> dict[str, float]:
        # Only what is new is asked for, so that to look takes nothing from what is measured.
        connection = HTTPConnection("127.0.0.1", self.port)
        connection.request("GET", f"/{self._read}")
        lines = connection.getresponse().read().decode().splitlines()
        connection.close()
        self._read += len(lines)
        for case_id, at in map(str.split, lines):
            self._arrived.setdefault(case_id, float(at))
        return self._arrived


@dataclass(frozen=True)
class Town:
    """A gateway with a case system, with or without a worker."""

    gateway: RunningGateway
    system: System
    database_url: str = field(repr=False)

    @property
    def port(self) -> int:
        """Where the gateway takes cases."""
        return int(self.gateway.url.rpartition(":")[2])


@contextmanager
def town(
    folder: Path,
    delay_ms: int,
    database_url: str = "",
    extend: Callable[[Path], None] = lambda _: None,
) -> Iterator[Town]:
    """
    Start a gateway and a case system that takes so long for each case.

    `extend` may add to the settings and routes in the folder before the gateway reads them.
    """
    with case_system(delay_ms) as system:
        write_one_system(folder, system.port, concurrency=SLOTS)
        extend(folder)
        with running_gateway(folder, database_url=database_url) as running:
            yield Town(running, system, database_url)


@contextmanager
def case_system(delay_ms: int) -> Iterator[System]:
    """Start a case system that takes so long for each case."""
    port = free_port()
    command = [sys.executable, "-m", "bench.receiver", str(port), str(delay_ms)]
    with ExitStack() as stack:
        process = subprocess.Popen(command, cwd=ROOT, env=os.environ)
        stack.callback(process.wait)
        stack.callback(process.kill)
        wait_until_open(port, process)
        yield System(port)


@contextmanager
def worker(town: Town) -> Iterator[subprocess.Popen[bytes]]:
    """Run a worker beside the gateway."""
    folder, url = town.gateway.folder, town.database_url
    with running_command(folder, "work", database_url=url) as process:
        yield process
