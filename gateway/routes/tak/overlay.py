"""Lay what a TAK says of one unit over the unit's own rows, day by day (DOMAIN B4, B8)."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise

from gateway.domain.routing import Way
from gateway.routes.tak.table import Days
from gateway.routes.tak.units_text import EVER, NEVER, Record

_DATES = ("valid_from", "valid_to")
WAYS = frozenset(way.value for way in Way)


@dataclass(frozen=True, slots=True)
class Stretch:
    """From day `start` up to, but not including, day `end`, cases go to `destination`."""

    start: int
    end: int
    destination: str

    @classmethod
    def of(cls, valid: Days, destination: str) -> "Stretch":
        """Make it from days, both included."""
        start = EVER if valid.first is None else valid.first.toordinal()
        end = NEVER if valid.last is None else valid.last.toordinal() + 1
        return cls(start, end, destination)


@dataclass(frozen=True, slots=True)
class Plan:
    """
    What a TAK says of one unit.

    From day `ends` on, the unit's rows to a destination in `ended` hold only as far as told. With
    `keeps_ways`, its rows @parent and @rules are left as they are.
    """

    told: tuple[Stretch, ...] = ()
    ends: int = NEVER
    ended: Collection[str] = field(default=frozenset())
    keeps_ways: bool = True


@dataclass(frozen=True, slots=True)
class Piece:
    """What a row of the unit becomes: some days of it, or days before or after it."""

    start: int
    end: int
    destination: str
    of: Record

    @property
    def is_new(self) -> bool:
        """Tell whether its row said something else."""
        return self.destination != self.of.destination

    @property
    def cells(self) -> dict[str, str]:
        """What the row says now."""
        return {
            **self.of.cells,
            "destination": self.destination,
            "valid_from": "" if self.start == EVER else _day(self.start),
            "valid_to": "" if self.end == NEVER else _day(self.end - 1),
        }


def laid(records: Sequence[Record], plan: Plan) -> list[Piece]:
    """Tell what becomes of a unit's rows, in order of time; `records` are all it has."""
    rows = sorted(records, key=lambda record: record.start)
    edges = {EVER, plan.ends, NEVER}
    edges.update(*((row.start, row.end) for row in rows))
    edges.update(*((told.start, told.end) for told in plan.told))
    joined: list[Piece] = []
    for piece in _pieces(rows, plan, sorted(edges)):
        if joined and _continues(joined[-1], piece):
            joined[-1] = _both(joined[-1], piece)
        else:
            joined.append(piece)
    return joined


def _pieces(rows: Sequence[Record], plan: Plan, edges: Sequence[int]) -> Iterator[Piece]:
    for start, end in pairwise(edges):
        row = next((row for row in rows if row.start <= start < row.end), None)
        told = next((told for told in plan.told if told.start <= start < told.end), None)
        destination = _destination(row, told, plan, start)
        if destination is not None:
            yield Piece(start, end, destination, row or _nearest(rows, start))


def _destination(row: Record | None, told: Stretch | None, plan: Plan, start: int) -> str | None:
    if row and plan.keeps_ways and row.destination in WAYS:
        return row.destination
    if told:
        return told.destination
    if row is None or (start >= plan.ends and row.destination in plan.ended):
        return None
    return row.destination


def _nearest(rows: Sequence[Record], start: int) -> Record:
    """Find the row that says what the unit is called on days when it had none."""
    return next((row for row in reversed(rows) if row.end <= start), rows[0])


def _continues(piece: Piece, later: Piece) -> bool:
    if (piece.end, piece.destination) != (later.start, later.destination):
        return False
    return piece.of is later.of or (
        (piece.is_new or later.is_new) and _lasting(piece.of) == _lasting(later.of)
    )


def _both(piece: Piece, later: Piece) -> Piece:
    of = later.of if piece.is_new else piece.of
    return replace(piece, end=later.end, of=of)


def _lasting(row: Record) -> dict[str, str]:
    return {name: cell for name, cell in row.cells.items() if name not in (*_DATES, "destination")}


def _day(ordinal: int) -> str:
    return date.fromordinal(ordinal).isoformat()
