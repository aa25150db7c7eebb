"""Everything that can be struck: gateways, workers, an external system, and their database."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import httpx
import psutil

from gateway.testing.one_system import UNIT, write_one_system
from gateway.testing.ports import free_port
from gateway.testing.process import RunningGateway
from gateway.testing.standby import PostgresPair
from gateway.testing.stillness import standing_still

from .clocks import own_clock, set_ahead
from .disk import full_for
from .link import Link, Target, open_links

_STARTED_WITHIN_S = 90.0
# A server that says nothing is hung up on a little later.
_IMPATIENT = "-c statement_timeout=8s"
# Impatient, so that a round takes seconds.
POLICY = {
    "concurrency": 8,
    "connect_timeout_s": 1,
    "read_timeout_s": 2,
    "first_retry_s": 0.2,
    "longest_retry_s": 2,
    "breaker_wait_s": 1,
}


@dataclass(frozen=True, slots=True)
class Database:
    """A database of a pair; each node reaches its two places by links of its own."""

    pair: PostgresPair
    name: str
    links: dict[str, tuple[Link, ...]]

    def link(self, node: str) -> Link:
        """Give the link by which a node reaches the primary now."""
        return self.links[node][self.pair.place]

    def url(self, node: str) -> str:
        """Name both places, and ask for the one that takes writes."""
        one, other = (link.port for link in self.links[node])
        where = f"host=127.0.0.1,127.0.0.1&port={one},{other}"
        wanted = f"target_session_attrs=read-write&options={_IMPATIENT}"
        return f"postgresql://postgres@/{self.name}?{where}&{wanted}"


@dataclass(slots=True)
class Town:
    """
    The processes by name, each started again after it was killed.

    `names` are those that can be killed, and `nodes` those of them that are ours; without a
    `database` they share an SQLite file. The ports stay the same, as behind a load balancer.
    """

    folder: Path
    nodes: tuple[str, ...]
    database: Database | None
    system_port: int
    to_system: Link
    gateway_port: int = field(default_factory=free_port)
    _running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        """Tell who can be killed."""
        return list(self._running)

    @property
    def ledger(self) -> Path:
        """What the external system has taken."""
        return self.folder / "ledger"

    def submit(self, case_id: str) -> httpx.Response:
        """Send one case over REST."""
        url = f"http://127.0.0.1:{self.gateway_port}"
        return RunningGateway(self.folder, url, self._running["gateway"]).submit(case_id, UNIT)

    def kill(self, name: str) -> None:
        """Kill one with SIGKILL and start it again at once."""
        process = self._running[name]
        process.kill()
        process.wait()
        self._start(name)

    def kill_writers(self) -> None:
        """Kill what our nodes have write for them; they start others themselves."""
        for writer in self._writers():
            writer.kill()

    def standing_still(self, *names: str) -> AbstractContextManager[object]:
        """Let some do nothing until the block ends, nor what they have write for them."""
        return standing_still(*(psutil.Process(self._running[name].pid) for name in names))

    def writers_standing_still(self) -> AbstractContextManager[object]:
        """Let what our nodes have write for them do nothing, until the block ends."""
        return standing_still(*self._writers())

    def full_disk(self) -> AbstractContextManager[None]:
        """Let our nodes write nothing more until the block ends, nor what they have write."""
        return full_for(lambda: (one.pid for one in [*self._nodes(), *self._writers()]))

    def _writers(self) -> list[psutil.Process]:
        return [writer for node in self._nodes() for writer in node.children()]

    def _nodes(self) -> list[psutil.Process]:
        return [psutil.Process(self._running[node].pid) for node in self.nodes]

    def set_clock(self, node: str, hours: int) -> None:
        """Let the clock of a node jump, to so many hours ahead or back."""
        set_ahead(self._clock(node), hours)

    def log(self) -> str:
        """Read what the gateway's processes have logged."""
        return (self.folder / "log").read_text()

    def open(self) -> None:
        """Write the settings and start everybody."""
        write_one_system(self.folder, self.to_system.port, **POLICY)
        for name in ("system", *self.nodes):
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
        told = self._told(name) if name in self.nodes else {}
        with (self.folder / "log").open("ab") as log:
            self._running[name] = subprocess.Popen(
                [sys.executable, *command],
                cwd=self.folder,
                env=os.environ | told,
                stdout=log,
                stderr=log,
            )

    def _told(self, node: str) -> dict[str, str]:
        told = {"VAXEL_BIND": f"127.0.0.1:{self.gateway_port}"}
        if self.database:
            told["VAXEL_DATABASE_URL"] = self.database.url(node)
            told["VAXEL_ATTACHMENT_STORE__FOLDER"] = str(self.folder / "attachments")
            told |= own_clock(self._clock(node))
        return told

    def _clock(self, node: str) -> Path:
        return self.folder / f"clock-of-{node}"

    def _system_arguments(self) -> list[str]:
        return [str(self.system_port), str(self.ledger), "1"]


@contextmanager
def open_town(folder: Path, pair: PostgresPair | None) -> Iterator[Town]:
    """Start a town on SQLite, or on these PostgreSQL servers; stop it at the end."""
    nodes = ("gateway", "worker", "worker-2") if pair else ("gateway", "worker")
    system_port = free_port()
    with ExitStack() as stack:
        (to_system,) = stack.enter_context(open_links(lambda: system_port))
        database = _database(pair, nodes, stack) if pair else None
        town = Town(folder, nodes, database, system_port, to_system)
        stack.callback(town.close)
        town.open()
        yield town


def _database(pair: PostgresPair, nodes: tuple[str, ...], stack: ExitStack) -> Database:
    targets: list[Target] = [partial(_socket, pair, place) for place in (0, 1)]
    links = {node: stack.enter_context(open_links(*targets)) for node in nodes}
    return Database(pair, pair.new_database(), links)


def _socket(pair: PostgresPair, place: int) -> Path | None:
    return pair.sockets[place]


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
