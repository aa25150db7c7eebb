"""Read the inboxes: the citizen's own, and the built-in one of a unit's staff."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from gateway.domain.case import Attachment, Case, Supplement
from gateway.domain.errors import Fault, Refusal, Rule
from gateway.domain.message import InboxMessage
from gateway.domain.person import PersonId, faults
from gateway.flow.caller import Caller, Role, require
from gateway.flow.intake import UNKNOWN_CASE
from gateway.flow.ports import CaseRecord, Cases, CitizenCase, UnitInboxes, UnitInboxItem
from gateway.flow.timeline import Entry, Step


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
        require(caller, Role.E_SERVICE)
        broken = [Fault(Rule.PERSON_ID_INVALID, "personId", words) for words in faults(person)]
        if broken:
            raise Refusal(*broken)


@dataclass(frozen=True, slots=True)
class StaffInbox:
    """What staff read in the built-in inbox: only the cases of their own units (DOMAIN E1)."""

    cases: Cases
    inboxes: UnitInboxes
    clock: Callable[[], datetime]

    def items(self, caller: Caller, after: str | None, limit: int) -> list[UnitInboxItem]:
        """Read a page of the cases of the caller's units, oldest first, without content."""
        require(caller, Role.STAFF)
        return self.inboxes.items(caller.units, after, limit)

    def read(self, number: str, caller: Caller) -> tuple[CaseRecord, Case, tuple[Supplement, ...]]:
        """
        Read one case whole, with what the citizen added in its order.

        That it was read, and by whom, goes on its timeline (E1, G3).
        """
        require(caller, Role.STAFF)
        record = self.cases.find(number)
        if record is None or not caller.acts_for(record.holder):
            # The same answer for both: a stranger's case does not even exist.
            raise Refusal(UNKNOWN_CASE)
        entry = Entry(Step.CASE_READ, self.clock(), caller.hsa_id.text, {})
        case = self.cases.content(number, entry)
        if case is None:
            raise Refusal(UNKNOWN_CASE)
        return record, case, self.cases.supplements(number)
