"""How the units of a coordinator stand, each leading to its cases in the list (A11, B3)."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.responses import Response

from gateway.console.staff.visit import BOARD, FOLLOW_UP, INBOX, Visit
from gateway.flow.access import Verb, may
from gateway.flow.board import MOST_COUNTED, UnitCounts

# What is counted of each unit: how, and the filters that list just that, where there are any.
_COLUMNS: dict[str, tuple[Callable[[UnitCounts], int], dict[str, str] | None]] = {
    "open": (lambda unit: unit.open, {"shelf": "OPEN"}),
    "unassigned": (lambda unit: unit.unassigned, {"shelf": "OPEN", "assigned": "NOBODY"}),
    "uncontacted": (lambda unit: unit.uncontacted, None),
    "soon": (lambda unit: unit.soon, {"due": "SOON"}),
    "overdue": (lambda unit: unit.overdue, {"due": "OVERDUE"}),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One number, and where its cases are listed; nowhere when there are none."""

    name: str
    number: int
    address: str | None


@dataclass(frozen=True, slots=True)
class Row:
    """One unit."""

    name: str
    hsa_id: str
    cells: tuple[Cell, ...]
    statistics: str


def show(visit: Visit) -> Response:
    """Show the board, what is late first."""
    board = visit.desk.staff_inbox.board(visit.caller)
    units = sorted(board.units, key=lambda one: (-one.overdue, -one.soon, one.unit_name.lower()))
    return visit.page(
        "staff/board.html",
        here=BOARD,
        rows=[_row(unit) for unit in units],
        totals=[(name, sum(map(count, units))) for name, (count, _) in _COLUMNS.items()],
        whole=board.whole,
        most=MOST_COUNTED,
        sees_statistics=may(visit.caller.role, Verb.SEE_STATISTICS),
    )


def _row(unit: UnitCounts) -> Row:
    statistics = f"{FOLLOW_UP}?{urlencode({'unit': unit.unit.text})}"
    cells = tuple(_cell(name, unit) for name in _COLUMNS)
    return Row(unit.unit_name, unit.unit.text, cells, statistics)


def _cell(name: str, unit: UnitCounts) -> Cell:
    count, filters = _COLUMNS[name]
    number = count(unit)
    if not number or filters is None:
        return Cell(name, number, None)
    return Cell(name, number, f"{INBOX}?{urlencode({'unit': unit.unit.text, **filters})}")
