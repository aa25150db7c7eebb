"""
How a large route table is checked, compared and asked: `python -m bench.routes` prints figures.

One region with 100 000 units, each routed by itself; in the other table a hundredth of them have
another name.
"""

import json
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import psutil

from gateway import plugins
from gateway.domain.case import Kind, ReceiverType
from gateway.domain.hsa import HsaId
from gateway.domain.routing import RouteTable
from gateway.routes import Draft, build, read
from gateway.routes.destinations import AdapterFaults
from gateway.routes.difference import difference

UNITS = 100_000
ASKED = 200_000
_UNITS_PATH = "nordmark/units.csv"

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
    types = plugins.found()
    draft = large_draft()
    before, began = _memory_mb(), time.perf_counter()
    table = _built(draft, lambda destination: plugins.faults(destination, types, {}))
    check_s = time.perf_counter() - began
    addresses = [HsaId(_unit(n * 7919 % UNITS)) for n in range(ASKED)]
    at = datetime.now(UTC)
    # The first time that a unit is asked for, its answer is made and kept.
    for _ in range(2):
        began = time.perf_counter()
        for address in addresses:
            table.resolve(address, Kind.COMPLAINT, ReceiverType.CARE, at)
    resolve_us = (time.perf_counter() - began) / ASKED * 1e6
    memory_mb = _memory_mb() - before
    other = _built(renamed(draft), lambda _: [])
    began = time.perf_counter()
    difference(table, other, datetime.now(UTC), {})
    diff_s = time.perf_counter() - began
    return {
        "units": UNITS,
        "check_s": check_s,
        "diff_s": diff_s,
        "resolve_us": resolve_us,
        "memory_mb": memory_mb,
    }


def large_draft() -> Draft:
    """Make the files of the large table."""
    with tempfile.TemporaryDirectory() as folder:
        write_rules(Path(folder))
        return read(Path(folder))


def renamed(draft: Draft) -> Draft:
    """Give a hundredth of the units another name."""
    lines = draft.files[_UNITS_PATH].decode().split("\n")
    changed = [
        line.replace("Enhet", "Enheten") if n % 100 == 1 else line for n, line in enumerate(lines)
    ]
    return Draft({**draft.files, _UNITS_PATH: "\n".join(changed).encode()})


def _built(draft: Draft, adapters: AdapterFaults) -> RouteTable:
    table = build(draft, adapters)
    if not isinstance(table, RouteTable):
        raise TypeError("\n".join(map(str, table[:5])))
    return table


def _unit(number: int) -> str:
    return f"SE2321009101-U{number:06d}"


def write_rules(folder: Path) -> None:
    """Write the files of the large table."""
    region = folder / "nordmark"
    region.mkdir()
    (region / "region.toml").write_text(_REGION)
    with (region / "units.csv").open("w") as units:
        units.write("hsa_id,name,place,parent,provider,destination,valid_from,valid_to\n")
        for number in range(UNITS):
            units.write(f"{_unit(number)},Enhet {number},Norrfors,,,inkorg,,\n")


def _memory_mb() -> float:
    return float(psutil.Process().memory_info().rss) / 2**20


if __name__ == "__main__":
    print(json.dumps(_measure()))
