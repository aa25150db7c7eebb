"""All that a member of staff may see of one case, read together (DOMAIN E1)."""

from dataclasses import dataclass, field

from gateway.console.desk import Desk
from gateway.domain.case import Attachment, Case, Supplement
from gateway.domain.handling import Handling
from gateway.domain.message import InboxMessage
from gateway.flow.access import Verb, may
from gateway.flow.caller import Caller
from gateway.flow.ports import CaseRecord
from gateway.flow.timeline import Entry


@dataclass(frozen=True, slots=True)
class Content:
    """What the citizen wrote and was told; for those who may read it."""

    case: Case
    supplements: tuple[Supplement, ...] = field(repr=False)
    messages: tuple[InboxMessage, ...] = field(repr=False)

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
class CaseFile:
    """
    One case; without `content` the reader sees only that it exists.

    `version` is the number of the last entry of the timeline that is shown.
    """

    record: CaseRecord
    handling: Handling
    timeline: tuple[Entry, ...]
    version: int
    content: Content | None


def case_file(desk: Desk, number: str, caller: Caller) -> CaseFile:
    """Read a case; raises Refusal. That its content was read goes on its timeline."""
    handled = desk.handling.read(number, caller)
    content = _content(desk, number, caller) if may(caller.role, Verb.READ_CASE) else None
    links = desk.cases.timeline(number)
    return CaseFile(
        handled.record,
        handled.handling,
        tuple(link.entry for link in links),
        links[-1].number,
        content,
    )


def _content(desk: Desk, number: str, caller: Caller) -> Content:
    _, case, supplements = desk.staff_inbox.read(number, caller)
    of_citizen = desk.cases.of_citizen(case.submitter.person_id, number, None)
    messages = tuple(message for one in of_citizen for message in one.messages)
    return Content(case, supplements, messages)
