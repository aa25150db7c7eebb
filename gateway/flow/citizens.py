"""A citizen's step on a case that was sent: a supplement, or taking it back (DOMAIN A10)."""

from dataclasses import dataclass
from datetime import datetime

from gateway.domain.case import CaseEvent, Supplement
from gateway.domain.errors import Fault, Refusal, Rule
from gateway.domain.handling import Handling
from gateway.domain.lifecycle import CitizenStep, case_after
from gateway.domain.routing import RouteTable
from gateway.flow.access import UNKNOWN_CASE, refuse_disposed
from gateway.flow.caller import Caller
from gateway.flow.numbers import new_message_id
from gateway.flow.permission import PROCESS_CASE, require_permission
from gateway.flow.ports import CaseRecord, Change, NewDelivery, Received
from gateway.flow.timeline import Entry, Step


@dataclass(frozen=True, slots=True)
class Citizens:
    """A citizen's step on a case, decided when the case is known and locked."""

    table: RouteTable
    at: datetime
    caller: Caller
    step: CitizenStep
    supplement: Supplement | None = None

    def received(self, message_id: str, digest: str) -> Received:
        """Tell what a repeat is recognised by."""
        return Received(self.caller.hsa_id, message_id, digest, self.at)

    def decide(self, case: CaseRecord) -> Change:
        """Tell what becomes of the case; raises Refusal."""
        if not case.is_sent_by(self.caller.hsa_id):
            raise Refusal(UNKNOWN_CASE)
        refuse_disposed(case)
        require_permission(self.table, self.caller, PROCESS_CASE, case.unit, self.at)
        state = case_after(case.state, self.step)
        if state is None:
            words = f"the case is {case.state.value} and cannot take a {self.step.value} now"
            raise Refusal(Fault(Rule.STEP_NOT_LEGAL, "caseEvent", words))
        event, step = _BY_CITIZEN[self.step]
        delivery = NewDelivery(new_message_id(), event, case.destination, self.at, self.supplement)
        details = {"destination": case.destination, **self.caller.behind}
        entry = Entry(step, self.at, self.caller.hsa_id.text, details)
        return Change(state, entry, delivery=delivery, handled=self._handled)

    def _handled(self, handling: Handling) -> Handling:
        if self.step is CitizenStep.WITHDRAW:
            return handling.closed(self.at)
        if self.supplement and self.supplement.attachments and not handling.attachments_allowed:
            raise Refusal(Fault(Rule.ATTACHMENTS_NOT_ALLOWED, "attachments", _NO_FILES))
        return handling


_NO_FILES = "files are taken when the handler has asked for them; send the text without files"
_BY_CITIZEN = {
    CitizenStep.SUPPLEMENT: (CaseEvent.SUPPLEMENTED, Step.CASE_SUPPLEMENTED),
    CitizenStep.WITHDRAW: (CaseEvent.WITHDRAWN, Step.CASE_WITHDRAWN),
}
