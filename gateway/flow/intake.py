"""Take in what citizens send: route it, keep it with all that follows from it, give a receipt."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from uuid_utils.compat import uuid7

from gateway.domain.case import Case, CaseEvent, Supplement
from gateway.domain.errors import Fault, Refusal, Rule
from gateway.domain.handling import Handling
from gateway.domain.hsa import HsaId
from gateway.domain.law import Limits, case_faults, case_warnings, supplement_faults
from gateway.domain.lifecycle import CitizenStep, case_after
from gateway.domain.message import InboxKind, InboxMessage
from gateway.domain.notation import case_to_json, supplement_to_json
from gateway.domain.period import SWEDEN
from gateway.domain.routing import (
    NoRouteNow,
    NotACareUnit,
    NotACommittee,
    RegionNotActive,
    Routed,
    RouteTable,
    UnknownUnit,
    Unrouted,
)
from gateway.flow.access import UNKNOWN_CASE, Verb, refuse_disposed, require_verb
from gateway.flow.caller import Caller
from gateway.flow.clock import due_at
from gateway.flow.fingerprint import fingerprint
from gateway.flow.numbers import new_case_number, new_message_id
from gateway.flow.permission import PROCESS_CASE, require_permission
from gateway.flow.ports import (
    Ambiguous,
    CaseName,
    CaseRecord,
    Cases,
    Change,
    Conflicting,
    Kept,
    NewCase,
    NewDelivery,
    Receipt,
    Received,
)
from gateway.flow.timeline import Entry, Step
from gateway.flow.words import confirmation_text


@dataclass(frozen=True, slots=True)
class Intake:
    """
    The verbs of the e-service.

    `keep` answers when the case is on disk, together with others that came at the same time;
    `kept_before` gives the receipt of a case that came before with the same content.
    """

    table: Callable[[], RouteTable]
    keep: Callable[[NewCase], Awaitable[Kept | Conflicting]]
    kept_before: Callable[[HsaId, str, str], Awaitable[Receipt | None]]
    cases: Cases
    clock: Callable[[], datetime]
    limits: Limits

    async def submit(self, case: Case, caller: Caller) -> Kept:
        """
        Take in a case; the answer means that it is on disk and will be delivered (DOMAIN A1, C1).

        The same sender and case id again gives the same receipt; with other content it is refused.
        """
        require_verb(caller, Verb.SUBMIT)
        try:
            new = self._routed(case, caller)
        except Refusal:
            # What was kept keeps its receipt, also when its route has ended since.
            digest = fingerprint(case_to_json(case))
            receipt = await self.kept_before(caller.hsa_id, case.case_id, digest)
            if receipt is None:
                raise
            return Kept(receipt, repeated=True)
        return kept_or_refused(await self.keep(new))

    def _routed(self, case: Case, caller: Caller) -> NewCase:
        now = self.clock()
        faults = case_faults(case, now.astimezone(SWEDEN).date(), self.limits)
        address = case.receiver.hsa_id
        if faults or address is None:  # the law lets no case through without an address
            raise Refusal(*faults)
        table = self.table()
        resolved = table.resolve(address, case.kind, case.receiver.type, now)
        route = routed_or_refused(resolved, address)
        # A platform looks for the route first, so that is what a caller learns first.
        require_permission(table, caller, PROCESS_CASE, address, now)
        return _new_case(case, caller, route, due_at(table, route.region, case.kind, now), now)

    def supplement(
        self, name: str, message_id: str, supplement: Supplement, caller: Caller
    ) -> Kept:
        """Add what the citizen wrote later; it goes the same way as the case, after it (A10)."""
        require_verb(caller, Verb.SUBMIT)
        faults = supplement_faults(supplement, self.limits)
        if faults:
            raise Refusal(*faults)
        content = {"caseNumber": name, "supplement": supplement_to_json(supplement)}
        step = CitizenStep.SUPPLEMENT
        change = _Citizens(self.table(), self.clock(), caller, step, supplement)
        return self._change(name, message_id, fingerprint(content), change)

    def withdraw(self, name: str, message_id: str, caller: Caller) -> Kept:
        """Take a case back at the citizen's wish; its holder is told."""
        require_verb(caller, Verb.SUBMIT)
        change = _Citizens(self.table(), self.clock(), caller, CitizenStep.WITHDRAW)
        return self._change(name, message_id, fingerprint({"withdrawn": name}), change)

    def _change(self, name: str, message_id: str, digest: str, change: "_Citizens") -> Kept:
        received = Received(change.caller.hsa_id, message_id, digest, change.at)
        return kept_or_refused(self.cases.change(CaseName(name), received, change.decide))


def routed_or_refused(resolved: Routed | Unrouted, address: HsaId) -> Routed:
    """Give the route, or refuse with the rule that says why there is none."""
    if isinstance(resolved, Routed):
        return resolved
    raise refusal_of(resolved, address)


def refusal_of(unrouted: Unrouted, address: HsaId) -> Refusal:
    """Give the refusal that a case would get, with the rule that says why there is no route."""
    match unrouted:
        case UnknownUnit():
            rule, words = Rule.UNKNOWN_UNIT, f"no unit {address} is in the route table"
        case NoRouteNow():
            rule, words = Rule.NO_ROUTE_NOW, f"{address} has no route that is valid now"
        case RegionNotActive():
            rule, words = Rule.REGION_NOT_ACTIVE, _REGION_NOT_ACTIVE
        case NotACommittee():
            rule, words = Rule.NOT_A_COMMITTEE, f"{address} is a care unit, not a committee"
        case NotACareUnit():
            rule, words = Rule.NOT_A_CARE_UNIT, f"{address} is a committee, not a care unit"
        case _ as never:
            assert_never(never)
    return Refusal(Fault(rule, "receiver/hsaId", words))


def kept_or_refused(kept: Kept | Conflicting | Ambiguous | None) -> Kept:
    """Give the receipt, or refuse because of the id or of the case's name."""
    if kept is None:
        raise Refusal(UNKNOWN_CASE)
    if isinstance(kept, Ambiguous):
        words = "the names fit different cases; name the case by its caseNumber alone"
        raise Refusal(Fault(Rule.CASE_AMBIGUOUS, "externalCaseId", words))
    if isinstance(kept, Conflicting):
        raise Refusal(USED_BEFORE)
    return kept


USED_BEFORE = Fault(
    Rule.IDEMPOTENCY_CONFLICT,
    "id",
    "this id was used before with other content; use a new id for something new",
)

_REGION_NOT_ACTIVE = (
    "the unit's region cannot receive cases until its patients' committee has a route"
)


def _new_case(
    case: Case, caller: Caller, route: Routed, due: datetime | None, now: datetime
) -> NewCase:
    number = new_case_number(now.astimezone(SWEDEN).year)
    whole = case_to_json(case)
    return NewCase(
        id=uuid7(),
        number=number,
        case=case,
        content=case_to_json(case, with_content=False) if case.attachments else whole,
        sender=caller.hsa_id,
        fingerprint=fingerprint(whole),
        region=route.destination.region,
        unit=route.unit,
        unit_name=route.unit_name,
        holder=route.holder,
        received_at=now,
        due_at=due,
        warnings=case_warnings(case),
        delivery=NewDelivery(new_message_id(), CaseEvent.SUBMITTED, route.destination.key, now),
        confirmation=_confirmation(case, route, number, now),
        entry=_accepted(route, caller, now),
    )


def _confirmation(case: Case, route: Routed, number: str, now: datetime) -> InboxMessage:
    return InboxMessage(
        message_id=new_message_id(),
        case_number=number,
        kind=InboxKind.CASE_CONFIRMATION,
        sent_at=now,
        sender=route.unit,
        sender_name=route.unit_name,
        text=confirmation_text(case, number, route.unit_name),
    )


def _accepted(route: Routed, caller: Caller, now: datetime) -> Entry:
    details = {
        "destination": route.destination.key,
        "holder": route.holder.text,
        "unit": route.unit.text,
        "route": " → ".join(route.trace),
        **caller.behind,
    }
    return Entry(Step.CASE_ACCEPTED, now, caller.hsa_id.text, details)


@dataclass(frozen=True, slots=True)
class _Citizens:
    """A citizen's step on a case, decided when the case is known and locked."""

    table: RouteTable
    at: datetime
    caller: Caller
    step: CitizenStep
    supplement: Supplement | None = None

    def decide(self, case: CaseRecord) -> Change:
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
