"""All that a member of staff may see of one case, read together (DOMAIN E1)."""

from dataclasses import dataclass, field

from gateway.console.staff.desk import Desk
from gateway.domain.case import Attachment, Case, Supplement
from gateway.domain.handling import Handling
from gateway.domain.keeping import Keeping
from gateway.domain.message import InboxMessage
from gateway.domain.person import is_anonymous
from gateway.domain.theme import Measure, Theme
from gateway.flow.access import Verb, may
from gateway.flow.caller import Caller
from gateway.flow.ports import CaseRecord
from gateway.flow.timeline import Entry

# A longer list helps nobody; an older theme is filled from its own page.
_MOST_THEMES = 50


@dataclass(frozen=True, slots=True)
class Content:
    """What the citizen wrote and was told; for those who may read it."""

    case: Case
    supplements: tuple[Supplement, ...] = field(repr=False)
    messages: tuple[InboxMessage, ...] = field(repr=False)

    @property
    def is_anonymous(self) -> bool:
        """Tell whether the submitter has not said who they are (A9)."""
        return is_anonymous(self.case.submitter.person_id)

    @property
    def files(self) -> tuple[Attachment, ...]:
        """The citizen's files, as their numbers count them from 1."""
        added = (file for supplement in self.supplements for file in supplement.attachments)
        return (*self.case.attachments, *added)

    def first_file_of(self, supplement: int) -> int:
        """Tell the number of the first file of a supplement, which is counted from 0."""
        before = self.supplements[:supplement]
        return 1 + len(self.case.attachments) + sum(len(one.attachments) for one in before)


@dataclass(frozen=True, slots=True)
class Improving:
    """The measures on a case, and the open themes that it can be put in: the newest."""

    measures: tuple[Measure, ...] = ()
    themes: tuple[Theme, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseFile:
    """
    One case; without `content` the reader sees only that it exists.

    `version` is the number of the last entry of the timeline that is shown.
    """

    record: CaseRecord
    handling: Handling
    keeping: Keeping
    timeline: tuple[Entry, ...]
    version: int
    content: Content | None
    improving: Improving


def case_file(desk: Desk, number: str, caller: Caller) -> CaseFile:
    """Read a case; raises Refusal. That its content was read goes on its timeline."""
    handled = desk.handling.read(number, caller)
    content = _content(desk, number, caller) if may(caller.role, Verb.READ_CASE) else None
    links = desk.cases.timeline(number)
    return CaseFile(
        handled.record,
        handled.handling,
        desk.keeping.read(number, caller),
        tuple(link.entry for link in links),
        links[-1].number,
        content,
        _improving(desk, number, caller),
    )


def _improving(desk: Desk, number: str, caller: Caller) -> Improving:
    if not may(caller.role, Verb.WORK_ON_THEMES):
        return Improving()
    measures = desk.measures.of_case(number, caller)
    return Improving(tuple(measures), tuple(desk.themes.listed(caller, None, _MOST_THEMES)))


def _content(desk: Desk, number: str, caller: Caller) -> Content:
    _, case, supplements = desk.staff_inbox.read(number, caller)
    of_citizen = desk.cases.of_citizen(case.submitter.person_id, number, None)
    messages = tuple(message for one in of_citizen for message in one.messages)
    return Content(case, supplements, messages)
