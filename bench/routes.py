"""
How a large route table is read and asked: `python -m bench.routes` prints its figures as JSON.

One region with 100 000 units, each routed by itself.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from gateway import plugins
from gateway.domain.case import Kind, ReceiverType
from gateway.domain.hsa import HsaId
from gateway.domain.routing import RouteTable
from gateway.routes import load

UNITS = 100_000
ASKED = 200_000

_REGION = """
name = "Region Nordmark"
code = "91"

[committee]
hsa_id = "SE2321009101-PATN"
name = "Patientnämnden"
destination = "inkorg"

[destinations.inkorg]
title = "Inkorgen"
adapter = "inbox"
"""


def figures() -> dict[str, float]:
    """Measure in a process of its own, so that its memory is its own."""
    command = [sys.executable, "-m", "bench.routes"]
    told: dict[str, float] = json.loads(subprocess.check_output(command))
    return told


def _measure() -> dict[str, float]:
    types, before = plugins.found(), _memory_mb()
    with tempfile.TemporaryDirectory() as folder:
        _write(Path(folder))
        began = time.perf_counter()
        table = load(Path(folder), lambda destination: plugins.faults(destination, types, {}))
        read_s = time.perf_counter() - began
    if not isinstance(table, RouteTable):
        raise TypeError("\n".join(map(str, table[:5])))
    addresses = [HsaId(_unit(n * 7919 % UNITS)) for n in range(ASKED)]
    at, began = datetime.now(UTC), time.perf_counter()
    for address in addresses:
        table.resolve(address, Kind.COMPLAINT, ReceiverType.CARE, at)
    resolve_us = (time.perf_counter() - began) / ASKED * 1e6
    memory_mb = _memory_mb() - before
    return {"units": UNITS, "read_s": read_s, "resolve_us": resolve_us, "memory_mb": memory_mb}


def _unit(number: int) -> str:
    return f"SE2321009101-U{number:06d}"


def _write(folder: Path) -> None:
    region = folder / "nordmark"
    region.mkdir()
    (region / "region.toml").write_text(_REGION)
    with (region / "units.csv").open("w") as units:
        units.write("hsa_id,name,place,parent,provider,destination,valid_from,valid_to\n")
        for number in range(UNITS):
            units.write(f"{_unit(number)},Enhet {number},Norrfors,,,inkorg,,\n")


def _memory_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    print(json.dumps(_measure()))
