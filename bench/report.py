"""The report: tables in Markdown, and plots as SVG that a browser and a forge show."""

import platform
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version

LIBRARIES = ("uvicorn", "lxml", "sqlalchemy", "psycopg", "fastapi", "zeep")
_BAR, _GAP, _LEFT, _WIDTH = 18, 6, 250, 760


@dataclass(frozen=True)
class Bar:
    """One bar of a plot."""

    label: str
    value: float


def machine() -> dict[str, str]:
    """Tell what it was measured with."""
    libraries = {name: version(name) for name in LIBRARIES}
    return {
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "system": f"{platform.system()} {platform.machine()}",
        **libraries,
    }


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Write a table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def plot(title: str, unit: str, bars: Sequence[Bar]) -> str:
    """Draw horizontal bars, each with its value."""
    longest = max(bar.value for bar in bars) or 1.0
    height = 40 + len(bars) * (_BAR + _GAP)
    drawn = "".join(_bar(bar, number, longest) for number, bar in enumerate(bars))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" '
        f'font-family="sans-serif" font-size="13" role="img" aria-label="{title}">'
        f'<rect width="100%" height="100%" fill="#fff"/>'
        f'<text x="10" y="22" font-weight="bold">{title}, {unit}</text>{drawn}</svg>\n'
    )


def _bar(bar: Bar, number: int, longest: float) -> str:
    top = 36 + number * (_BAR + _GAP)
    length = (_WIDTH - _LEFT - 80) * bar.value / longest
    ours = "#0062ba" if bar.label.startswith("växel") else "#9aa3ab"
    return (
        f'<text x="{_LEFT - 8}" y="{top + 14}" text-anchor="end">{bar.label}</text>'
        f'<rect x="{_LEFT}" y="{top}" width="{length:.1f}" height="{_BAR}" fill="{ours}"/>'
        f'<text x="{_LEFT + length + 6:.1f}" y="{top + 14}">{bar.value:,.0f}</text>'
    )
