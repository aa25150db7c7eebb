"""The clock of complaints: when an answer is due, reminders, and how many wait (DOMAIN A11)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from gateway.domain.case import Kind
from gateway.domain.hsa import HsaId
from gateway.domain.routing import RouteTable
from gateway.flow.access import Verb, may, require_verb
from gateway.flow.caller import REGION_ROLES, Caller
from gateway.flow.timeline import GATEWAY, Entry, Step
from gateway.flow.unit_list import REMIND_WITHIN, Due


def due_at(table: RouteTable, region: str, kind: Kind, received_at: datetime) -> datetime | None:
    """Tell when a case should be answered: as the region says, and complaints only (A11)."""
    if kind is not Kind.COMPLAINT:
        return None
    return received_at + timedelta(days=table.regions[region].answer_within_days)


@dataclass(frozen=True, slots=True)
class Overdue:
    """How many open complaints of a destination are past their due date, the first since then."""

    cases: int
    since: datetime


@dataclass(frozen=True, slots=True)
class UnitClock:
    """How a unit's open complaints stand: all of them, and those soon due and past it."""

    unit: HsaId
    unit_name: str
    region: str
    open: int
    soon: int
    overdue: int
    first_due_at: datetime


@dataclass(frozen=True, slots=True)
class Span:
    """Past `now` a complaint is overdue, and before `soon` it is soon due."""

    now: datetime
    soon: datetime


class DueDates(Protocol):
    """The due dates of open complaints; raises Unavailable when they cannot be read."""

    def remind(self, due: Due, span: Span, entry: Entry, limit: int) -> int:
        """
        Note on the timelines of some more that they are soon due, or overdue; tells of how many.

        Each is reminded of once of a kind, by all nodes together, and of what is overdue already
        only that.
        """
        ...

    def overdue(self) -> Mapping[str, Overdue]:
        """Tell for each destination what was reminded of as overdue, and is still open."""
        ...

    def of_regions(self, regions: frozenset[str] | None, span: Span) -> list[UnitClock]:
        """Count by selected unit, in these regions or with None in all."""
        ...

    def of_inboxes(self, owners: frozenset[HsaId], span: Span) -> list[UnitClock]:
        """Count by selected unit what lies in these inboxes."""
        ...


@dataclass(frozen=True, slots=True)
class Clocks:
    """
    How complaints stand to their due dates, for those who handle them and those who follow up.

    A case is soon due `remind_within` that time.
    """

    due_dates: DueDates
    clock: Callable[[], datetime]
    remind_within: timedelta = REMIND_WITHIN

    def counts(self, caller: Caller) -> list[UnitClock]:
        """
        Count open complaints by unit: of the caller's inboxes, else of its regions, or of all.

        Counts only: who follows up sees no case (E1).
        """
        span = self._span()
        if may(caller.role, Verb.LIST_CASES):
            return self.due_dates.of_inboxes(caller.units, span)
        require_verb(caller, Verb.SEE_STATISTICS)
        regions = caller.regions if caller.role in REGION_ROLES else None
        return self.due_dates.of_regions(regions, span)

    def remind(self) -> bool:
        """Remind of some more; False when there is nothing left to remind of now."""
        span = self._span()
        reminded = 0
        # First what is worst: of that one is not told that it is soon due.
        for due in (Due.OVERDUE, Due.SOON):
            entry = Entry(Step.CASE_REMINDED, span.now, GATEWAY, {"due": due.value})
            reminded += self.due_dates.remind(due, span, entry, REMINDED_AT_ONCE)
        return reminded > 0

    def _span(self) -> Span:
        now = self.clock()
        return Span(now, now + self.remind_within)


# A step keeps others from writing to an embedded database.
REMINDED_AT_ONCE = 100
