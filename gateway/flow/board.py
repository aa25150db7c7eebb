"""How the open cases of many units stand, for whoever coordinates them (DOMAIN A11, B3, E1)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from gateway.domain.hsa import HsaId

# So many open cases are counted; a unit has tens of them, a coordinator of a region hundreds.
MOST_COUNTED = 5_000


@dataclass(frozen=True, slots=True)
class UnitCounts:
    """
    How a unit's open cases stand; `unit` is the one that was selected.

    `unassigned` are nobody's yet, and of `uncontacted` the citizen has been told nothing by a
    human. `soon` and `overdue` are complaints.
    """

    unit: HsaId
    unit_name: str
    region: str
    open: int
    unassigned: int
    uncontacted: int
    soon: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Board:
    """Every unit that has an open case; not `whole` when there were more cases than counted."""

    units: tuple[UnitCounts, ...]
    whole: bool


@dataclass(frozen=True, slots=True)
class Counting:
    """Past `now` a complaint is overdue, before `soon` it is soon due; `most` are counted."""

    now: datetime
    soon: datetime
    most: int = MOST_COUNTED


def summed(counts: Iterable[UnitCounts]) -> tuple[UnitCounts, ...]:
    """Put together what was counted of a unit in several inboxes, by region and unit."""
    found: dict[tuple[str, HsaId], UnitCounts] = {}
    for one in counts:
        before = found.get((one.region, one.unit))
        found[one.region, one.unit] = one if before is None else _sum(before, one)
    return tuple(found[key] for key in sorted(found, key=lambda key: (key[0], key[1].key)))


def _sum(one: UnitCounts, other: UnitCounts) -> UnitCounts:
    return replace(
        one,
        open=one.open + other.open,
        unassigned=one.unassigned + other.unassigned,
        uncontacted=one.uncontacted + other.uncontacted,
        soon=one.soon + other.soon,
        overdue=one.overdue + other.overdue,
    )
