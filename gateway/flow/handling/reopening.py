"""Reopen a case that was closed too early, within a set time; the citizen is told (DOMAIN E2)."""

from dataclasses import replace
from datetime import datetime

from gateway.domain.errors import Fault, Refusal, Rule
from gateway.domain.handling import REOPEN_WITHIN, Handling
from gateway.domain.lifecycle import StaffStep
from gateway.domain.message import InboxKind, InboxMessage
from gateway.flow.access import Verb
from gateway.flow.handling.act import Act
from gateway.flow.numbers import new_message_id
from gateway.flow.ports import CaseRecord
from gateway.flow.timeline import Step
from gateway.flow.words import reopened_text


def reopened(text: str | None, at: datetime) -> Act:
    """Give the act of reopening; `text` is what the handler says to the citizen besides."""

    def handled(handling: Handling) -> Handling:
        if not handling.may_be_reopened(at):
            words = f"it was closed more than {REOPEN_WITHIN.days} days ago; a new case is needed"
            raise Refusal(Fault(Rule.STEP_NOT_LEGAL, "caseNumber", words))
        return replace(handling, closed_at=None, reopened_at=at)

    def inbox(case: CaseRecord) -> InboxMessage:
        return InboxMessage(
            message_id=new_message_id(),
            case_number=case.number,
            kind=InboxKind.IN_PROGRESS,
            sent_at=at,
            sender=case.at.hsa_id,
            sender_name=case.at.name,
            text=reopened_text(case.number, case.at.name, text),
        )

    return Act(
        Verb.REOPEN,
        Step.CASE_REOPENED,
        says={"text": text} if text else {},
        told={},
        handled=handled,
        legal=StaffStep.REOPEN,
        inbox=inbox,
    )
