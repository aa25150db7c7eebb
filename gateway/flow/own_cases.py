"""What citizens see and do of their own cases on the gateway's own pages (DOMAIN A6, A7, A10)."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from gateway.domain.case import Attachment, Case, Supplement
from gateway.domain.errors import Refusal
from gateway.domain.hsa import HsaId
from gateway.domain.lifecycle import CitizenStep, case_after
from gateway.domain.message import InboxMessage
from gateway.domain.person import PersonId
from gateway.flow.access import UNKNOWN_CASE, Verb, require_verb
from gateway.flow.caller import Caller
from gateway.flow.handlings import Handlings
from gateway.flow.inboxes import CitizenInbox
from gateway.flow.intake import Intake
from gateway.flow.permission import PROCESS_CASE, require_permission
from gateway.flow.ports import CaseRecord, Cases, Kept


class CitizenCases(Protocol):
    """Whose cases are whose; raises Unavailable when it cannot be read."""

    def newest(self, person: PersonId, before: UUID | None, limit: int) -> list[CaseRecord]:
        """Read a page of a citizen's cases, the newest first, those that came `before` one."""
        ...


@dataclass(frozen=True, slots=True)
class OwnCase:
    """
    One case as its submitter sees it.

    `case` is what they wrote themselves: None of a case that its holder has registered.
    """

    record: CaseRecord
    messages: tuple[InboxMessage, ...]
    case: Case | None
    supplements: tuple[Supplement, ...]
    is_supplemented_here: bool
    is_withdrawn_here: bool
    may_attach: bool


@dataclass(frozen=True, slots=True)
class OwnCases:
    """
    The verbs, each for the submitter alone: to others a case does not exist (404 case-unknown).

    Who submits for somebody else is the one who reads and writes; the patient is not (A6).
    """

    listing: CitizenCases
    inbox: CitizenInbox
    cases: Cases
    handlings: Handlings
    intake: Intake

    def require_way(self, caller: Caller, address: HsaId) -> None:
        """Refuse an address that these pages may not send to, before anything is written to it."""
        intake = self.intake
        require_permission(intake.table(), caller, PROCESS_CASE, address, intake.clock())

    def listed(
        self, person: PersonId, caller: Caller, before: UUID | None, limit: int
    ) -> list[CaseRecord]:
        """Read a page of the citizen's cases, the newest first."""
        require_verb(caller, Verb.READ_CITIZEN_INBOX)
        return self.listing.newest(person, before, limit)

    def read(self, person: PersonId, caller: Caller, number: str) -> OwnCase:
        """Read one case with its messages, and tell what can be done to it here."""
        found = self.inbox.own_cases(person, caller, number, None)
        if not found:
            raise Refusal(UNKNOWN_CASE)
        record, messages = found[0].record, found[0].messages
        # What is written about somebody at a unit is the unit's own note.
        is_own = record.channel is None
        return OwnCase(
            record,
            messages,
            self.cases.content(number) if is_own else None,
            self.cases.supplements(number),
            _is_open(record, caller, CitizenStep.SUPPLEMENT),
            _is_open(record, caller, CitizenStep.WITHDRAW),
            self.handlings.find(number).attachments_allowed,
        )

    def attachment(
        self, person: PersonId, caller: Caller, message_id: str, number: int
    ) -> Attachment:
        """Read a file that came with a message."""
        return self.inbox.attachment(person, caller, message_id, number)

    def supplement(
        self, person: PersonId, caller: Caller, number: str, key: str, supplement: Supplement
    ) -> Kept:
        """Add to the case; what can be wrong with that stands with `Intake.supplement`."""
        self._require_own(person, caller, number)
        return self.intake.supplement(number, key, supplement, caller)

    def withdraw(self, person: PersonId, caller: Caller, number: str, key: str) -> Kept:
        """Take the case back."""
        self._require_own(person, caller, number)
        return self.intake.withdraw(number, key, caller)

    def _require_own(self, person: PersonId, caller: Caller, number: str) -> None:
        """Whose a case is never changes but by disposal, so it can be asked before the lock."""
        if not self.inbox.own_cases(person, caller, number, None):
            raise Refusal(UNKNOWN_CASE)


def _is_open(record: CaseRecord, caller: Caller, step: CitizenStep) -> bool:
    """Tell whether a step is legal now, and this e-service's to take."""
    return record.is_sent_by(caller.hsa_id) and case_after(record.state, step) is not None
