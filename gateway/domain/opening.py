"""When a system may be called: opening hours as they are written, in Swedish time."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from gateway.domain.period import SWEDEN

ALWAYS = "always"
HOW_TO_WRITE = "write 'always', or as 'Mon-Fri 07:00-18:00, Sat 10:00-14:00', in Swedish time"

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_A_DAY = 24 * 60
_A_WEEK = 7 * _A_DAY
# Hours that are once a week may be gone for one, on the night when the clocks are set forward.
_DAYS_AHEAD = 2 * 7 + 1
_DAY = "|".join(_DAYS)
_CLOCK = r"(?:[01]\d|2[0-3]):[0-5]\d|24:00"
_SPAN = re.compile(
    rf"(?P<first>{_DAY})(-(?P<last>{_DAY}))? "
    rf"(?P<opens>{_CLOCK})-(?P<closes>{_CLOCK})"
)


@dataclass(frozen=True, slots=True)
class _Span:
    """Open on `day`, 0 is Monday, from minute `opens` up to but not including `closes`."""

    day: int
    opens: int
    closes: int


def hours_fault(text: str) -> str | None:
    """Tell why these are no opening hours; None when they are."""
    try:
        _read(text)
    except ValueError as error:
        return str(error)
    return None


def is_open(text: str, at: datetime) -> bool:
    """Tell whether the instant `at` is within these hours (DOMAIN C2)."""
    if text == ALWAYS:
        return True
    local = at.astimezone(SWEDEN)
    minute = local.hour * 60 + local.minute
    day = local.weekday()
    return any(span.day == day and span.opens <= minute < span.closes for span in _read(text))


def opens_next(text: str, at: datetime) -> datetime:
    """Tell, in UTC, when hours that are not always open first after the instant `at`."""
    today = at.astimezone(SWEDEN).date()
    coming = (
        instant
        for day in (today + timedelta(days=days) for days in range(_DAYS_AHEAD))
        for instant in _perhaps_opens(text, day)
        if instant > at
    )
    return min(instant for instant in coming if _opens(text, instant))


def longest_closed(text: str) -> timedelta:
    """Tell the longest time in a row that these hours are closed, in a week without changes."""
    spans = sorted((s.day * _A_DAY + s.opens, s.day * _A_DAY + s.closes) for s in _read(text))
    longest, closed_since = 0, spans[-1][1] - _A_WEEK
    for opens, closes in spans:
        longest, closed_since = max(longest, opens - closed_since), max(closed_since, closes)
    return timedelta(minutes=longest)


def _perhaps_opens(text: str, day: date) -> Iterator[datetime]:
    """Tell the instants of a day among which are all those at which these hours begin."""
    # The clocks are set then, twice a year, and may be set into the hours.
    yield datetime.combine(day, time(1), UTC)
    for span in _read(text):
        if span.day == day.weekday():
            opens = datetime.combine(day, time(*divmod(span.opens, 60)), SWEDEN)
            # In October a time may be there twice, and in March not at all: then it means others.
            yield from (opens.replace(fold=fold).astimezone(UTC) for fold in (0, 1))


def _opens(text: str, instant: datetime) -> bool:
    return is_open(text, instant) and not is_open(text, instant - timedelta(minutes=1))


# Asked before each start, of the few texts that the destinations have.
@lru_cache(maxsize=256)
def _read(text: str) -> tuple[_Span, ...]:
    if text == ALWAYS:
        return tuple(_Span(day, 0, _A_DAY) for day in range(7))
    return tuple(span for part in text.split(",") for span in _spans(part.strip()))


def _spans(part: str) -> list[_Span]:
    found = _SPAN.fullmatch(part)
    if found is None:
        raise ValueError(f"{part!r} are no opening hours; {HOW_TO_WRITE}")
    opens, closes = _minute(found["opens"]), _minute(found["closes"])
    if not opens < closes:
        raise ValueError(f"{part!r} closes before it opens; write the night as two parts")
    first = _DAYS.index(found["first"])
    days = (_DAYS.index(found["last"] or found["first"]) - first) % 7 + 1
    return [_Span((first + day) % 7, opens, closes) for day in range(days)]


def _minute(text: str) -> int:
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)
