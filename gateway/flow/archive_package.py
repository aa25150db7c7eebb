"""One case as a complete package, for the diary and the archive, which are local (DOMAIN E3)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from gateway.domain.case import Case, Supplement
from gateway.domain.errors import Refusal
from gateway.domain.handling import Handling
from gateway.domain.keeping import Keeping
from gateway.domain.message import InboxMessage
from gateway.flow.access import UNKNOWN_CASE, Verb, admit, require_on_case
from gateway.flow.caller import Caller
from gateway.flow.ports import CaseRecord, Cases
from gateway.flow.timeline import Entry, Link, Step


@dataclass(frozen=True, slots=True)
class Added:
    """What the citizen added, and when."""

    at: datetime
    supplement: Supplement


@dataclass(frozen=True, slots=True)
class CaseFile:
    """
    All that there is about a case, as it stood at one moment: its last entry's.

    `reasons` tell why it was forwarded: one for each of the record's forwards, or None.
    """

    record: CaseRecord
    case: Case
    added: tuple[Added, ...]
    reasons: tuple[str | None, ...] = field(repr=False)
    messages: tuple[InboxMessage, ...]
    handling: Handling
    keeping: Keeping
    timeline: tuple[Link, ...]

    @property
    def at(self) -> datetime:
        """When it was read."""
        return self.timeline[-1].entry.at


class CaseFiles(Protocol):
    """Where cases are read whole; each method is one transaction."""

    def read(self, number: str, reader: Entry) -> CaseFile | None:
        """Put the reading on the timeline, and read all there is; None when it is unknown."""
        ...


@dataclass(frozen=True, slots=True)
class Archiving:
    """The verb: whoever may read a case takes it along whole; `write` makes the package."""

    cases: Cases
    files: CaseFiles
    write: Callable[[CaseFile], bytes]
    clock: Callable[[], datetime]

    def package(self, number: str, caller: Caller) -> bytes:
        """Give the package, the same bytes for the same state; the timeline tells of it."""
        admit(caller, Verb.EXPORT_CASE)
        record = self.cases.find(number)
        if record is None:
            raise Refusal(UNKNOWN_CASE)
        require_on_case(caller, Verb.EXPORT_CASE, record)
        entry = Entry(Step.CASE_EXPORTED, self.clock(), caller.acts_as, caller.behind)
        file = self.files.read(number, entry)
        if file is None:
            raise Refusal(UNKNOWN_CASE)
        return self.write(file)
