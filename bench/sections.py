"""The report's sections: one question each, with its words and its table."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, count
from statistics import median

from bench import dead, delivery, growth, lists, queues, words
from bench.accept import NOTHING, ONE_ROW, PEERS, POSTGRES, SQLITE, WITH_WAL, Figure, find
from bench.limits import Limit, limits
from bench.measures import Measures
from bench.publications import Published
from bench.report import Bar, plot, table
from bench.rounds import ratio

_AGAINST = (PEERS[SQLITE], WITH_WAL, PEERS[POSTGRES], ONE_ROW, NOTHING)


def sections(measures: Measures) -> Iterator[str]:
    """Give the whole report, section by section."""
    yield words.HEAD + _limits(measures)
    yield words.ACCEPTING + _accepting(measures.accepted)
    yield words.DELIVERING + _delivering(measures)
    yield words.DRAINING + _draining(measures)
    yield words.DEAD + _dead(measures.dead)
    yield words.GROWING + _growing(measures.growth)
    yield words.LISTING + _listing(measures.lists)
    yield words.ROUTING + _routing(measures.routes)
    yield words.PUBLISHING + _publishing(measures.published)
    yield words.PROCESSES + _processes(measures)
    yield "Measured with " + ", ".join(f"{k} {v}" for k, v in measures.machine.items()) + ".\n"


def accepted_plot(figures: Sequence[Figure]) -> str:
    """Draw what was accepted, grouped by the number of clients."""
    groups = {
        f"{clients} client{'s' if clients > 1 else ''}": [
            Bar(f"{f.what}, {f.way}", f.median.accepted_per_s, min(f.rates), max(f.rates))
            for f in figures
            if f.clients == clients
        ]
        for clients in sorted({f.clients for f in figures})
    }
    return plot("Accepted cases a second: median round, from worst to best", groups)


def measured(one: Limit) -> str:
    """Write what was measured, with more decimals where fewer would tell of the other verdict."""
    finer = (f"{one.measured:,.{decimals}f}" for decimals in count(1))
    return next(
        told for told in chain([_short(one.measured)], finer) if _tells_the_same(one, told)
    )


def _tells_the_same(one: Limit, told: str) -> bool:
    return replace(one, measured=float(told.replace(",", ""))).kept == one.kept


def _limits(measures: Measures) -> str:
    rows = [
        [
            one.what,
            f"{'≥' if one.at_least else '≤'} {one.bound:,g}{one.unit}",
            f"{measured(one)}{one.unit}",
            "kept" if one.kept else "**not kept**",
        ]
        for one in limits(measures)
    ]
    return table(("what", "limit", "measured", ""), rows)


def _accepting(figures: Sequence[Figure]) -> str:
    head = (
        *("what", "way in", "clients", "median/s", "best/s", "worst/s"),
        *(f"× {against}" for against in _AGAINST),
        *("p50 ms", "p99 ms", "receipts", "not on disk", "refused"),
    )
    ordered = sorted(figures, key=lambda f: f.clients)
    return table(head, [_accepting_row(f, figures) for f in ordered])


def _accepting_row(f: Figure, figures: Sequence[Figure]) -> list[str]:
    rates = [f"{rate:,.0f}" for rate in (f.median.accepted_per_s, max(f.rates), min(f.rates))]
    return [
        *(f.what, f.way, str(f.clients)),
        *(rates if len(f.rates) > 1 else [rates[0], "", ""]),
        *(_beside(f, find(figures, against, f.clients)) for against in _AGAINST),
        *(f"{f.median.p50_ms:.1f}", f"{f.median.p99_ms:.1f}"),
        *(str(sum(one.receipts for one in f.rounds)), str(sum(o.not_on_disk for o in f.rounds))),
        str(sum(one.refused for one in f.rounds)),
    ]


def _beside(f: Figure, other: Figure | None) -> str:
    return "" if other is None else f"{ratio(f.rates, other.rates):.2f}"


def _delivering(measures: Measures) -> str:
    rows = [
        [
            *(one.database, f"{one.rate:g}", " + ".join(str(r.cases) for r in one.rounds)),
            *(f"{one.p50_ms:.0f}", f"{one.p99_ms:.0f}"),
            " ".join(f"{r.p99_ms:.0f}" for r in one.rounds),
            str(sum(r.refused for r in one.rounds)),
        ]
        for one in sorted(
            measures.end_to_end, key=lambda one: (one.database != "SQLite", one.rate)
        )
    ]
    head = ("database", "cases/s", "cases", "p50 ms", "p99 ms", "p99 of each round", "refused")
    return table(head, rows)


def _draining(measures: Measures) -> str:
    ours, peer = measures.queues.ours, measures.queues.peer
    drained = measures.drained_per_s
    rows = [
        ["växel, SQLite", f"{delivery.BACKLOG:,}", f"{drained:,.0f}", "", ""],
        ["växel, PostgreSQL", f"{queues.BACKLOG:,}", *_spread(ours), f"{ratio(ours, peer):.2f}"],
        ["procrastinate, PostgreSQL", f"{queues.BACKLOG:,}", *_spread(peer), "1.00"],
    ]
    return table(("what", "backlog", "median/s", "rounds", "× procrastinate"), rows)


def _dead(found: dead.Dead) -> str:
    rows = [
        ["alone", *_spread(found.alone_p99_ms), "1.00"],
        [
            "beside ten dead ones",
            *_spread(found.beside_p99_ms),
            f"{ratio(found.beside_p99_ms, found.alone_p99_ms):.2f}",
        ],
    ]
    return table(("the healthy one", "median p99 ms", "rounds", "× alone"), rows)


def _growing(grown: Sequence[growth.Grown]) -> str:
    first = grown[0]
    rows = [
        [
            f"{one.cases:,}",
            *_spread(one.accepted_per_s),
            f"{ratio(first.accepted_per_s, one.accepted_per_s):.2f}",
            *_spread(one.end_to_end_p99_ms),
            f"{ratio(one.end_to_end_p99_ms, first.end_to_end_p99_ms):.2f}",
        ]
        for one in grown
    ]
    head = (
        *("cases there", "median accepted/s", "rounds", "× slower"),
        *("median end-to-end p99 ms", "rounds", "× later"),
    )
    return table(head, rows)


def _listing(listed: Sequence[lists.Listed]) -> str:
    rows = [
        [
            *(one.database, one.what, f"{one.pages:,}"),
            *(f"{ms:.1f}" for ms in (one.first_ms, one.median_ms, one.last_ms)),
        ]
        for one in listed
    ]
    return table(("database", "list", "pages", "first ms", "median ms", "last ms"), rows)


def _routing(figures: dict[str, float]) -> str:
    head = [name.replace("_", " ") for name in figures]
    return table(head, [[_short(value) for value in figures.values()]])


def _publishing(one: Published) -> str:
    head = ("live on three nodes after s", "publications", "accepted", "refused", "not on disk")
    row = [f"{one.swapped_s:.1f}", f"{one.publications:,}", f"{one.accepted:,}"]
    return table(head, [[*row, f"{one.refused}", f"{one.not_on_disk}"]])


def _processes(measures: Measures) -> str:
    rows = [
        [one.process, f"{one.ready_s:.1f}", f"{one.idle_mb:.0f}", f"{one.loaded_mb:.0f}"]
        for one in measures.footprint
    ]
    return table(("process", "ready after s", "idle MB", "after the load MB"), rows)


def _spread(values: Sequence[float]) -> tuple[str, str]:
    """Give the median and all rounds."""
    return f"{median(values):,.0f}", " ".join(f"{value:,.0f}" for value in values)


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
