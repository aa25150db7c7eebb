"""One case as a complete package, for the diary and the archive, which are local (DOMAIN E3)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from threading import Lock, Semaphore
from typing import Protocol

from gateway.domain.case import Case, Supplement
from gateway.domain.errors import Refusal, Unavailable
from gateway.domain.handling import Handling
from gateway.domain.keeping import Keeping
from gateway.domain.message import InboxMessage
from gateway.flow.access import UNKNOWN_CASE, Verb, admit, require_on_case
from gateway.flow.caller import Caller
from gateway.flow.ports import CaseRecord, Cases
from gateway.flow.timeline import Entry, Link, Step

# One that is made, and those that wait for it: each keeps a thread busy that others need.
_MOST_ASKING = 4


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
    _places: Semaphore = field(
        default_factory=partial(Semaphore, _MOST_ASKING), repr=False, compare=False
    )
    _turn: Lock = field(default_factory=Lock, repr=False, compare=False)

    def package(self, number: str, caller: Caller) -> bytes:
        """
        Give the package, the same bytes for the same state; the timeline tells of it.

        One is made at a time, since a long case takes seconds of the processor. Raises Unavailable
        when some wait already.
        """
        admit(caller, Verb.EXPORT_CASE)
        record = self.cases.find(number)
        if record is None:
            raise Refusal(UNKNOWN_CASE)
        require_on_case(caller, Verb.EXPORT_CASE, record)
        with self._alone():
            entry = Entry(Step.CASE_EXPORTED, self.clock(), caller.acts_as, caller.behind)
            file = self.files.read(number, entry)
            if file is None:
                raise Refusal(UNKNOWN_CASE)
            return self.write(file)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        if not self._places.acquire(blocking=False):
            raise Unavailable("other packages are being made", retry_after=10)
        try:
            with self._turn:
                yield
        finally:
            self._places.release()
