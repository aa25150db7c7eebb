"""All that is measured, in one run."""

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from bench import accept, dead, delivery, footprint, growth, lists, publications, queues, routes
from bench.load import goes_first
from bench.report import machine
from gateway.testing.postgres import PostgresServer

T = TypeVar("T")


@dataclass(frozen=True)
class Measures:
    """What came out, by question."""

    machine: dict[str, str]
    accepted: Sequence[accept.Figure]
    end_to_end: Sequence[delivery.EndToEnd]
    drained_per_s: float
    queues: queues.Queues
    dead: dead.Dead
    growth: Sequence[growth.Grown]
    lists: Sequence[lists.Listed]
    routes: dict[str, float]
    published: publications.Published
    footprint: Sequence[footprint.Footprint]


def measure() -> Measures:
    """Measure one thing after the other, and tell on the terminal how far it is."""
    server = PostgresServer(durable=True)
    try:
        return Measures(
            machine=machine(server.bare_database())
            | {"load first": "yes" if goes_first() else "no"},
            accepted=_told("accepting", partial(accept.figures, server)),
            end_to_end=_told("delivering", partial(delivery.figures, server)),
            drained_per_s=_told("draining", partial(delivery.drain, delivery.BACKLOG)),
            queues=_told("draining beside a task queue", partial(queues.figures, server)),
            dead=_told("beside dead destinations", dead.figures),
            growth=_told("growing", growth.figures),
            lists=_told("listing", partial(lists.figures, server)),
            routes=_told("routing", routes.figures),
            published=_told("publishing", partial(publications.figures, server)),
            footprint=_told("starting", footprint.figures),
        )
    finally:
        server.remove()


def _told(what: str, measured: Callable[[], T]) -> T:
    print(f"{what} …", end=" ", file=sys.stderr, flush=True)
    began = time.monotonic()
    found = measured()
    print(f"{time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    return found
