"""From the e-service to the external system: how long it takes, how fast a queue is drained."""

import asyncio
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from bench import load
from bench.processes import ROOT, wait_until_open
from gateway.testing.one_system import UNIT, write_one_system
from gateway.testing.process import free_port, running_command, running_gateway

WARM_UP = 20
_LONGEST_S = 120.0


@dataclass(frozen=True)
class Latency:
    """From sending a case until the system has it, in milliseconds."""

    rate: float
    cases: int
    p50_ms: float
    p99_ms: float


@dataclass(frozen=True)
class Town:
    """A gateway and a case system, with or without a worker."""

    folder: Path
    port: int
    system_port: int
    database_url: str

    def arrived(self) -> dict[str, float]:
        """Tell when each case arrived, by its id."""
        lines = httpx.get(f"http://127.0.0.1:{self.system_port}/").text.splitlines()
        return {case_id: float(at) for case_id, at in map(str.split, lines)}

    def wait_for(self, case_ids: Collection[str]) -> dict[str, float]:
        """Wait until all of these have arrived."""
        until = time.monotonic() + _LONGEST_S
        while missing := set(case_ids) - (arrived := self.arrived()).keys():
            if time.monotonic() > until:
                raise TimeoutError(f"{len(missing)} of {len(case_ids)} cases have not arrived")
            time.sleep(0.1)
        return arrived


def end_to_end(folder: Path, rate: float, seconds: float, database_url: str = "") -> Latency:
    """Send at a steady rate to a system that takes 20 ms for each."""
    with town(folder, 20, database_url) as opened, worker(opened):
        return latency(opened, rate, int(rate * seconds))


def latency(town: Town, rate: float, cases: int) -> Latency:
    """Send so many cases at a steady rate, after some that are not counted."""
    asyncio.run(_send(town.port, "warm", 10.0, WARM_UP))
    sent = asyncio.run(_send(town.port, "timed", rate, cases))
    arrived = town.wait_for(sent)
    times = [(arrived[case_id] - at) * 1000 for case_id, at in sent.items()]
    cuts = statistics.quantiles(times, n=100)
    return Latency(rate, cases, cuts[49], cuts[98])


def drain(folder: Path, cases: int, database_url: str = "") -> float:
    """Tell how many cases a second a worker brings to a fast system from a backlog."""
    with town(folder, 0, database_url) as opened:
        sent = load.send_so_many(opened.port, UNIT, cases)
        with worker(opened):
            times = sorted(opened.wait_for(sent).values())
    return (cases - 1) / (times[-1] - times[0])


@contextmanager
def town(folder: Path, delay_ms: int, database_url: str) -> Iterator[Town]:
    """Start a gateway and a case system that takes so long for each case."""
    port = free_port()
    write_one_system(folder, port, concurrency=16)
    command = [sys.executable, "-m", "bench.receiver", str(port), str(delay_ms)]
    with ExitStack() as stack:
        system = subprocess.Popen(command, cwd=ROOT, env=os.environ)
        stack.callback(system.wait)
        stack.callback(system.kill)
        wait_until_open(port, system)
        running = stack.enter_context(running_gateway(folder, database_url=database_url))
        yield Town(folder, int(running.url.rpartition(":")[2]), port, database_url)


@contextmanager
def worker(town: Town) -> Iterator[None]:
    """Run a worker beside the gateway."""
    with running_command(town.folder, "work", database_url=town.database_url):
        yield


async def _send(port: int, name: str, rate: float, count: int) -> dict[str, float]:
    """Send one case after the other at its time, whether or not those before have receipts."""
    start, sent, tasks = time.monotonic(), {}, []
    for number in range(count):
        await asyncio.sleep(max(0.0, start + number / rate - time.monotonic()))
        case_id = f"{name}-{number}"
        sent[case_id] = time.monotonic()
        tasks.append(asyncio.create_task(load.send_one(port, UNIT, case_id)))
    await asyncio.gather(*tasks)
    return sent
