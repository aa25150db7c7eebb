"""What can happen to a town, by name: each is one kind of round."""

import random
import time
from collections.abc import Iterator
from functools import partial

from .clocks import can_be_wrong
from .disk import can_be_full
from .fault import Fault
from .silence import silences
from .town import POLICY, Database, Town

# Answers are held back for so long before a connection is cut: some are lost on their way.
_HELD_S = 0.3
_CUT_S = 0.7
# Longer than the gateway waits for the external system.
_SLOW_S = POLICY["read_timeout_s"] + 0.5
_FULL_S = 2.0
_FARTHEST_HOURS = 26


def faults(town: Town, luck: random.Random) -> list[Fault]:
    """List all that can happen to this town, on this machine."""
    found = [*_kills(town), *_at_the_system(town), *silences(town, luck)]
    if town.database:
        found += [*_at_the_database(town, town.database, luck), *_of_clocks(town, luck)]
    else:
        found += _in_a_file(town)
    return found


def _kills(town: Town) -> Iterator[Fault]:
    for name in town.names:
        yield Fault(f"{name} killed", partial(town.kill, name), is_kill=True)


def _at_the_system(town: Town) -> Iterator[Fault]:
    def cut() -> None:
        town.to_system.slow(_HELD_S)
        town.to_system.cut(_CUT_S)

    yield Fault("link to the system cut", cut)
    yield Fault("link to the system slow", lambda: town.to_system.slow(_SLOW_S))


def _at_the_database(town: Town, its: Database, luck: random.Random) -> Iterator[Fault]:
    """
    One node at a time is cut off; the others would take over what it has, were it for longer.

    When the primary is lost its standby has all that was confirmed, and takes its place.
    """

    def cut() -> None:
        link = its.link(luck.choice(town.nodes))
        link.slow(_HELD_S)
        link.cut(_CUT_S)

    def slow() -> None:
        its.link(luck.choice(town.nodes)).slow(_SLOW_S)

    yield Fault("postgres killed", its.pair.crash, is_kill=True)
    yield Fault("postgres lost, standby promoted", its.pair.fail_over, its.pair.follow)
    yield Fault("link to the database cut", cut)
    yield Fault("link to the database slow", slow)


def _in_a_file(town: Town) -> Iterator[Fault]:
    def fill() -> None:
        with town.full_disk():
            time.sleep(_FULL_S)

    yield Fault("writers of the file killed", town.kill_writers, is_kill=True)
    if can_be_full():
        yield Fault("disk full", fill)


def _of_clocks(town: Town, luck: random.Random) -> Iterator[Fault]:
    """Clocks stay wrong: who is killed later starts with its wrong clock."""

    def jump() -> None:
        hours = luck.choice((-1, 1)) * luck.randint(1, _FARTHEST_HOURS)
        town.set_clock(luck.choice(town.nodes), hours)

    if can_be_wrong():
        yield Fault("clock jumps", jump)
