"""From the e-service to the external system: how long it takes, how fast a queue is drained."""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import uvloop

from bench import load
from bench.rounds import turns
from bench.town import Town, town, worker
from gateway.testing.one_system import UNIT
from gateway.testing.postgres import PostgresServer

DELAY_MS = 20
BACKLOG = 10_000
USUAL_RATE = 100.0
ROUNDS = 3
SQLITE, POSTGRES = "SQLite", "PostgreSQL"
_USUAL_S = 5.0
_OTHERS = ((10.0, 8.0), (500.0, 4.0))
_WARM_UP_RATE, _WARM_UP_S = 50.0, 1.0


@dataclass(frozen=True)
class Latency:
    """From just before a case is sent until the system has it, in milliseconds."""

    cases: int
    p50_ms: float
    p99_ms: float
    refused: int


@dataclass(frozen=True)
class EndToEnd:
    """The rounds at one rate on one database."""

    database: str
    rate: float
    rounds: Sequence[Latency]

    @property
    def p50_ms(self) -> float:
        """The median of the rounds' medians."""
        return statistics.median(one.p50_ms for one in self.rounds)

    @property
    def p99_ms(self) -> float:
        """The median of the rounds' 99th percentiles."""
        return statistics.median(one.p99_ms for one in self.rounds)


@dataclass(frozen=True)
class Stream:
    """Cases at a steady rate (a second) for so many seconds, to some units in turn."""

    name: str
    rate: float
    seconds: float
    units: Sequence[str] = (UNIT,)

    @property
    def cases(self) -> int:
        """How many it is in all."""
        return int(self.rate * self.seconds)


def figures(postgres: PostgresServer) -> list[EndToEnd]:
    """Measure the usual rate on both databases in turns, and the other rates once."""
    with ExitStack() as stack:
        folders = [Path(stack.enter_context(tempfile.TemporaryDirectory())) for _ in range(2)]
        towns = {
            SQLITE: stack.enter_context(town(folders[0], DELAY_MS)),
            POSTGRES: stack.enter_context(town(folders[1], DELAY_MS, postgres.new_database())),
        }
        for opened in towns.values():
            stack.enter_context(worker(opened))
        found: dict[str, list[Latency]] = {database: [] for database in towns}
        for number, database in turns([*towns], ROUNDS):
            stream = Stream(f"usual-{number}", USUAL_RATE, _USUAL_S)
            found[database].append(latency(towns[database], stream))
        usual = [EndToEnd(database, USUAL_RATE, rounds) for database, rounds in found.items()]
        others = [
            EndToEnd(SQLITE, rate, [latency(towns[SQLITE], Stream(f"at-{rate:g}", rate, seconds))])
            for rate, seconds in _OTHERS
        ]
    return [*usual, *others]


def drain(cases: int, database_url: str = "") -> float:
    """Tell how many cases a second a worker brings to a fast system from a backlog."""
    with (
        tempfile.TemporaryDirectory() as folder,
        town(Path(folder), 0, database_url) as opened,
    ):
        sent = load.send_so_many(opened.port, UNIT, cases)
        with worker(opened):
            return rate_of(list(opened.system.wait_for(sent).values()))


def rate_of(arrived: Sequence[float]) -> float:
    """Tell how many arrived a second, from the first to the last."""
    return (len(arrived) - 1) / (max(arrived) - min(arrived))


def latency(town: Town, timed: Stream, *beside: Stream) -> Latency:
    """
    Measure a stream while others flow beside it; the town's worker must be running.

    Not counted is what is sent first, until it has arrived: then the worker is up.
    """
    warm_up = Stream(f"{timed.name}-warm", _WARM_UP_RATE, _WARM_UP_S)
    town.system.wait_for(uvloop.run(_send(town.port, warm_up)))
    sent = uvloop.run(_send_all(town.port, timed, *beside))
    arrived = town.system.wait_for(sent)
    cuts = statistics.quantiles(((arrived[one] - at) * 1000 for one, at in sent.items()), n=100)
    return Latency(len(sent), cuts[49], cuts[98], refused=timed.cases - len(sent))


async def _send_all(port: int, timed: Stream, *beside: Stream) -> dict[str, float]:
    sent, *_ = await asyncio.gather(*(_send(port, stream) for stream in (timed, *beside)))
    return sent


async def _send(port: int, stream: Stream) -> dict[str, float]:
    """
    Send one case after the other at its time, whether or not those before have receipts.

    Tells when those were sent that got one.
    """
    start, sent, tasks = time.monotonic(), {}, []
    for number in range(stream.cases):
        await asyncio.sleep(max(0.0, start + number / stream.rate - time.monotonic()))
        case_id = f"{stream.name}-{number}"
        unit = stream.units[number % len(stream.units)]
        sent[case_id] = time.monotonic()
        tasks.append(asyncio.create_task(load.send_one(port, unit, case_id)))
    accepted = await asyncio.gather(*tasks)
    return {one: sent[one] for one, taken in zip(sent, accepted, strict=True) if taken}
