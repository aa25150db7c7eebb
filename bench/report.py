"""The report: tables in Markdown, and plots as SVG that a browser and a forge show."""

import os
import platform
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version

import psutil
import psycopg

LIBRARIES = ("uvicorn", "lxml", "sqlalchemy", "psycopg", "fastapi", "zeep", "procrastinate")
_WIDTH, _LEFT, _RIGHT = 760, 210, 70
_TITLE, _THICK, _LINE, _GAP = 42, 18, 24, 12


@dataclass(frozen=True)
class Bar:
    """One bar of a plot, and between what its value swung."""

    label: str
    value: float
    lowest: float
    highest: float


def machine(database_url: str) -> dict[str, str]:
    """Tell what it was measured with; the URL is of any database of the PostgreSQL server."""
    with psycopg.connect(database_url) as connection:
        postgres = connection.execute("SHOW server_version").fetchone() or ("?",)
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "processors": str(os.cpu_count()),
        "memory": f"{psutil.virtual_memory().total / 2**30:.0f} GB",
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "postgresql": str(postgres[0]),
        **{name: version(name) for name in LIBRARIES},
    }


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Write a table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def plot(title: str, groups: Mapping[str, Sequence[Bar]]) -> str:
    """Draw groups of horizontal bars, each with its value and a line from worst to best."""
    longest = max(bar.highest for bars in groups.values() for bar in bars) or 1.0
    drawn, top = [], _TITLE
    for name, bars in groups.items():
        drawn.append(f'<text x="10" y="{top + 14}" font-weight="bold">{name}</text>')
        for number, bar in enumerate(bars, start=1):
            drawn.append(_bar(bar, top + number * _LINE, longest))
        top += (len(bars) + 1) * _LINE + _GAP
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{top}" '
        f'font-family="sans-serif" font-size="13" role="img" aria-label="{title}">'
        f'<rect width="100%" height="100%" fill="#fff"/>'
        f'<text x="10" y="24" font-size="15" font-weight="bold">{title}</text>'
        f"{''.join(drawn)}</svg>\n"
    )


def _bar(bar: Bar, top: int, longest: float) -> str:
    def across(value: float) -> float:
        return round(_LEFT + (_WIDTH - _LEFT - _RIGHT) * value / longest, 1)

    ours = "#5fa3dc" if bar.label.startswith("växel") else "#b9c0c6"
    middle, end = top + _THICK // 2, across(bar.value)
    lowest, highest = across(bar.lowest), across(bar.highest)
    line = f'<path d="M{lowest} {middle}H{highest}" stroke="#1b1b1b" stroke-width="2"/>'
    swing = line if lowest < highest else ""
    return (
        f'<text x="{_LEFT - 8}" y="{top + 14}" text-anchor="end">{bar.label}</text>'
        f'<rect x="{_LEFT}" y="{top}" width="{end - _LEFT:.1f}" height="{_THICK}" fill="{ours}"/>'
        f'{swing}<text x="{highest + 6:.1f}" y="{top + 14}">{bar.value:,.0f}</text>'
    )
