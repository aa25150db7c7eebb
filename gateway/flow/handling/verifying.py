"""Mark the relation between submitter and patient as verified: the handler's task (DOMAIN A6)."""

from dataclasses import replace
from datetime import datetime

from gateway.domain.case import Case
from gateway.domain.errors import Fault, Refusal, Rule
from gateway.domain.handling import Handling
from gateway.flow.access import Verb
from gateway.flow.handling.act import Act
from gateway.flow.timeline import Step


def verified(case: Case | None, by: str, at: datetime) -> Act:
    """Give the act of verifying; whoever did it first, and when, stays."""

    def handled(handling: Handling) -> Handling:
        if case is not None and case.patient is None:
            words = "the submitter is the patient; there is no relation to verify"
            raise Refusal(Fault(Rule.STEP_NOT_LEGAL, "caseNumber", words))
        if handling.relation_verified_by is not None:
            return handling
        return replace(handling, relation_verified_by=by, relation_verified_at=at)

    return Act(Verb.VERIFY_RELATION, Step.RELATION_VERIFIED, says={}, told={}, handled=handled)
