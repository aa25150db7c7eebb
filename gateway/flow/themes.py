"""Handle general feedback together: put it in themes, and close them with one word (F4)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Protocol
from uuid import UUID, uuid5

from gateway.domain.case import Kind
from gateway.domain.errors import Fault, Refusal, Rule
from gateway.domain.hsa import HsaId
from gateway.domain.message import CaseMessage, MessageKind
from gateway.domain.routing import Routed, RouteTable
from gateway.domain.theme import Theme, ThemeLevel
from gateway.flow.access import UNKNOWN_CASE, Verb, require_on_case, require_verb
from gateway.flow.caller import Caller
from gateway.flow.intake import USED_BEFORE
from gateway.flow.ports import CaseRecord, Cases
from gateway.flow.records import CheckCase
from gateway.flow.replies import Replies
from gateway.flow.timeline import Entry, Step
from gateway.flow.unit_list import Shelf, shelf_of

# Their common word goes out while its sender waits for the answer.
MOST_CASES = 500


@dataclass(frozen=True, slots=True)
class Sight:
    """What a member of staff sees: the themes of these owners, and those of these regions."""

    owners: frozenset[HsaId]
    regions: frozenset[str]

    def sees(self, theme: Theme) -> bool:
        """Tell whether a theme is among them."""
        shared = theme.level is ThemeLevel.REGION and theme.region in self.regions
        return shared or theme.owner in self.owners


class ThemeBook(Protocol):
    """Every theme, and the cases in it; raises Unavailable when it cannot be read or written."""

    def add(self, theme: Theme) -> Theme:
        """Keep a theme; one that was kept under its id before is given back."""
        ...

    def find(self, theme: UUID) -> Theme | None:
        """Read one."""
        ...

    def listed(self, sight: Sight, after: UUID | None, limit: int, *, closed: bool) -> list[Theme]:
        """Read a page of those that are closed, or not; newest first."""
        ...

    def put(
        self,
        theme: UUID,
        number: str,
        entry: Entry,
        most: int,
        check: CheckCase | None = None,
    ) -> bool:
        """
        Put a case in a theme, with an entry on the case's timeline; a repeat changes nothing.

        `check` is asked under the case's lock; what it raises leaves all as it was. False when
        the theme is closed, or has as many cases as it may.
        """
        ...

    def take_out(
        self, theme: UUID, number: str, entry: Entry, check: CheckCase | None = None
    ) -> bool:
        """Take a case out again, as `put`; False when it is not there, or the theme is closed."""
        ...

    def cases(
        self, theme: UUID, holders: frozenset[HsaId], after: str | None, limit: int
    ) -> list[CaseRecord]:
        """Read a page of its cases that these hold, in the order they were received."""
        ...

    def close(self, theme: UUID, at: datetime, by: str, text: str | None) -> Theme | None:
        """Close a theme, and give it as it is closed now: by the first who did."""
        ...


@dataclass(frozen=True, slots=True)
class Closing:
    """
    What came of closing a theme.

    `told` is how many citizens got its common word, and their cases are closed; `left` are the
    numbers of the caller's open cases that could not be closed, each with the reason.
    """

    theme: Theme
    told: int
    left: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Themes:
    """The verbs of staff on themes (DOMAIN F4)."""

    table: Callable[[], RouteTable]
    book: ThemeBook
    cases: Cases
    replies: Replies
    clock: Callable[[], datetime]

    def make(self, key: str, title: str, level: ThemeLevel, owner: HsaId, caller: Caller) -> Theme:
        """
        Make a theme of one of the caller's units.

        The same key again makes no other, and for another theme it is refused.
        """
        require_verb(caller, Verb.WORK_ON_THEMES)
        if owner not in caller.units:
            words = f"{caller.hsa_id} does not work at {owner}; name one of its own units"
            raise Refusal(Fault(Rule.NOT_PERMITTED, "ownerHsaId", words))
        region = self._region_of(owner)
        if region is None:
            words = f"{owner} is in no region's route table; ask who keeps it to put it there"
            raise Refusal(Fault(Rule.UNKNOWN_UNIT, "ownerHsaId", words))
        name = uuid5(_NAMES, f"{caller.hsa_id.key} {key}")
        new = Theme(name, title, level, owner, region, self.clock(), caller.acts_as)
        kept = self.book.add(new)
        if (kept.title, kept.level, kept.owner) != (title, level, owner):
            raise Refusal(USED_BEFORE)
        return kept

    def listed(
        self, caller: Caller, after: UUID | None, limit: int, *, closed: bool = False
    ) -> list[Theme]:
        """Read a page of the themes of the caller's units and regions, newest first."""
        require_verb(caller, Verb.WORK_ON_THEMES)
        return self.book.listed(self._sight(caller), after, limit, closed=closed)

    def read(self, theme: UUID, caller: Caller) -> Theme:
        """Read one theme; one that the caller may not know of does not exist."""
        require_verb(caller, Verb.WORK_ON_THEMES)
        found = self.book.find(theme)
        if found is None or not self._sight(caller).sees(found):
            raise Refusal(UNKNOWN_THEME)
        return found

    def cases_of(
        self, theme: UUID, caller: Caller, after: str | None, limit: int
    ) -> list[CaseRecord]:
        """Read a page of a theme's cases, of which the caller sees its own units' only (E1)."""
        self.read(theme, caller)
        return self.book.cases(theme, caller.units, after, limit)

    def put(self, theme: UUID, number: str, caller: Caller) -> Theme:
        """Put a case of the caller's units in a theme; that is on its timeline."""
        found = self._open(theme, caller)
        check = self._check_of(number, caller)
        entry = self._entry(Step.CASE_THEMED, caller)
        if not self.book.put(theme, number, entry, MOST_CASES, check):
            words = f"the theme is closed now, or has {MOST_CASES} cases already; make another"
            raise Refusal(Fault(Rule.STEP_NOT_LEGAL, "theme", words))
        return self.book.find(theme) or found

    def take_out(self, theme: UUID, number: str, caller: Caller) -> Theme:
        """Take a case of the caller's units out of a theme again."""
        found = self._open(theme, caller)
        check = self._check_of(number, caller)
        entry = self._entry(Step.CASE_UNTHEMED, caller)
        if not self.book.take_out(theme, number, entry, check):
            words = "the case is not in this theme any more, or the theme is closed"
            raise Refusal(Fault(Rule.STEP_NOT_LEGAL, "caseNumber", words))
        return self.book.find(theme) or found

    def close(self, theme: UUID, text: str | None, caller: Caller) -> Closing:
        """
        Close a theme of the caller's units; nothing more is put in it.

        With a text, every open piece of general feedback in it that the caller's units hold is
        closed, and its citizen gets that text: the same for all, since feedback gets no reply of
        its own. Complaints are left. Closing again with the same text goes on where it stopped.
        """
        require_verb(caller, Verb.CLOSE)
        found = self.read(theme, caller)
        if found.owner not in caller.units:
            words = f"the theme is kept by {found.owner}; only its staff close it"
            raise Refusal(Fault(Rule.NOT_PERMITTED, "theme", words))
        closed = self.book.close(theme, self.clock(), caller.acts_as, text)
        if closed is None:
            raise Refusal(UNKNOWN_THEME)
        if closed.closing_text != text:
            words = f"{closed.closed_by} closed the theme at {closed.closed_at}, in other words"
            raise Refusal(Fault(Rule.STEP_NOT_LEGAL, "theme", words))
        told, left = self._tell(closed, text, caller) if text else (0, [])
        return Closing(closed, told, tuple(left))

    def _tell(self, theme: Theme, text: str, caller: Caller) -> tuple[int, list[tuple[str, str]]]:
        told, left = 0, []
        for case in self.book.cases(theme.id, caller.units, None, MOST_CASES):
            if case.kind is not Kind.FEEDBACK or shelf_of(case.state) is Shelf.CLOSED:
                continue
            try:
                self.replies.post(_last_word(theme, case, text, self.clock()), caller)
            except Refusal as refusal:
                left.append((case.number, refusal.faults[0].message))
            else:
                told += 1
        return told, left

    def _open(self, theme: UUID, caller: Caller) -> Theme:
        found = self.read(theme, caller)
        if found.closed_at is not None:
            words = f"{found.closed_by} has closed the theme; make another"
            raise Refusal(Fault(Rule.STEP_NOT_LEGAL, "theme", words))
        return found

    def _check_of(self, number: str, caller: Caller) -> CheckCase:
        """Give what is asked of the case when it is locked; an unknown one is told at once."""
        if self.cases.find(number) is None:
            raise Refusal(UNKNOWN_CASE)
        return partial(require_on_case, caller, Verb.WORK_ON_THEMES)

    def _entry(self, step: Step, caller: Caller) -> Entry:
        # Not which one: a timeline stays when its case is disposed of, and so do themes.
        return Entry(step, self.clock(), caller.acts_as, {})

    def _sight(self, caller: Caller) -> Sight:
        regions = {self._region_of(unit) for unit in caller.units}
        return Sight(caller.units, frozenset(region for region in regions if region is not None))

    def _region_of(self, unit: HsaId) -> str | None:
        """Find the region of a unit or a committee, or of a coordinator by what it owns."""
        table, now = self.table(), self.clock()
        found = table.resolve(unit, Kind.FEEDBACK, table.receiver_of(unit), now)
        if isinstance(found, Routed):
            return found.region
        owned = (one for one in table.destinations.values() if one.holder_for(_NOBODY) == unit)
        return next((destination.region for destination in owned), None)


def _last_word(theme: Theme, case: CaseRecord, text: str, now: datetime) -> CaseMessage:
    return CaseMessage(
        # The same on every try, so that no citizen is told twice; it does not tell which theme.
        message_id=str(uuid5(theme.id, case.number)),
        kind=MessageKind.CLOSED,
        sent_at=now,
        text=text,
        case_number=case.number,
    )


UNKNOWN_THEME = Fault(Rule.THEME_UNKNOWN, "theme", "no such theme is known here")
_NAMES = UUID("5d0f3a52-2c0b-4f4e-9d2e-6a3c9a8f1b70")
_NOBODY = HsaId("")
