"""Something done to a case besides answering it: under its lock, once, told on its timeline."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from gateway.domain.errors import Fault, Refusal, Rule
from gateway.domain.handling import Handling
from gateway.domain.lifecycle import StaffStep, case_after
from gateway.domain.message import InboxMessage
from gateway.domain.notation import Json
from gateway.domain.person import without_numbers
from gateway.flow.access import Verb, require_on_case, require_verb
from gateway.flow.caller import Caller
from gateway.flow.fingerprint import fingerprint
from gateway.flow.intake import kept_or_refused
from gateway.flow.ports import CaseName, CaseRecord, Cases, Change, Kept, Received
from gateway.flow.timeline import Entry, Step


@dataclass(frozen=True, slots=True)
class Asked:
    """
    A verb asked for: on which case, by whom, and under which key of theirs, the same in a repeat.

    `seen` is the number of the last entry on the timeline that they saw: when somebody has changed
    the case since, nothing is done, and they are told what that was.
    """

    case_number: str
    key: str
    caller: Caller
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """
    What a verb does.

    `says` is what a repeat says too. `told` goes on the timeline, and so carries no personal data.
    `handled` makes the new handling from the old one. `inbox` is what the citizen is told, if
    anything. `check` refuses a case that it is not for.
    """

    verb: Verb
    step: Step
    says: Json = field(repr=False)
    told: Mapping[str, str | int | None]
    handled: Callable[[Handling], Handling]
    legal: StaffStep = StaffStep.HANDLE
    inbox: Callable[[CaseRecord], InboxMessage] | None = None
    check: Callable[[CaseRecord], None] | None = None


def do(cases: Cases, asked: Asked, act: Act, at: datetime) -> Kept:
    """
    Do something to a case.

    Raises Refusal: for whom it is not (403), of a case that the caller may not know of (404), when
    the case stands where this is not legal, or was changed by another since (409).
    """
    # External systems say it in their messages, where it is also checked what they may.
    require_verb(asked.caller, Verb.LIST_CASES)
    said = fingerprint({"case": asked.case_number, "verb": act.verb.name, "says": act.says})
    received = Received(asked.caller.hsa_id, asked.key, said, at, asked.seen)
    decide = _Decision(asked, act, at).decide
    return kept_or_refused(cases.change(CaseName(asked.case_number), received, decide))


@dataclass(frozen=True, slots=True)
class _Decision:
    asked: Asked
    act: Act
    at: datetime

    def decide(self, case: CaseRecord) -> Change:
        act, caller = self.act, self.asked.caller
        require_on_case(caller, act.verb, case)
        if act.check is not None:
            act.check(case)
        state = case_after(case.state, act.legal)
        if state is None:
            words = f"the case is {case.state.value}; nobody can {act.verb.value} that stands so"
            raise Refusal(Fault(Rule.STEP_NOT_LEGAL, "caseNumber", words))
        # Whoever chose the key may have put anything in it.
        key = without_numbers(self.asked.key)
        details = {"messageId": key, **act.told, **caller.behind}
        entry = Entry(act.step, self.at, caller.acts_as, details)
        inbox = act.inbox(case) if act.inbox else None
        return Change(state, entry, inbox, handled=act.handled)
