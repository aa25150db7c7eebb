"""Make pages of templates; everything that is put in is escaped, and nothing may be missing."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from gateway.console.language import Words
from gateway.domain.period import SWEDEN

TEMPLATES = Path(__file__).parent / "templates"


def rendered(template: str, words: Words, values: Mapping[str, object]) -> str:
    """Make one page in one language."""
    return _ENVIRONMENT.get_template(template).render(values, t=words, language=words.language)


def as_day(at: datetime | date) -> str:
    """Write a day in Sweden, the same in both languages."""
    return str(at.astimezone(SWEDEN).date() if isinstance(at, datetime) else at)


def as_time(at: datetime) -> str:
    """Write a time in Sweden, to the minute."""
    return f"{at.astimezone(SWEDEN):%Y-%m-%d %H:%M}"


def as_size(size: int) -> str:
    """Write how large a file is."""
    return f"{max(1, round(size / 1024))} kB" if size < 1_000_000 else f"{size / 1_048_576:.1f} MB"


_ENVIRONMENT = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_ENVIRONMENT.filters |= {"day": as_day, "time": as_time, "size": as_size}
