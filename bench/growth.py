"""The same figures with more and more cases in the database, all of them delivered before."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from bench import load
from bench.delivery import DELAY_MS, Stream, latency
from bench.fill import multiply
from bench.rounds import turns
from bench.town import Town, town, worker
from gateway.testing.one_system import UNIT

SIZES = (1_000, 100_000, 1_000_000)
ROUNDS = 3
CLIENTS, RATE = 16, 50.0
_ACCEPTING_S, _DELIVERING_S = 4.0, 5.0


@dataclass(frozen=True)
class Grown:
    """How it goes with so many cases there, by round."""

    cases: int
    accepted_per_s: Sequence[float]
    end_to_end_p99_ms: Sequence[float]


def figures(sizes: Sequence[int] = SIZES) -> list[Grown]:
    """Measure all sizes in turns, each on an embedded database of its own."""
    accepted: dict[int, list[float]] = {size: [] for size in sizes}
    p99: dict[int, list[float]] = {size: [] for size in sizes}
    with ExitStack() as stack:
        first = first_case(stack)
        towns = {size: grown_town(stack, first, size) for size in sizes}
        with ExitStack() as at_work:
            for grown in towns.values():
                at_work.enter_context(worker(grown))
            for number, size in turns(sizes, ROUNDS):
                stream = Stream(f"round-{number}", RATE, _DELIVERING_S)
                p99[size].append(latency(towns[size], stream).p99_ms)
        # Last, without workers: what is accepted now is many, and need not be delivered.
        for number, size in turns(sizes, ROUNDS):
            run = load.send(towns[size].port, UNIT, CLIENTS, _ACCEPTING_S, f"many-{number}")
            accepted[size].append(run.rate)
    return [Grown(size, accepted[size], p99[size]) for size in sizes]


def first_case(stack: ExitStack) -> Path:
    """Make a database with one case that was delivered."""
    folder = _folder(stack)
    with town(folder, 0) as here, worker(here):
        # Short, since what is measured is how many there are.
        here.gateway.submit("first", UNIT).raise_for_status()
        here.system.wait_for(["first"])
    return folder / "var"


def grown_town(stack: ExitStack, first: Path, size: int) -> Town:
    """Run a gateway with the case of the first database so many times."""
    folder = _folder(stack)
    copied = shutil.copytree(first, folder / "var")
    multiply(copied / "vaxel.sqlite3", size)
    return stack.enter_context(town(folder, DELAY_MS, extend=_publish))


def _publish(folder: Path) -> None:
    """Make the routes of this folder live: those of the copy lead to the first town."""
    words = ("--based-on", "1", "--reason", "a town of its own")
    command = [sys.executable, "-m", "gateway", "routes", "publish", *words]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)


def _folder(stack: ExitStack) -> Path:
    return Path(stack.enter_context(tempfile.TemporaryDirectory()))
