"""Read the inboxes: the citizen's own, and the built-in one of a unit's staff."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway.domain.case import Attachment, Case, Supplement
from gateway.domain.errors import Fault, Refusal, Rule
from gateway.domain.forwarding import Past
from gateway.domain.message import InboxMessage
from gateway.domain.person import PersonId, faults
from gateway.flow.access import UNKNOWN_CASE, Verb, require_on_case, require_verb
from gateway.flow.board import Board, Counting
from gateway.flow.caller import Caller
from gateway.flow.ports import CaseRecord, Cases, CitizenCase, UnitInboxes, UnitInboxItem
from gateway.flow.timeline import Entry, Step
from gateway.flow.unit_list import ALL, REMIND_WITHIN, Bookmark, Filters, selected


@dataclass(frozen=True, slots=True)
class CitizenInbox:
    """What a citizen reads, through an e-service that has authenticated them (DOMAIN A1, D5)."""

    cases: Cases

    def own_cases(
        self, person: PersonId, caller: Caller, number: str | None, since: datetime | None
    ) -> list[CitizenCase]:
        """Read the citizen's cases with their messages."""
        self._check(person, caller)
        return self.cases.of_citizen(person, number, since)

    def messages(
        self, person: PersonId, caller: Caller, after: str | None, limit: int
    ) -> list[InboxMessage]:
        """Read a page of the citizen's messages, oldest first."""
        self._check(person, caller)
        return self.cases.inbox_messages(person, after, limit)

    def attachment(
        self, person: PersonId, caller: Caller, message_id: str, number: int
    ) -> Attachment:
        """Read one attachment of the citizen's own message."""
        self._check(person, caller)
        found = self.cases.inbox_attachment(person, message_id, number)
        if found is None:
            words = "this citizen has no such attachment"
            raise Refusal(Fault(Rule.CASE_UNKNOWN, "attachment", words))
        return found

    def _check(self, person: PersonId, caller: Caller) -> None:
        require_verb(caller, Verb.READ_CITIZEN_INBOX)
        broken = [Fault(Rule.PERSON_ID_INVALID, "personId", words) for words in faults(person)]
        if broken:
            raise Refusal(*broken)


@dataclass(frozen=True, slots=True)
class StaffInbox:
    """
    What staff read in the built-in inbox: only the cases of their own units (DOMAIN E1).

    A case is soon due `remind_within` that time.
    """

    cases: Cases
    inboxes: UnitInboxes
    clock: Callable[[], datetime]
    remind_within: timedelta = REMIND_WITHIN

    def items(
        self,
        caller: Caller,
        after: Bookmark | None,
        limit: int,
        filters: Filters = ALL,
    ) -> list[UnitInboxItem]:
        """
        Read a page of the cases of the caller's units, without content.

        The next page begins `after` the bookmark of the last one, with the same filters.
        """
        require_verb(caller, Verb.LIST_CASES)
        selection = selected(filters, caller.hsa_id, self.clock(), self.remind_within)
        return self.inboxes.items(caller.units, after, limit, selection)

    def board(self, caller: Caller) -> Board:
        """Count the open cases of the caller's inboxes by unit (A11, B3)."""
        require_verb(caller, Verb.LIST_CASES)
        now = self.clock()
        return self.inboxes.board(caller.units, Counting(now, now + self.remind_within))

    def read(self, number: str, caller: Caller) -> tuple[CaseRecord, Case, tuple[Supplement, ...]]:
        """
        Read one case whole, with what the citizen added in its order.

        That it was read, and by whom, goes on its timeline (E1, G3).
        """
        require_verb(caller, Verb.LIST_CASES)
        record = self.cases.find(number)
        if record is None:
            raise Refusal(UNKNOWN_CASE)
        require_on_case(caller, Verb.READ_CASE, record)
        entry = Entry(Step.CASE_READ, self.clock(), caller.hsa_id.text, {})
        case = self.cases.content(number, entry)
        if case is None:
            raise Refusal(UNKNOWN_CASE)
        return record, case, self.cases.supplements(number)

    def said(self, number: str, caller: Caller) -> tuple[Past, ...]:
        """
        Read what holders have told the citizen of a case, also those before (DOMAIN D6).

        It is asked for with the case itself, whose reading is on the timeline.
        """
        record = self.cases.find(number)
        if record is None:
            raise Refusal(UNKNOWN_CASE)
        require_on_case(caller, Verb.READ_CASE, record)
        return tuple(past for past in self.cases.history(number) if past.sender is not None)
