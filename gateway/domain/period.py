"""Periods of validity: written as days in Sweden, compared as instants (DOMAIN B4)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

SWEDEN = ZoneInfo("Europe/Stockholm")
# When everything without a beginning has begun.
EARLIEST = datetime.min.replace(tzinfo=UTC)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """From `start` up to but not including `end`, both aware; None is without limit."""

    start: datetime | None = None
    end: datetime | None = None

    @classmethod
    def of_days(cls, first: date | None, last: date | None) -> "Period":
        """Make a period of whole days in Sweden; the last day belongs to it."""
        if first is None and last is None:
            return ALWAYS  # as most are: one for all of them
        return cls(
            None if first is None else swedish_midnight(first),
            None if last is None else swedish_midnight(last + _DAY),
        )

    def holds(self, at: datetime) -> bool:
        """Tell whether the instant `at` is in this period."""
        return (self.start is None or self.start <= at) and (self.end is None or at < self.end)


ALWAYS = Period()


def edges(periods: Iterable[Period]) -> set[datetime]:
    """Tell all instants at which one of these begins or ends: between two, nothing changes."""
    return {edge for period in periods for edge in (period.start, period.end) if edge}


def swedish_midnight(day: date) -> datetime:
    """Tell the instant, in UTC, when `day` begins in Sweden."""
    return datetime(day.year, day.month, day.day, tzinfo=SWEDEN).astimezone(UTC)


def swedish_day(at: datetime) -> str:
    """Write the day that it is in Sweden, as 2026-01-31."""
    return at.astimezone(SWEDEN).date().isoformat()
