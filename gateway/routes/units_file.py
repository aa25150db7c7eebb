"""units.csv: one line a unit and period, every fault told by its line."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from gateway.domain.destination import Destination
from gateway.domain.hsa import HsaId
from gateway.domain.period import ALWAYS, Period
from gateway.domain.routing import Row, Unit, Way
from gateway.routes.destinations import stand_in, unknown
from gateway.routes.draft import UNITS_FILE
from gateway.routes.finding import Finding, Rule
from gateway.routes.text import decoded
from gateway.routes.values import day_fault, did_you_mean, hsa_fault, period_fault

COLUMNS = (
    "hsa_id",
    "name",
    "place",
    "provider",
    "parent",
    "destination",
    "valid_from",
    "valid_to",
)
_MUST_SAY = ("hsa_id", "name", "destination")
_HSA_IDS = ("hsa_id", "provider", "parent")
_TEXTS = ("name", "place", "destination", "valid_from", "valid_to")
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")

Told = tuple[Rule, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """
    Which region's file is being read, what its units may point at, and the faults so far.

    `destinations` is None when the region's own file cannot be read: then no name is judged.
    """

    region: str
    destinations: Mapping[str, Destination] | None
    findings: list[Finding]

    @property
    def file(self) -> str:
        """The file's name relative to the rules' folder."""
        return f"{self.region}/{UNITS_FILE}"

    def fault(self, line: int, rule: Rule, message: str) -> None:
        """Note what is wrong with a line."""
        self.findings.append(Finding(self.file, line, rule, message))


def read_units(sheet: Sheet, data: bytes | None) -> list[Row] | None:
    """Read a region's units, with commas or semicolons between; None when nothing can be read."""
    text = decoded(sheet.file, data, sheet.findings)
    if text is None:
        return None
    records = _records(sheet, text)
    _, header = next(records, (1, []))
    for rule, words in _header_faults(header):
        sheet.fault(1, rule, words)
    if not set(header) >= set(COLUMNS):
        return None
    rows = (_row(sheet, line, header, cells) for line, cells in records)
    return [row for row in rows if row is not None]


def _records(sheet: Sheet, text: str) -> Iterator[tuple[int, list[str]]]:
    """Cut the text into cells, by the first line of each record; empty records are left out."""
    header = text.partition("\n")[0]
    between = ";" if header.count(";") > header.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=between, strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        sheet.fault(line, Rule.UNREADABLE, f"is not CSV: {error}; nothing after it was read")


def _header_faults(header: list[str]) -> Iterator[Told]:
    for name in COLUMNS:
        if header.count(name) != 1:
            yield Rule.MISSING_KEY, f"the column {name} must be there, once; {_ALL_COLUMNS}"
    for name in header:
        if name not in COLUMNS:
            yield Rule.UNKNOWN_KEY, f"{name!r} is no column; {did_you_mean(name, COLUMNS)}"


def _row(sheet: Sheet, line: int, header: list[str], record: list[str]) -> Row | None:
    if len(record) != len(header):
        words = f"{len(record)} cells where the first line has {len(header)}"
        sheet.fault(line, Rule.UNREADABLE, words)
        return None
    cells = dict(zip(header, record, strict=True))
    period, period_faults = _period(cells["valid_from"], cells["valid_to"])
    for rule, words in (*_cell_faults(cells), *period_faults):
        sheet.fault(line, rule, words)
    to = _to(sheet, line, cells)
    unit = _unit(sheet.region, cells)
    return Row(unit, to, period, sheet.file, line) if unit.hsa_id.text else None


def _cell_faults(cells: dict[str, str]) -> Iterator[Told]:
    for column in _MUST_SAY:
        if not cells[column]:
            yield Rule.MISSING_KEY, f"{column} is empty; fill it in"
    for column in _HSA_IDS:
        if cells[column] and (words := hsa_fault(cells[column])):
            yield Rule.BAD_HSA_ID, f"{column}: {words}"
    for column in _TEXTS:
        text = cells[column]
        if text != text.strip() or not text.isprintable():
            words = f"{column}: {text!r} has a blank at an end, or a sign that cannot be seen"
            yield Rule.BLANK, words
    if cells["destination"] == Way.PARENT and not cells["parent"]:
        yield Rule.MISSING_KEY, "parent is empty, and the destination is @parent; name the parent"


@lru_cache(maxsize=4096)
def _period(first: str, last: str) -> tuple[Period, tuple[Told, ...]]:
    faults: list[Told] = []
    days = _day("valid_from", first, faults), _day("valid_to", last, faults)
    if words := period_fault(*days):
        faults.append((Rule.BAD_PERIOD, words))
    return ALWAYS if faults else Period.of_days(*days), tuple(faults)


def _day(column: str, text: str, faults: list[Told]) -> date | None:
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


def _unit(region: str, cells: dict[str, str]) -> Unit:
    return Unit(
        hsa_id=HsaId(cells["hsa_id"]),
        name=cells["name"],
        place=cells["place"],
        region=region,
        provider=HsaId(cells["provider"]) if cells["provider"] else None,
        parent=HsaId(cells["parent"]) if cells["parent"] else None,
    )


def _to(sheet: Sheet, line: int, cells: dict[str, str]) -> Destination | Way:
    name = cells["destination"]
    if name in _WAYS:
        return _WAYS[name]
    known = sheet.destinations
    if known is not None and name in known:
        return known[name]
    if known is not None and name:
        sheet.fault(line, Rule.UNKNOWN_DESTINATION, unknown(name, {**known, **_WAYS}))
    return stand_in(sheet.region, name)


_WAYS = {way.value: way for way in Way}
_ALL_COLUMNS = f"the first line is {','.join(COLUMNS)}"
