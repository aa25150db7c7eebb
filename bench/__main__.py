"""`make bench`: measure everything in one run, write the report, and print its tables."""

import json
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from statistics import median
from typing import TypeVar

from bench import accept, delivery, growth, routes
from bench.accept import CLIENTS, NOTHING, PEER, ROUNDS, SECONDS, Figure
from bench.report import Bar, machine, plot, table
from gateway.testing.postgres import PostgresServer

HERE = Path(__file__).parent
RATES = ((10.0, 10.0), (100.0, 8.0), (500.0, 4.0))
BACKLOG = 2_000

T = TypeVar("T")


def main() -> None:
    """Measure, write and print."""
    server = PostgresServer(durable=True)
    try:
        accepted = accept.figures(server)
        latencies = [_in_folder(partial(_latency, rate, s)) for rate, s in RATES]
        drained = median(_in_folder(partial(_drain)) for _ in range(ROUNDS))
    finally:
        server.remove()
    table_figures, grown = routes.figures(), growth.figures()
    report = {
        "machine": machine(),
        "accepted": [asdict(figure) for figure in accepted],
        "end_to_end": [asdict(latency) for latency in latencies],
        "drained_per_s": drained,
        "routes": table_figures,
        "growth": [asdict(one) for one in grown],
    }
    (HERE / "report.json").write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n")
    (HERE / "accepted.svg").write_text(_accepted_plot(accepted))
    text = "\n".join(
        [
            _HEAD,
            _accepted(accepted),
            _delivered(latencies, drained),
            _routes(table_figures),
            _growth(grown),
            ", ".join(f"{name} {number}" for name, number in machine().items()) + ".\n",
        ]
    )
    (HERE / "REPORT.md").write_text(text)
    print(text)


def _in_folder(measure: Callable[[Path], T]) -> T:
    with tempfile.TemporaryDirectory() as folder:
        return measure(Path(folder))


def _latency(rate: float, seconds: float, folder: Path) -> delivery.Latency:
    return delivery.end_to_end(folder, rate, seconds)


def _drain(folder: Path) -> float:
    return delivery.drain(folder, BACKLOG)


def _accepted(figures: list[Figure]) -> str:
    head = (
        *("what", "way in", "clients", "accepted/s", "× peer", "× nothing kept"),
        *("p50 ms", "p99 ms", "receipts", "not on disk", "refused"),
    )
    return table(head, [_accepted_row(f, figures) for f in figures])


def _accepted_row(f: Figure, figures: list[Figure]) -> list[str]:
    beside = {one.what: one.accepted_per_s for one in figures if one.clients == f.clients}
    return [
        f.what,
        f.way,
        str(f.clients),
        f"{f.accepted_per_s:,.0f}",
        f"{f.accepted_per_s / beside[PEER]:.1f}",
        f"{f.accepted_per_s / beside[NOTHING]:.2f}" if NOTHING in beside else "",
        f"{f.p50_ms:.1f}",
        f"{f.p99_ms:.1f}",
        str(f.receipts),
        str(f.not_on_disk),
        str(f.refused),
    ]


def _accepted_plot(figures: list[Figure]) -> str:
    bars = [
        Bar(f"{f.what}, {f.way}, {f.clients}", f.accepted_per_s)
        for f in sorted(figures, key=lambda f: CLIENTS.index(f.clients))
    ]
    return plot("Accepted cases a second, by clients", "cases/s", bars)


def _delivered(latencies: list[delivery.Latency], drained: float) -> str:
    rows = [
        [f"{one.rate:g}", str(one.cases), f"{one.p50_ms:.0f}", f"{one.p99_ms:.0f}"]
        for one in latencies
    ]
    words = f"A backlog of {BACKLOG:,} cases to a fast system: **{drained:,.0f} delivered/s**.\n"
    return "\n".join([_DELIVERED, table(("cases/s", "cases", "p50 ms", "p99 ms"), rows), words])


def _routes(figures: dict[str, float]) -> str:
    rows = [[name, f"{value:,.1f}"] for name, value in figures.items()]
    return "\n".join([_ROUTES, table(("what", "figure"), rows)])


def _growth(grown: list[growth.Grown]) -> str:
    rows = [
        [f"{one.cases:,}", f"{one.accepted_per_s:,.0f}", f"{one.end_to_end_p99_ms:.0f}"]
        for one in grown
    ]
    return "\n".join([_GROWTH, table(("cases there", "accepted/s", "end to end p99 ms"), rows)])


_HEAD = f"""# How fast it is

Everything runs on one machine, the load too. Ratios count; single figures move with the machine.

## Accepting

Cases of six kilobytes, schema-validated, routed and durable before the receipt (SQLite: WAL,
`synchronous=FULL`; PostgreSQL: `fsync` on), in one gateway process. *Nothing kept* is the same
process with a store that answers at once. The plain peer is a synchronous FastAPI endpoint with
zeep and an ORM session on the same SQLite settings ([peer.py](peer.py)); it keeps one row and has
no routing, repeats, timeline, confirmation or outbox. Median of {ROUNDS} rounds of {SECONDS:g} s.
After each round the process is killed with SIGKILL, and every receipt is looked up in the
database: *not on disk* must be 0.

![Accepted cases a second](accepted.svg)
"""
_DELIVERED = """## Delivering

From sending a case until an external system has it, which takes 20 ms for each; embedded database,
gateway and worker as two processes.
"""
_ROUTES = """## Routing

One table of 100 000 units: seconds to read and check it, microseconds to resolve one unit, memory.
"""
_GROWTH = """## Growing

The same with more cases in the embedded database (16 clients; 50 cases/s to a 20 ms system).
"""

if __name__ == "__main__":
    main()
