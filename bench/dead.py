"""A healthy destination alone and beside ten dead ones: does it notice (DOMAIN C2)?"""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bench import load
from bench.delivery import DELAY_MS, Stream, latency
from bench.rounds import turns
from bench.town import Town, case_system, town, worker
from gateway.testing.one_system import UNIT
from gateway.testing.ports import free_port

PAIRS = 5
RATE, DEAD_RATE = 50.0, 10.0
REFUSING = HANGING = 5
_SECONDS = 5.0
# So many cases wait for each dead one before anything is measured.
_WAITING = 20
_HANGS_MS = 3_600_000
_DEAD_UNITS = [f"{UNIT}{number}" for number in range(REFUSING + HANGING)]


@dataclass(frozen=True)
class Dead:
    """The healthy destination's 99th percentiles in milliseconds, by pair of rounds."""

    alone_p99_ms: Sequence[float]
    beside_p99_ms: Sequence[float]


def figures() -> Dead:
    """Measure in pairs, each with a worker of its own, in towns with the same routes."""
    found: dict[bool, list[float]] = {False: [], True: []}
    with _towns() as (alone, beside):
        for unit in _DEAD_UNITS:
            load.send_so_many(beside.port, unit, _WAITING, name=f"waiting-{unit}")
        for number, is_beside in turns([False, True], PAIRS):
            name = f"pair-{number}"
            timed = Stream(name, RATE, _SECONDS)
            others = Stream(f"{name}-dead", DEAD_RATE, _SECONDS, _DEAD_UNITS)
            here, flowing = (beside, [others]) if is_beside else (alone, [])
            with worker(here):
                found[is_beside].append(latency(here, timed, *flowing).p99_ms)
    return Dead(found[False], found[True])


@contextmanager
def _towns() -> Iterator[tuple[Town, Town]]:
    with (
        tempfile.TemporaryDirectory() as first,
        tempfile.TemporaryDirectory() as second,
        case_system(_HANGS_MS) as hanging,
        town(Path(first), DELAY_MS, extend=partial(_add_dead, hanging.port)) as alone,
        town(Path(second), DELAY_MS, extend=partial(_add_dead, hanging.port)) as beside,
    ):
        yield alone, beside


def _add_dead(hanging_port: int, folder: Path) -> None:
    """Add a destination and a unit for each dead system; nobody listens on the refusing port."""
    ports = [free_port()] * REFUSING + [hanging_port] * HANGING
    region = folder / "routing_rules/nordmark"
    with (region / "region.toml").open("a") as regions, (region / "units.csv").open("a") as units:
        for number, (unit, port) in enumerate(zip(_DEAD_UNITS, ports, strict=True)):
            regions.write(_DESTINATION.format(number=number, port=port))
            units.write(f"{unit},Enhet {number},Norrfors,,,dead{number},,\n")


# It hangs for two seconds and is probed as often, so that every round meets it dead many times.
_DESTINATION = """
[destinations.dead{number}]
title = "Dött system {number}"
adapter = "rest"
system = "SE2321009101-DEAD{number}"
settings = {{ url = "http://127.0.0.1:{port}/", signing_secret = {{ secret = "sydvik_synergi" }} }}

[destinations.dead{number}.policy]
read_timeout_s = 2
first_retry_s = 2
longest_retry_s = 2
breaker_wait_s = 2
"""
