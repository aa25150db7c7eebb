"""The periods of statistics: a year, a quarter or a month, written 2026, 2026-Q3 and 2026-07."""

import re
from dataclasses import dataclass
from typing import Self

from gateway.domain.statistics import Month

_FORM = re.compile(r"(20\d\d)(?:-Q([1-4])|-(0[1-9]|1[0-2]))?")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Months of one year: `size` of them, 12, 3 or 1, from `first`, counted from 1."""

    year: int
    first: int = 1
    size: int = 12

    @classmethod
    def of(cls, text: str) -> Self | None:
        """Read one; None for what is none."""
        found = _FORM.fullmatch(text)
        if found is None:
            return None
        year, quarter, month = found.groups()
        if quarter:
            return cls(int(year), int(quarter) * 3 - 2, 3)
        return cls(int(year), int(month), 1) if month else cls(int(year))

    @property
    def months(self) -> tuple[Month, ...]:
        """The months in it."""
        return tuple(f"{self.year}-{m:02}" for m in range(self.first, self.first + self.size))

    @property
    def before(self) -> "Span":
        """The one before, of the same length."""
        first = self.first - self.size
        return Span(self.year, first, self.size) if first > 0 else self._last_of_year_before

    @property
    def whole(self) -> "Span | None":
        """The quarter of a month, the year of a quarter; a year is not part of anything."""
        match self.size:
            case 1:
                return Span(self.year, (self.first - 1) // 3 * 3 + 1, 3)
            case 3:
                return Span(self.year)
            case _:
                return None

    @property
    def parts(self) -> tuple["Span", ...]:
        """The quarters of a year, the months of a quarter; a month has none."""
        if self.size == 1:
            return ()
        size = 3 if self.size == 12 else 1
        starts = range(self.first, self.first + self.size, size)
        return tuple(Span(self.year, first, size) for first in starts)

    @property
    def _last_of_year_before(self) -> "Span":
        return Span(self.year - 1, 13 - self.size, self.size)

    def __str__(self) -> str:
        match self.size:
            case 1:
                return self.months[0]
            case 3:
                return f"{self.year}-Q{self.first // 3 + 1}"
            case _:
                return str(self.year)
