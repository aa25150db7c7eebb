"""One CSV file being read: each record by its columns, every fault told by its line."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from gateway.domain.period import ALWAYS, Period
from gateway.routes.finding import Finding, Rule
from gateway.routes.text import decoded
from gateway.routes.values import day_fault, did_you_mean, period_fault

Fault = tuple[Rule, str]
Record = tuple[int, dict[str, str]]

# How a row says that it holds for those below its address in the directory's tree too.
BELOW = "below"
YES = "yes"

_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class CsvFile:
    """
    Which file is being read, its columns, and the faults so far.

    The `optional` columns may be left out of a file, and are then empty.
    """

    name: str
    columns: Sequence[str]
    optional: Sequence[str]
    findings: list[Finding]

    def fault(self, line: int, rule: Rule, message: str) -> None:
        """Note what is wrong with a line."""
        self.findings.append(Finding(self.name, line, rule, message))

    def records(self, data: bytes | None) -> Iterator[Record] | None:
        """Read the records, with commas or semicolons between; None when nothing can be read."""
        text = decoded(self.name, data, self.findings)
        if text is None:
            return None
        rows = self._cut(text)
        _, header = next(rows, (1, []))
        for rule, words in self._header_faults(header):
            self.fault(1, rule, words)
        if not set(header) >= set(self.columns):
            return None
        return self._named(header, rows)

    def _cut(self, text: str) -> Iterator[tuple[int, list[str]]]:
        """Cut the text into cells, by the first line of each record; empty ones are left out."""
        sign = between(text.partition("\n")[0])
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=True)
        line = 1
        try:
            for cells in reader:
                if any(cells):
                    yield line, cells
                line = reader.line_num + 1
        except csv.Error as error:
            words = f"is not CSV: {error}; nothing after it was read"
            self.fault(line, Rule.UNREADABLE, words)

    def _header_faults(self, header: list[str]) -> Iterator[Fault]:
        for name in self.columns:
            if header.count(name) != 1:
                whole = f"the first line is {','.join(self.columns)}"
                yield Rule.MISSING_KEY, f"the column {name} must be there, once; {whole}"
        known = (*self.columns, *self.optional)
        for name in header:
            if name not in known:
                yield Rule.UNKNOWN_KEY, f"{name!r} is no column; {did_you_mean(name, known)}"
            elif name in self.optional and header.count(name) > 1:
                yield Rule.UNKNOWN_KEY, f"the column {name} is there twice; keep one"

    def _named(self, header: list[str], rows: Iterator[tuple[int, list[str]]]) -> Iterator[Record]:
        absent = [name for name in self.optional if name not in header]
        names, blanks = [*header, *absent], [""] * len(absent)
        for line, cells in rows:
            if len(cells) != len(header):
                words = f"{len(cells)} cells where the first line has {len(header)}"
                self.fault(line, Rule.UNREADABLE, words)
            else:
                yield line, dict(zip(names, cells + blanks, strict=True))


def between(header: str) -> str:
    """Tell the sign between the cells of a file by its first line: a comma, or a semicolon."""
    return ";" if header.count(";") > header.count(",") else ","


@lru_cache(maxsize=4096)
def period_of(first: str, last: str) -> tuple[Period, tuple[Fault, ...]]:
    """Read the cells valid_from and valid_to, both days in Sweden, and tell what is wrong."""
    faults: list[Fault] = []
    days = _day("valid_from", first, faults), _day("valid_to", last, faults)
    if words := period_fault(*days):
        faults.append((Rule.BAD_PERIOD, words))
    return ALWAYS if faults else Period.of_days(*days), tuple(faults)


def below_fault(cell: str) -> str | None:
    """Tell what is wrong with a cell of the column `below`."""
    return None if cell in ("", YES) else f"{BELOW}: {cell!r}; write {YES}, or leave it empty"


@lru_cache(maxsize=4096)
def blank_fault(cell: str) -> str | None:
    """Tell of blanks that nobody sees."""
    if cell != cell.strip() or not cell.isprintable():
        return f"{cell!r} has a blank at an end, or a sign that cannot be seen"
    return None


def _day(column: str, text: str, faults: list[Fault]) -> date | None:
    if not text:
        return None
    try:
        # The pattern, because the reader of dates also takes weeks and days without hyphens.
        day = date.fromisoformat(text) if _ISO_DAY.fullmatch(text) else None
    except ValueError:
        day = None
    words = day_fault(day) if day else f"{text!r} is no day; write it as 2026-01-31"
    if words:
        faults.append((Rule.BAD_DATE, f"{column}: {words}"))
    return None if words else day
