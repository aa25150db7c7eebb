"""The limits that were set, what was measured, and whether each was kept."""

from collections.abc import Iterator
from dataclasses import dataclass

from bench import lists
from bench.accept import NOTHING, PEERS, POSTGRES, SQLITE, USUAL_CLIENTS, Figure, find
from bench.delivery import BACKLOG, USUAL_RATE
from bench.measures import Measures
from bench.rounds import ratio


@dataclass(frozen=True)
class Limit:
    """One limit: at least or at most so much."""

    what: str
    bound: float
    measured: float
    unit: str
    at_least: bool

    @property
    def kept(self) -> bool:
        """Tell whether what was measured lies within the limit."""
        return self.measured >= self.bound if self.at_least else self.measured <= self.bound


def limits(measures: Measures) -> list[Limit]:
    """List every limit."""
    lost = sum(one.not_on_disk for figure in measures.accepted for one in figure.rounds)
    return [
        _at_most("Receipts whose case is not on disk after SIGKILL", 0, lost, ""),
        *_accepting(measures, SQLITE),
        *_accepting(measures, POSTGRES),
        *_delivering(measures),
        *_growing(measures),
        *_listing(measures),
        *_routing(measures),
    ]


def _accepting(measures: Measures, what: str) -> Iterator[Limit]:
    ours, peer, nothing = (_usual(measures, subject) for subject in (what, PEERS[what], NOTHING))
    name = f"{what}, SOAP, {USUAL_CLIENTS} clients"
    yield _at_least(f"{name}: accepted", 3_000, ours.median.accepted_per_s, "/s")
    yield _at_most(f"{name}: p99", 20, ours.median.p99_ms, " ms")
    yield _at_least(
        f"{name}: times the plain peer on the same database",
        15,
        ratio(ours.rates, peer.rates),
        " ×",
    )
    share = ratio(ours.rates, nothing.rates)
    yield _at_least(f"{name}: of what is accepted with nothing kept", 0.5, share, " ×")


def _listing(measures: Measures) -> Iterator[Limit]:
    first = max(one.first_ms for one in measures.lists)
    last = max(one.last_ms for one in measures.lists)
    yield _at_most(f"A list of {lists.CASES:,} cases: first page", 50, first, " ms")
    yield _at_most(f"A list of {lists.CASES:,} cases: last page", 50, last, " ms")


def _routing(measures: Measures) -> Iterator[Limit]:
    routes, published = measures.routes, measures.published
    name = f"A table of {routes['units']:,.0f} units"
    yield _at_most(f"{name}: check and compare", 3, routes["check_s"] + routes["diff_s"], " s")
    yield _at_most(f"{name}: live on three nodes", 5, published.swapped_s, " s")
    yield _at_most(f"{name}: resolve one", 1.5, routes["resolve_us"], " µs")
    yield _at_most(f"{name}: memory", 150, routes["memory_mb"], " MB")
    name = f"Cases refused or lost during {published.publications:,} publications"
    yield _at_most(name, 0, published.refused + published.not_on_disk, "")


def _usual(measures: Measures, what: str) -> Figure:
    found = find(measures.accepted, what, USUAL_CLIENTS)
    if found is None:
        raise LookupError(f"{what} was not measured with {USUAL_CLIENTS} clients")
    return found


def _delivering(measures: Measures) -> Iterator[Limit]:
    for one in measures.end_to_end:
        if one.rate == USUAL_RATE:
            name = f"End to end at {one.rate:g} cases/s, {one.database}"
            yield _at_most(f"{name}: p50", 60, one.p50_ms, " ms")
            yield _at_most(f"{name}: p99", 250, one.p99_ms, " ms")
    yield _at_least(f"Draining a backlog of {BACKLOG:,} cases", 500, measures.drained_per_s, "/s")
    dead = measures.dead
    beside = ratio(dead.beside_p99_ms, dead.alone_p99_ms)
    yield _at_most(
        "Beside ten dead destinations: p99 of a healthy one, of that alone", 1.2, beside, " ×"
    )


def _growing(measures: Measures) -> Iterator[Limit]:
    few, many = measures.growth[0], measures.growth[-1]
    name = f"With {many.cases:,} cases in the database"
    slower = ratio(few.accepted_per_s, many.accepted_per_s)
    yield _at_most(f"{name}: times slower to accept than with {few.cases:,}", 1.25, slower, " ×")
    later = ratio(many.end_to_end_p99_ms, few.end_to_end_p99_ms)
    yield _at_most(f"{name}: end-to-end p99, of that with {few.cases:,}", 1.25, later, " ×")


def _at_least(what: str, bound: float, measured: float, unit: str) -> Limit:
    return Limit(what, bound, measured, unit, at_least=True)


def _at_most(what: str, bound: float, measured: float, unit: str) -> Limit:
    return Limit(what, bound, measured, unit, at_least=False)
