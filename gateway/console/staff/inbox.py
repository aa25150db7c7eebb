"""The list of the cases in the inbox: filtered, in keyset pages (DOMAIN E1, A11)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlencode

from starlette.responses import Response

from gateway.console.staff.places import place_name
from gateway.console.staff.queries import wanted
from gateway.console.staff.visit import INBOX, Visit, has_many_units
from gateway.domain.case import Kind
from gateway.domain.hsa import HsaId, is_loose
from gateway.domain.lifecycle import OPEN_STATES
from gateway.flow.ports import UnitInboxItem
from gateway.flow.unit_list import Assigned, Due, Filters, Shelf, bookmark_of

PAGE = 25
_FILTERS: dict[str, type[StrEnum]] = {
    "shelf": Shelf,
    "kind": Kind,
    "assigned": Assigned,
    "due": Due,
}


@dataclass(frozen=True, slots=True)
class Row:
    """One case in the list; `mark` says in words how it stands to its due date."""

    number: str
    kind: str
    state: str
    unit: str
    received_at: datetime
    due_at: datetime | None
    mark: str | None
    handler: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Choice:
    """One filter, and what was chosen in it."""

    name: str
    values: tuple[str, ...]
    chosen: str


def show(visit: Visit) -> Response:
    """Show a page of the list; a filter or place that does not exist is passed over."""
    query, inbox = visit.request.query_params, visit.desk.staff_inbox
    filters, after = _filters(query), bookmark_of(query.get("after", ""))
    found = inbox.items(visit.caller, after, PAGE + 1, filters)
    shown, now = found[:PAGE], visit.desk.clock()
    kept = {name: query[name] for name in (*_FILTERS, "unit") if query.get(name)}
    following = shown[-1].bookmark(filters.sorted_by).text if len(found) > PAGE else None
    return visit.page(
        "staff/inbox.html",
        rows=[_row(item, now, inbox.remind_within) for item in shown],
        choices=tuple(_choices(query)),
        unit=_unit_name(visit, filters.unit) if filters.unit else None,
        unit_id=filters.unit.text if filters.unit else "",
        asks_unit=has_many_units(visit.caller),
        done="forward" if query.get("done") == "forward" else None,
        first=after is None,
        first_page=f"{INBOX}?{urlencode(kept)}",
        next_page=f"{INBOX}?{urlencode(kept | {'after': following})}" if following else None,
    )


def _filters(query: Mapping[str, str]) -> Filters:
    due = wanted(Due, query, "due")
    # What is due is open; together with another shelf there would be nothing to show.
    shelf = None if due else wanted(Shelf, query, "shelf")
    return Filters(
        shelf,
        wanted(Kind, query, "kind"),
        wanted(Assigned, query, "assigned"),
        due,
        unit=_unit(query),
    )


def _unit(query: Mapping[str, str]) -> HsaId | None:
    text = query.get("unit", "").strip()
    return HsaId(text) if is_loose(text) else None


def _choices(query: Mapping[str, str]) -> Iterator[Choice]:
    for name, kind in _FILTERS.items():
        yield Choice(name, tuple(one.value for one in kind), query.get(name, ""))


def _unit_name(visit: Visit, unit: HsaId) -> str:
    return place_name(visit.desk.handling.table(), unit)


def _row(item: UnitInboxItem, now: datetime, remind_within: timedelta) -> Row:
    record = item.record
    return Row(
        record.number,
        record.kind.value,
        record.state.value,
        record.at.name,
        record.received_at,
        record.due_at,
        _mark(item, now, remind_within),
        item.handling.assigned_name,
    )


def _mark(item: UnitInboxItem, now: datetime, remind_within: timedelta) -> str | None:
    due_at = item.record.due_at
    if due_at is None or item.record.state not in OPEN_STATES or now < due_at - remind_within:
        return None
    return "overdue" if due_at <= now else "soon"
