"""Cases of people who do not say who they are, each known by a code that is given once (A9)."""

from dataclasses import dataclass, replace

from gateway.domain.anonymous import anonymous_case_faults
from gateway.domain.case import Attachment, Case, Supplement
from gateway.domain.case_code import CaseCodes
from gateway.domain.errors import Fault, Refusal, Rule
from gateway.domain.message import InboxMessage
from gateway.domain.person import PersonId
from gateway.flow.access import Verb, require_verb
from gateway.flow.caller import Caller
from gateway.flow.intake import Intake
from gateway.flow.ports import Cases, CitizenCase, Kept


@dataclass(frozen=True, slots=True)
class Anonymous:
    """
    The verbs of submitters who are not known, through an e-service or the gateway's own pages.

    They are those of any citizen, on the one case that a code stands for. A code that was not
    given is 404 and never gets to the store, however it is wrong. Without `codes` no case is taken
    and no code is known.
    """

    intake: Intake
    cases: Cases
    codes: CaseCodes | None

    @property
    def is_open(self) -> bool:
        """Tell whether any region's wish for such cases can be met here."""
        return self.codes is not None

    async def submit(self, case: Case, caller: Caller) -> tuple[Kept, str]:
        """
        Take in a case whose submitter is NOBODY, and give its code besides its receipt.

        The same sender and case id again get the same of both; with other content, neither.
        """
        require_verb(caller, Verb.SUBMIT)
        if self.codes is None:
            raise Refusal(_NO_SECRET)
        code = self.codes.code_of(caller.hsa_id, case.case_id)
        submitter = replace(case.submitter, person_id=self._submitter(code))
        known_by_code = replace(case, submitter=submitter)
        return await self.intake.take(known_by_code, caller, anonymous_case_faults), code

    def case(self, code: str, caller: Caller) -> CitizenCase:
        """Read where the case stands, with its messages, files and all."""
        require_verb(caller, Verb.READ_CITIZEN_INBOX)
        found = self.cases.of_citizen(self._submitter(code), None, None)
        if not found:
            raise Refusal(_UNKNOWN_CODE)
        return found[0]

    def messages(
        self, code: str, caller: Caller, after: str | None, limit: int
    ) -> list[InboxMessage]:
        """Read a page of the messages, oldest first."""
        require_verb(caller, Verb.READ_CITIZEN_INBOX)
        found = self.cases.inbox_messages(self._submitter(code), after, limit)
        # Every case has its confirmation: without one there is no case any more.
        if not found and after is None:
            raise Refusal(_UNKNOWN_CODE)
        return found

    def attachment(self, code: str, caller: Caller, message_id: str, number: int) -> Attachment:
        """Read one attachment of a message."""
        require_verb(caller, Verb.READ_CITIZEN_INBOX)
        found = self.cases.inbox_attachment(self._submitter(code), message_id, number)
        if found is None:
            raise Refusal(_UNKNOWN_CODE)
        return found

    def supplement(
        self, code: str, message_id: str, supplement: Supplement, caller: Caller
    ) -> Kept:
        """Add what the submitter wrote later; files when its handler has asked for them (A10)."""
        number = self._number(code, caller)
        return self.intake.supplement(number, message_id, supplement, caller)

    def withdraw(self, code: str, message_id: str, caller: Caller) -> Kept:
        """Take the case back."""
        return self.intake.withdraw(self._number(code, caller), message_id, caller)

    def _number(self, code: str, caller: Caller) -> str:
        require_verb(caller, Verb.SUBMIT)
        found = self.cases.inbox_messages(self._submitter(code), None, 1)
        if not found:
            raise Refusal(_UNKNOWN_CODE)
        return found[0].case_number

    def _submitter(self, code: str) -> PersonId:
        known = self.codes.submitter_of(code) if self.codes else None
        if known is None:
            raise Refusal(_UNKNOWN_CODE)
        return known


# What was sent as a code is not repeated, and nothing tells how it is wrong.
_UNKNOWN_CODE = Fault(Rule.CASE_UNKNOWN, "code", "no case of that code is known here")
_NO_SECRET = Fault(
    Rule.ANONYMOUS_NOT_TAKEN,
    "receiver/hsaId",
    "this gateway is not set up for it; let the citizen sign in",
)
