"""
Our worker and a task queue from PyPI, side by side: how fast each drains a backlog.

`python -m bench.queues URL PORT` is the worker of the task queue.
"""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from bench import queue_peer
from bench.delivery import drain, rate_of
from bench.processes import ROOT
from bench.rounds import turns
from bench.town import case_system
from gateway.testing.one_system import UNIT
from gateway.testing.postgres import PostgresServer

BACKLOG = 1_000
ROUNDS = 3


@dataclass(frozen=True)
class Queues:
    """Delivered a second on PostgreSQL, by round."""

    ours: Sequence[float]
    peer: Sequence[float]


def figures(postgres: PostgresServer) -> Queues:
    """Drain the same backlog in turns."""
    found: dict[bool, list[float]] = {True: [], False: []}
    for _, is_ours in turns([True, False], ROUNDS):
        rate = drain(BACKLOG, postgres.new_database()) if is_ours else _drain_of_peer(postgres)
        found[is_ours].append(rate)
    return Queues(found[True], found[False])


def _drain_of_peer(postgres: PostgresServer) -> float:
    url = postgres.bare_database()
    case_ids = queue_peer.defer(url, UNIT, BACKLOG)
    with case_system(0) as system, _working(url, system.port):
        return rate_of(list(system.wait_for(case_ids).values()))


@contextmanager
def _working(url: str, port: int) -> Iterator[None]:
    command = [sys.executable, "-m", "bench.queues", url, str(port)]
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ)
    try:
        yield
    finally:
        process.kill()
        process.wait()


if __name__ == "__main__":
    queue_peer.work(sys.argv[1], int(sys.argv[2]))
