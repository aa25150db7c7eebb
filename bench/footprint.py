"""What the processes take: time until they are ready, and memory when idle and after a load."""

import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

from bench import load
from bench.town import Town, town, worker
from gateway.testing.one_system import UNIT

CASES = 3_000
_IDLE_S = 1.0


@dataclass(frozen=True)
class Footprint:
    """A process: seconds until it works, and resident megabytes with those it has started."""

    process: str
    ready_s: float
    idle_mb: float
    loaded_mb: float


def figures() -> list[Footprint]:
    """Measure a gateway and a worker, which is ready when it has delivered what waited for it."""
    with tempfile.TemporaryDirectory() as folder, town(Path(folder), 0) as here:
        gateway_ready_s = _until_ready(here)
        first = load.send_so_many(here.port, UNIT, 1, name="first")
        began = time.monotonic()
        with worker(here) as delivering:
            worker_ready_s = here.system.wait_for(first)[first[0]] - began
            time.sleep(_IDLE_S)
            idle = _memory_mb(here.gateway.process), _memory_mb(delivering)
            here.system.wait_for(load.send_so_many(here.port, UNIT, CASES))
            loaded = _memory_mb(here.gateway.process), _memory_mb(delivering)
    return [
        Footprint("gateway", gateway_ready_s, idle[0], loaded[0]),
        Footprint("worker", worker_ready_s, idle[1], loaded[1]),
    ]


def _until_ready(here: Town) -> float:
    with httpx.Client() as client:
        while client.get(f"{here.gateway.url}/health/ready").is_error:
            time.sleep(0.02)
    return time.time() - psutil.Process(here.gateway.process.pid).create_time()


def _memory_mb(process: subprocess.Popen[bytes]) -> float:
    first = psutil.Process(process.pid)
    every = (first, *first.children())
    return sum(float(one.memory_info().rss) for one in every) / 2**20
