"""
What is there and says nothing: a machine that is paused, a disk that does not answer.

It takes what is sent, and goes on later where it stood: with the answers that nobody waits for any
more, and with claims that others have taken over.
"""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from functools import partial

from gateway.leases import LEASE

from .fault import Fault
from .town import POLICY, Database, Town

# Longer than the gateway waits for the external system; too short for a database to be given up.
_MOMENT_S = POLICY["read_timeout_s"] + 0.5
# Around a lease, and how long a database or a writer of its file is waited for at most.
_SHORTEST_S, _LONGEST_S = LEASE.total_seconds() - 4, LEASE.total_seconds() + 8

# What stands still until the block ends.
Still = Callable[[], AbstractContextManager[object]]


def silences(town: Town, luck: random.Random) -> Iterator[Fault]:
    """List who can fall silent in this town: for a moment, for long, or until all is well."""
    yield _moment("system", partial(town.standing_still, "system"))
    yield _long("gateway", partial(town.standing_still, "gateway"), luck)
    everybody = partial(town.standing_still, *town.names)
    if town.database:
        for worker in town.nodes[1:]:
            yield _taken_over(worker, partial(town.standing_still, worker), luck)
        yield _long("all but the database", everybody, luck)
        yield from _of_the_database(town.database, luck)
    else:
        # It may have the file, and then others have to wait for it.
        yield _long("worker", partial(town.standing_still, "worker"), luck)
        yield _long("machine", everybody, luck)
        yield _moment("writers of the file", town.writers_standing_still)
        yield _long("writers of the file", town.writers_standing_still, luck)


def _of_the_database(its: Database, luck: random.Random) -> Iterator[Fault]:
    pair = its.pair
    yield _moment("postgres", lambda: pair.primary.standing_still())
    yield _long("postgres", lambda: pair.primary.standing_still(), luck)
    standby = _long("standby", lambda: pair.standby.standing_still(), luck)
    yield replace(standby, prepare=pair.follow, end=pair.go_alone)
    yield replace(_passed_over("postgres", pair.passing_over), prepare=pair.follow)


def _moment(name: str, still: Still) -> Fault:
    return Fault(f"{name} silent for a moment", lambda: _stand(still, _MOMENT_S))


def _long(name: str, still: Still, luck: random.Random) -> Fault:
    def stand() -> None:
        _stand(still, luck.uniform(_SHORTEST_S, _LONGEST_S))

    return Fault(f"{name} silent for long", wait_through=stand, is_long=True)


def _stand(still: Still, seconds: float) -> None:
    with still():
        time.sleep(seconds)


def _taken_over(worker: str, still: Still, luck: random.Random) -> Fault:
    """Let a worker be silent until others have done what it had, and wake up after that."""
    silence = ExitStack()

    def end() -> None:
        # It must wake up with claims that are over.
        time.sleep(luck.uniform(_SHORTEST_S, _LONGEST_S))
        silence.close()

    def strike() -> None:
        silence.enter_context(still())

    return Fault(f"{worker} silent, others go on", strike, end=end, is_long=True)


def _passed_over(name: str, still: Still) -> Fault:
    """Let one be silent until all is well without it, which takes as long as it is waited for."""
    silence = ExitStack()

    def wait_through() -> None:
        silence.enter_context(still())
        time.sleep(_LONGEST_S)

    words = f"{name} silent, others go on"
    return Fault(words, wait_through=wait_through, end=silence.close, is_long=True)
