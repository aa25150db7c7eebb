"""Which cases of an inbox are listed, and in which order (DOMAIN A11, E1)."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import assert_never
from uuid import UUID

from gateway.domain.case import Kind
from gateway.domain.errors import Fault, Refusal, Rule
from gateway.domain.hsa import HsaId
from gateway.domain.lifecycle import OPEN_STATES, CaseState


class Shelf(StrEnum):
    """Where in an inbox a case lies: by whether somebody waits for an answer."""

    OPEN = "OPEN"
    ANSWERED = "ANSWERED"
    CLOSED = "CLOSED"


_SHELVES = {
    **dict.fromkeys(CaseState, Shelf.CLOSED),
    **dict.fromkeys(OPEN_STATES, Shelf.OPEN),
    CaseState.ANSWERED: Shelf.ANSWERED,
}


def shelf_of(state: CaseState) -> Shelf:
    """Tell where in an inbox a case lies; what was taken back lies with what is closed."""
    return _SHELVES[state]


class Order(StrEnum):
    """In which order a list is read; DUE has only the open cases that have a due date."""

    OLDEST = "OLDEST"
    NEWEST = "NEWEST"
    DUE = "DUE"


class Assigned(StrEnum):
    """Whose cases are listed."""

    ME = "ME"
    NOBODY = "NOBODY"


class Due(StrEnum):
    """How a case stands to its due date: soon there, or past it."""

    SOON = "SOON"
    OVERDUE = "OVERDUE"


@dataclass(frozen=True, slots=True)
class Bookmark:
    """Where in a list a page ends: when its case came, or is due in the order DUE; and its id."""

    at: datetime
    case_id: UUID

    @property
    def text(self) -> str:
        """Write it as the addresses of lists carry it, in UTC."""
        at = self.at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
        return f"{at}_{self.case_id.hex}"


def bookmark_of(text: str) -> Bookmark | None:
    """Read where a page ended; None for what no page has given."""
    at, _, case_id = text.partition("_")
    try:
        moment = datetime.fromisoformat(at)
        return Bookmark(moment.astimezone(UTC), UUID(case_id)) if moment.tzinfo else None
    except (ValueError, OverflowError):  # the latter for times before the first year, in UTC
        return None


@dataclass(frozen=True, slots=True)
class Filters:
    """
    What a member of staff wants to see; what is None leaves nothing out.

    `unit` is the one that was selected, whoever has the case now.
    `due` lists the earliest first, also without `order`.
    """

    shelf: Shelf | None = None
    kind: Kind | None = None
    assigned: Assigned | None = None
    due: Due | None = None
    order: Order | None = None
    unit: HsaId | None = None

    @property
    def sorted_by(self) -> Order:
        """Tell the order, also when none is named."""
        return self.order or (Order.DUE if self.due else Order.OLDEST)


ALL = Filters()


@dataclass(frozen=True, slots=True)
class AssignedTo:
    """Whose cases: this person's, or with None nobody's."""

    whom: HsaId | None


@dataclass(frozen=True, slots=True)
class Selection:
    """
    What a store is asked for; what is None leaves nothing out.

    `due_from` and `due_before` hold in the order DUE only.
    """

    shelf: Shelf | None = None
    kind: Kind | None = None
    assigned: AssignedTo | None = None
    due_from: datetime | None = None
    due_before: datetime | None = None
    order: Order = Order.OLDEST
    unit: HsaId | None = None


EVERYTHING = Selection()
# A case is soon due a week before, where nothing else is set.
REMIND_WITHIN = timedelta(days=7)


def selected(filters: Filters, me: HsaId, now: datetime, remind_within: timedelta) -> Selection:
    """Tell what to ask a store for; raises Refusal for filters that fit no case together."""
    order = filters.sorted_by
    if filters.due and order is not Order.DUE:
        words = "what is due is listed with the earliest first; leave order out, or say DUE"
        raise Refusal(Fault(Rule.SCHEMA, "order", words))
    if order is Order.DUE and filters.shelf not in (None, Shelf.OPEN):
        words = f"no case that is {filters.shelf.value} is due; leave state out, or say OPEN"
        raise Refusal(Fault(Rule.SCHEMA, "state", words))
    soon = now + remind_within
    return Selection(
        shelf=filters.shelf,
        kind=filters.kind,
        assigned=_assigned(filters.assigned, me),
        due_from=now if filters.due is Due.SOON else None,
        due_before={Due.SOON: soon, Due.OVERDUE: now}.get(filters.due) if filters.due else None,
        order=order,
        unit=filters.unit,
    )


def _assigned(wanted: Assigned | None, me: HsaId) -> AssignedTo | None:
    match wanted:
        case None:
            return None
        case Assigned.ME:
            return AssignedTo(me)
        case Assigned.NOBODY:
            return AssignedTo(None)
        case _ as never:
            assert_never(never)
