"""What would become different if one table took the place of another (DOMAIN B10)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from operator import attrgetter

from gateway.domain.destination import Destination
from gateway.domain.period import Period, swedish_day
from gateway.domain.publication import Files
from gateway.domain.region import Region
from gateway.domain.routing import RouteTable, Row
from gateway.routes.moves import Move, moves, routing_of
from gateway.routes.reach import is_anothers, reaches_beyond


class What(StrEnum):
    """What can be different."""

    REGION = "region"
    COMMITTEE = "committee"
    DESTINATION = "destination"
    RULES = "rules"
    RETENTION = "retention"
    CLOCK = "clock"
    ANONYMOUS = "anonymous"
    UNIT = "unit"
    FILE = "file"


class How(StrEnum):
    """How it is different."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """
    One thing that is different: `name` tells which, `words` how it was and how it would be.

    `national` is for national operators only: regions, and how a committee is reached (B6, B7).
    """

    region: str
    what: What
    name: str
    how: How
    words: str = ""
    national: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """
    All that is different, in order; `moves` are the units whose cases would go elsewhere.

    `left_behind` tells how many open cases are with a destination that would be gone: they stay
    where they are handled (DOMAIN B4), and nothing more could be sent there.
    """

    changes: tuple[Change, ...]
    moves: tuple[Move, ...]
    left_behind: Mapping[str, int]


# How many open cases there are, by the key of their unit and their destination.
OpenCases = Mapping[tuple[str, str], int]


def difference(
    before: RouteTable, after: RouteTable, now: datetime, open_cases: OpenCases
) -> Difference:
    """Compare two tables; a unit moves when its cases go elsewhere now, or from a later time."""
    changed = {
        key for key in before.units.keys() | after.units.keys() if _differs(key, before, after)
    }
    left: dict[str, int] = {}
    for (_, destination), count in open_cases.items():
        if destination in before.destinations and destination not in after.destinations:
            left[destination] = left.get(destination, 0) + count
    changes = [*_region_changes(before, after, now), *_unit_changes(changed, before, after)]
    moved = moves(before, after, changed, now, open_cases)
    return Difference(tuple(sorted(changes, key=_PLACE)), tuple(moved), left)


_PLACE = attrgetter("region", "what", "name", "how", "words")


def file_changes(before: Files, after: Files) -> Iterator[Change]:
    """Tell which of the files beside the regions' folders are different: national ones."""
    for path in sorted(before.keys() | after.keys()):
        old, new = before.get(path), after.get(path)
        if "/" not in path and old != new:
            yield Change("", What.FILE, path, _how(old, new), national=True)


def _differs(key: str, before: RouteTable, after: RouteTable) -> bool:
    old, new = before.units.get(key, ()), after.units.get(key, ())
    return len(old) != len(new) or not all(map(_says_the_same, old, new))


def _says_the_same(old: Row, new: Row) -> bool:
    """Compare what two rows say, wherever they stand in their files."""
    unit, other = old.unit, new.unit
    return (
        unit.name == other.name
        and unit.hsa_id.text == other.hsa_id.text
        and (unit.place, unit.region) == (other.place, other.region)
        and (unit.provider, unit.parent) == (other.provider, other.parent)
        and (old.period is new.period or old.period == new.period)
        and old.below == new.below
        and (old.to is new.to or _to(old) == _to(new))
    )


def _to(row: Row) -> str:
    return row.to.key if isinstance(row.to, Destination) else row.to.value


def _unit_changes(changed: set[str], before: RouteTable, after: RouteTable) -> Iterator[Change]:
    for key in changed:
        old, new = before.units.get(key, ()), after.units.get(key, ())
        last = (new or old)[-1].unit
        words = " ⇒ ".join(_rows(rows) for rows in (old, new) if rows)
        regions = {row.unit.region for row in (*old, *new)}
        national = len(regions) > 1 or (not old and is_anothers(last.hsa_id, last.region, after))
        yield Change(last.region, What.UNIT, last.hsa_id.text, _how(old, new), words, national)
        # Leaving a region is a change of that region too.
        for gone in {row.unit.region for row in old} - {row.unit.region for row in new}:
            if new:
                yield Change(gone, What.UNIT, last.hsa_id.text, How.REMOVED, f"to {last.region}")


def _rows(rows: tuple[Row, ...]) -> str:
    return "; ".join(
        f"{row.unit.name}, {_to(row)}{_days(row.period)}{_BELOW if row.below else ''}"
        for row in rows
    )


_BELOW = ", and what is below it"


def _days(period: Period) -> str:
    first = f" from {swedish_day(period.start)}" if period.start else ""
    return f"{first} until {swedish_day(period.end)}" if period.end else first


def _how(old: object, new: object) -> How:
    if not old:
        return How.ADDED
    return How.CHANGED if new else How.REMOVED


def _region_changes(before: RouteTable, after: RouteTable, now: datetime) -> Iterator[Change]:
    for key in before.regions.keys() | after.regions.keys():
        old, new = before.regions.get(key), after.regions.get(key)
        if old != new:
            yield from _of_region(key, old, new, now)
    for name in before.destinations.keys() | after.destinations.keys():
        yield from _of_destination(name, before, after)


def _of_region(
    key: str, old: Region | None, new: Region | None, now: datetime
) -> Iterator[Change]:
    if old is None or new is None:
        words = _activity(old, now) if new is None else _activity(new, now)
        yield Change(key, What.REGION, key, _how(old, new), words, national=True)
        return
    if (old.name, old.code) != (new.name, new.code):
        words = f"{old.name} ({old.code}) ⇒ {new.name} ({new.code})"
        yield Change(key, What.REGION, key, How.CHANGED, words, national=True)
    if _committee(old) != _committee(new):
        words = f"{_committee(old)} ⇒ {_committee(new)}{_switch(old, new, now)}"
        name = new.committee.hsa_id.text
        yield Change(key, What.COMMITTEE, name, How.CHANGED, words, national=True)
    if routing_of(old)[1] != routing_of(new)[1]:
        words = f"{len(old.rules)} ⇒ {len(new.rules)} rules"
        yield Change(key, What.RULES, "rules", How.CHANGED, words)
    if old.retention != new.retention:
        words = f"{old.retention} ⇒ {new.retention}"
        yield Change(key, What.RETENTION, "retention", How.CHANGED, words)
    if old.answer_within_days != new.answer_within_days:
        words = f"{old.answer_within_days} ⇒ {new.answer_within_days} days; of new complaints"
        yield Change(key, What.CLOCK, "answer_within_days", How.CHANGED, words)
    if old.anonymous != new.anonymous:
        words = "taken" if new.anonymous else "taken no longer"
        words = f"cases of people who do not say who they are: {words}"
        yield Change(key, What.ANONYMOUS, "anonymous", How.CHANGED, words)


def _committee(region: Region) -> str:
    one = region.committee
    return f"{one.hsa_id}, {one.name}, {one.destination.key}{_days(one.period)}"


def _switch(old: Region, new: Region, now: datetime) -> str:
    """Say whether the region begins or ends to receive (DOMAIN B6)."""
    was, would_be = (region.committee.period.holds(now) for region in (old, new))
    if was == would_be:
        return ""
    return "; the region becomes active" if would_be else "; the region stops being active"


def _activity(region: Region | None, now: datetime) -> str:
    active = region is not None and region.committee.period.holds(now)
    return "active" if active else "not active: its committee has no route now"


def _of_destination(name: str, before: RouteTable, after: RouteTable) -> Iterator[Change]:
    old, new = before.destinations.get(name), after.destinations.get(name)
    if old == new:
        return
    words = ", ".join(_changed_parts(old, new)) if old and new else ""
    national = name in _of_the_nation(before) | _of_the_nation(after)
    national = national or (new is not None and reaches_beyond(new, old, after))
    region = name.partition("/")[0]
    yield Change(region, What.DESTINATION, name, _how(old, new), words, national=national)


def _changed_parts(old: Destination, new: Destination) -> Iterator[str]:
    for part in ("adapter", "title", "system", "policy", "settings"):
        if getattr(old, part) != getattr(new, part):
            yield part


def _of_the_nation(table: RouteTable) -> set[str]:
    """Give the destinations that national operators chose: committees' and the default."""
    chosen = {region.committee.destination.key for region in table.regions.values()}
    return chosen | ({table.default.key} if table.default else set())
