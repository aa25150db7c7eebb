"""How long an ended case is kept: months by kind, counted in whole days in Sweden (DOMAIN E4)."""

import calendar
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from gateway.domain.case import Kind
from gateway.domain.period import SWEDEN, swedish_midnight

_DAY = timedelta(days=1)
# A hundred years: beyond that nobody means it.
LONGEST_MONTHS = 1200


@dataclass(frozen=True, slots=True)
class Retention:
    """How many months a region keeps its ended cases; None is for ever, and so it is unset."""

    complaint_months: int | None = None
    feedback_months: int | None = None

    def months(self, kind: Kind) -> int | None:
        """Give the months of a kind."""
        return self.complaint_months if kind is Kind.COMPLAINT else self.feedback_months

    def __str__(self) -> str:
        """Write it as the comparison of two tables shows it."""
        return f"complaints {_kept(self.complaint_months)}, feedback {_kept(self.feedback_months)}"


KEPT_FOR_EVER = Retention()


def due_at(ended_at: datetime, months: int) -> datetime:
    """
    Tell when a case that ended then is to be disposed of.

    When the same day `months` later is over in Sweden; where a month has no such day, its last.
    """
    return swedish_midnight(_later(ended_at.astimezone(SWEDEN).date(), months) + _DAY)


def ended_before(now: datetime, months: int) -> datetime:
    """Tell before which instant a case must have ended to be due now; the inverse of `due_at`."""
    today = now.astimezone(SWEDEN).date()
    day = _later(today, -months)
    while _later(day, months) >= today:
        day -= _DAY
    return swedish_midnight(day + _DAY)


def _later(day: date, months: int) -> date:
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(years, month + 1)[1]
    return date(years, month + 1, min(day.day, last))


def _kept(months: int | None) -> str:
    return "for ever" if months is None else f"{months} months"
