"""What the staff of the built-in inbox do with a case besides answering it (DOMAIN E2)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from gateway.domain.coding import classification_faults
from gateway.domain.errors import Fault, Refusal
from gateway.domain.handling import Classification, Handling
from gateway.domain.hsa import HsaId
from gateway.domain.law import named_hsa_faults
from gateway.domain.routing import RouteTable
from gateway.flow.access import UNKNOWN_CASE, Verb, may, require_on_case, require_verb
from gateway.flow.caller import Caller
from gateway.flow.handling.act import Asked, do
from gateway.flow.handling.assigning import Handler, assigned
from gateway.flow.handling.classifying import classified
from gateway.flow.handling.correcting import corrected
from gateway.flow.handling.reopening import reopened
from gateway.flow.handling.verifying import verified
from gateway.flow.handlings import Handlings
from gateway.flow.ports import CaseRecord, Cases, Kept


@dataclass(frozen=True, slots=True)
class Handled:
    """How a case is handled; `version` is the number of the last entry on its timeline."""

    record: CaseRecord
    handling: Handling
    version: int


@dataclass(frozen=True, slots=True)
class CaseHandling:
    """
    The verbs; what each can be refused for stands with `act.do`.

    A repeat under the same key changes nothing and gets the same answer.
    """

    table: Callable[[], RouteTable]
    cases: Cases
    handlings: Handlings
    clock: Callable[[], datetime]

    def read(self, number: str, caller: Caller) -> Handled:
        """
        Read how a case is handled, without its content.

        What it was found to be about tells of its content, and is for those who may read that.
        """
        require_verb(caller, Verb.LIST_CASES)
        record = self.cases.find(number)
        if record is None:
            raise Refusal(UNKNOWN_CASE)
        require_on_case(caller, Verb.SEE_TIMELINE, record)
        handling, links = self.handlings.find(number), self.cases.timeline(number)
        if not may(caller.role, Verb.READ_CASE):
            handling = replace(handling, classification=Classification())
        return Handled(record, handling, links[-1].number)

    def assign(self, asked: Asked, to: Handler | None) -> Kept:
        """Assign a case to a handler; None leaves it to nobody."""
        if to is not None:
            _refuse_if(named_hsa_faults(to.hsa_id, "handlerHsaId"))
        return do(self.cases, asked, assigned(to), self.clock())

    def verify_relation(self, asked: Asked) -> Kept:
        """Mark the relation of the submitter to the patient as verified (A6)."""
        # What was submitted never changes; so it can be looked at before the case is locked.
        case, at = self.cases.content(asked.case_number), self.clock()
        return do(self.cases, asked, verified(case, asked.caller.acts_as, at), at)

    def correct_unit(self, asked: Asked, unit: HsaId) -> Kept:
        """Set the care unit where it happened, of a case that a committee has (A3)."""
        _refuse_if(named_hsa_faults(unit, "careUnitHsaId"))
        return do(self.cases, asked, corrected(unit, self.table()), self.clock())

    def classify(self, asked: Asked, as_: Classification) -> Kept:
        """Note what a case is about; what was noted before is replaced."""
        _refuse_if(classification_faults(as_))
        return do(self.cases, asked, classified(as_), self.clock())

    def reopen(self, asked: Asked, text: str | None = None) -> Kept:
        """Reopen a closed case within a set time, and tell the citizen."""
        at = self.clock()
        return do(self.cases, asked, reopened(text, at), at)


def _refuse_if(faults: Iterable[Fault]) -> None:
    if broken := tuple(faults):
        raise Refusal(*broken)
