"""`make bench`: measure, write bench/REPORT.md and bench/report.json, and print the table."""

import json
import platform
import sqlite3
import tempfile
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from bench import load
from bench.processes import UNIT, gateway, peer

HERE = Path(__file__).parent
SECONDS = 6.0
ROUNDS = 3
CLIENTS = (1, 16, 64)
LIBRARIES = ("uvicorn", "lxml", "sqlalchemy", "fastapi", "zeep")


@dataclass(frozen=True)
class Figure:
    """One row of the report: the median round; times in milliseconds."""

    what: str
    clients: int
    accepted_per_s: float
    p50_ms: float
    p99_ms: float
    receipts: int
    not_on_disk: int
    refused: int


def main() -> None:
    """Measure Växel and its plain peer in one run, and write the report."""
    figures = [_median(what, clients) for clients in CLIENTS for what in ("växel", "plain peer")]
    report = {"machine": _machine(), "figures": [asdict(f) for f in figures]}
    (HERE / "report.json").write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n")
    text = _text(figures)
    (HERE / "REPORT.md").write_text(text)
    print(text)


def _median(what: str, clients: int) -> Figure:
    rounds = [_round(what, clients, n) for n in range(ROUNDS)]
    return sorted(rounds, key=lambda figure: figure.accepted_per_s)[ROUNDS // 2]


def _round(what: str, clients: int, number: int) -> Figure:
    with tempfile.TemporaryDirectory() as folder, _START[what](Path(folder)) as measured:
        run = load.send(measured.port, UNIT, clients, SECONDS, f"{clients}-{number}")
        # Killed, not stopped: what has a receipt must be on disk already.
        measured.kill()
        lost = len(set(run.receipts) - measured.on_disk())
    p50, p99 = run.percentile_ms(50), run.percentile_ms(99)
    return Figure(what, clients, run.rate, p50, p99, len(run.receipts), lost, run.refused)


_START = {"växel": gateway, "plain peer": peer}


def _machine() -> dict[str, str]:
    libraries = {name: version(name) for name in LIBRARIES}
    return {
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "system": f"{platform.system()} {platform.machine()}",
        **libraries,
    }


def _text(figures: list[Figure]) -> str:
    rows = "\n".join(
        f"| {f.what} | {f.clients} | {f.accepted_per_s:,.0f} | {_times(f, figures):.1f} "
        f"| {f.p50_ms:.1f} | {f.p99_ms:.1f} | {f.receipts} | {f.not_on_disk} | {f.refused} |"
        for f in figures
    )
    machine = ", ".join(f"{name} {number}" for name, number in _machine().items())
    return _HEAD + rows + f"\n\n{machine}.\n"


def _times(figure: Figure, figures: list[Figure]) -> float:
    plain = next(f for f in figures if f.clients == figure.clients and f.what == "plain peer")
    return figure.accepted_per_s / plain.accepted_per_s


_HEAD = f"""# How fast cases are accepted

SOAP cases of six kilobytes, schema-validated, routed and durable before the receipt (SQLite, WAL,
`synchronous=FULL`), in one gateway process. The plain peer is a synchronous FastAPI endpoint with
zeep and an ORM session on the same SQLite settings ([peer.py](peer.py)); it keeps one row and has
no routing, repeats, timeline, confirmation or outbox. The load comes from the same machine. Median
of {ROUNDS} rounds of {SECONDS:g} s. After each round the process is killed with SIGKILL, and every
receipt is looked up in the database: *not on disk* must be 0. Ratios count; single figures move.

| what | clients | accepted/s | × peer | p50 ms | p99 ms | receipts | not on disk | refused |
|---|---|---|---|---|---|---|---|---|
"""

if __name__ == "__main__":
    main()
