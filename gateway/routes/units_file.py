"""units.csv: one line a unit and period, every fault told by its line."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gateway.domain.destination import Destination
from gateway.domain.hsa import HsaId
from gateway.domain.routing import Row, Unit, Way
from gateway.routes.csv_file import (
    BELOW,
    YES,
    CsvFile,
    Fault,
    below_fault,
    blank_fault,
    period_of,
)
from gateway.routes.destinations import stand_in, unknown
from gateway.routes.draft import UNITS_FILE
from gateway.routes.finding import Finding, Rule
from gateway.routes.values import hsa_fault

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
OPTIONAL = (BELOW,)
_MUST_SAY = ("hsa_id", "name", "destination")
_HSA_IDS = ("hsa_id", "provider", "parent")
_TEXTS = ("name", "place", "destination", "valid_from", "valid_to")


@dataclass(frozen=True, slots=True)
class Sheet:
    """
    Which region's file is being read, and what its units may point at.

    `destinations` is None when the region's own file cannot be read: then no name is judged.
    """

    region: str
    destinations: Mapping[str, Destination] | None
    csv: CsvFile


def units_sheet(
    region: str, destinations: Mapping[str, Destination] | None, findings: list[Finding]
) -> Sheet:
    """Begin to read a region's units."""
    file = CsvFile(f"{region}/{UNITS_FILE}", COLUMNS, OPTIONAL, findings)
    return Sheet(region, destinations, file)


def read_units(sheet: Sheet, data: bytes | None) -> list[Row] | None:
    """Read a region's units; None when nothing can be read."""
    records = sheet.csv.records(data)
    if records is None:
        return None
    rows = (_row(sheet, line, cells) for line, cells in records)
    return [row for row in rows if row is not None]


def _row(sheet: Sheet, line: int, cells: dict[str, str]) -> Row | None:
    period, period_faults = period_of(cells["valid_from"], cells["valid_to"])
    for rule, words in (*_cell_faults(cells), *period_faults):
        sheet.csv.fault(line, rule, words)
    to = _to(sheet, line, cells)
    unit = _unit(sheet.region, cells)
    if not unit.hsa_id.text:
        return None
    return Row(unit, to, period, sheet.csv.name, line, below=cells[BELOW] == YES)


def _cell_faults(cells: dict[str, str]) -> Iterator[Fault]:
    for column in _MUST_SAY:
        if not cells[column]:
            yield Rule.MISSING_KEY, f"{column} is empty; fill it in"
    for column in _HSA_IDS:
        if cells[column] and (words := hsa_fault(cells[column])):
            yield Rule.BAD_HSA_ID, f"{column}: {words}"
    yield from _blank_faults(cells)
    if words := below_fault(cells[BELOW]):
        yield Rule.BAD_CHOICE, words
    if cells["destination"] == Way.PARENT and not cells["parent"]:
        yield Rule.MISSING_KEY, "parent is empty, and the destination is @parent; name the parent"


def _blank_faults(cells: dict[str, str]) -> Iterator[Fault]:
    for column in _TEXTS:
        if cells[column] and (words := blank_fault(cells[column])):
            yield Rule.BLANK, f"{column}: {words}"


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
        sheet.csv.fault(line, Rule.UNKNOWN_DESTINATION, unknown(name, {**known, **_WAYS}))
    return stand_in(sheet.region, name)


_WAYS = {way.value: way for way in Way}
