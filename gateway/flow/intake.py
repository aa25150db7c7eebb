"""Take in what citizens send: route it, keep it with all that follows from it, give a receipt."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import assert_never

from uuid_utils.compat import uuid7

from gateway.domain.case import Case, CaseEvent, Supplement
from gateway.domain.errors import Fault, Refusal, Rule
from gateway.domain.hsa import HsaId
from gateway.domain.law import Limits, case_faults, case_warnings, supplement_faults
from gateway.domain.lifecycle import CitizenStep
from gateway.domain.message import InboxKind, InboxMessage
from gateway.domain.notation import case_to_json, supplement_to_json
from gateway.domain.period import SWEDEN
from gateway.domain.person import is_anonymous
from gateway.domain.region import Region
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
from gateway.flow.access import UNKNOWN_CASE, Verb, require_verb
from gateway.flow.caller import Caller
from gateway.flow.citizens import Citizens
from gateway.flow.clock import due_at
from gateway.flow.file_intake import MOST_AT_ONCE, FileIntake, all_kept
from gateway.flow.fingerprint import fingerprint
from gateway.flow.numbers import new_case_number, new_message_id
from gateway.flow.permission import PROCESS_CASE, require_permission
from gateway.flow.ports import (
    Ambiguous,
    CaseName,
    Cases,
    Conflicting,
    Kept,
    NewCase,
    NewDelivery,
    Receipt,
)
from gateway.flow.timeline import Entry, Step
from gateway.flow.words import confirmation_text

# Tells every rule that a case breaks, on a day in Sweden.
Law = Callable[[Case, date], list[Fault]]


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
    files: FileIntake

    async def submit(self, case: Case, caller: Caller) -> Kept:
        """
        Take in a case; the answer means that it is on disk and will be delivered (DOMAIN A1, C1).

        The same sender and case id again gives the same receipt; with other content it is refused.
        """
        return await self.take(case, caller, self._faults)

    async def take(self, case: Case, caller: Caller, law: Law) -> Kept:
        """Take in a case by another law than that for those whose submitter is known."""
        require_verb(caller, Verb.SUBMIT)
        # Files that were looked at are not looked at again: nobody may be able to now.
        before = await self._before(case, caller) if case.attachments else None
        if before:
            return before
        try:
            new = await self._taken(case, caller, law)
        except Refusal:
            # What was kept keeps its receipt, also when its route has ended since.
            before = await self._before(case, caller)
            if before is None:
                raise
            return before
        return kept_or_refused(await self.keep(new))

    async def _before(self, case: Case, caller: Caller) -> Kept | None:
        digest = await asyncio.to_thread(_digest, case) if case.attachments else _digest(case)
        receipt = await self.kept_before(caller.hsa_id, case.case_id, digest)
        return Kept(receipt, repeated=True) if receipt else None

    def _faults(self, case: Case, today: date) -> list[Fault]:
        return case_faults(case, today, self.limits)

    async def _taken(self, case: Case, caller: Caller, law: Law) -> NewCase:
        if all_kept(case.attachments):
            return self._routed(case, caller, law)
        # The place comes before the thread: nobody stands in line with a body in memory.
        with self.files.place():
            working = asyncio.get_running_loop().run_in_executor
            return await working(_THREADS, self._with_files, case, caller, law)

    def _with_files(self, case: Case, caller: Caller, law: Law) -> NewCase:
        new = self._routed(case, caller, law)
        files = self.files.taken_in_place(case.attachments, "attachments")
        return replace(new, case=replace(case, attachments=files))

    def _routed(self, case: Case, caller: Caller, law: Law) -> NewCase:
        now = self.clock()
        faults = law(case, now.astimezone(SWEDEN).date())
        address = case.receiver.hsa_id
        if faults or address is None:  # the law lets no case through without an address
            raise Refusal(*faults)
        table = self.table()
        resolved = table.resolve(address, case.kind, case.receiver.type, now)
        route = routed_or_refused(resolved, address)
        if is_anonymous(case.submitter.person_id):
            require_anonymous(table.regions[route.region])
        # A platform looks for the route first, so that is what a caller learns first.
        require_permission(table, caller, PROCESS_CASE, address, now)
        return _new_case(case, caller, route, due_at(table, route.region, case.kind, now), now)

    def supplement(
        self, name: str, message_id: str, supplement: Supplement, caller: Caller
    ) -> Kept:
        """Add what the citizen wrote later; it goes the same way as the case, after it (A10)."""
        require_verb(caller, Verb.SUBMIT)
        said = supplement_to_json(supplement, with_content=False)
        digest = fingerprint({"caseNumber": name, "supplement": said}, supplement.attachments)
        change = Citizens(self.table(), self.clock(), caller, CitizenStep.SUPPLEMENT, supplement)
        if supplement.attachments:
            before = self.cases.answered_before(change.received(message_id, digest))
            if before:
                return kept_or_refused(before)
        faults = supplement_faults(supplement, self.limits)
        if faults:
            raise Refusal(*faults)
        files = self.files.taken(supplement.attachments, "supplement/attachments")
        change = replace(change, supplement=replace(supplement, attachments=files))
        return self._change(name, message_id, digest, change)

    def withdraw(self, name: str, message_id: str, caller: Caller) -> Kept:
        """Take a case back at the citizen's wish; its holder is told."""
        require_verb(caller, Verb.SUBMIT)
        change = Citizens(self.table(), self.clock(), caller, CitizenStep.WITHDRAW)
        return self._change(name, message_id, fingerprint({"withdrawn": name}), change)

    def _change(self, name: str, message_id: str, digest: str, change: Citizens) -> Kept:
        received = change.received(message_id, digest)
        return kept_or_refused(self.cases.change(CaseName(name), received, change.decide))


def routed_or_refused(resolved: Routed | Unrouted, address: HsaId) -> Routed:
    """Give the route, or refuse with the rule that says why there is none."""
    if isinstance(resolved, Routed):
        return resolved
    raise refusal_of(resolved, address)


def require_anonymous(region: Region) -> None:
    """Let a case of somebody who is not known only into regions that take such (DOMAIN A9)."""
    if not region.anonymous:
        words = f"{region.name} takes cases of people who sign in; let them, or choose another"
        raise Refusal(Fault(Rule.ANONYMOUS_NOT_TAKEN, "receiver/hsaId", words))


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


def confirmation(route: Routed, number: str, now: datetime, text: str) -> InboxMessage:
    """Give the first message in the citizen's inbox, whatever handles the case (DOMAIN A7)."""
    return InboxMessage(
        message_id=new_message_id(),
        case_number=number,
        kind=InboxKind.CASE_CONFIRMATION,
        sent_at=now,
        sender=route.unit,
        sender_name=route.unit_name,
        text=text,
    )


USED_BEFORE = Fault(
    Rule.IDEMPOTENCY_CONFLICT,
    "id",
    "this id was used before with other content; use a new id for something new",
)

_REGION_NOT_ACTIVE = (
    "the unit's region cannot receive cases until its patients' committee has a route"
)


# Those of the event loop are for what is done in a moment.
_THREADS = ThreadPoolExecutor(MOST_AT_ONCE, "files of cases")


def _digest(case: Case) -> str:
    return fingerprint(case_to_json(case, with_content=False), case.attachments)


def _new_case(
    case: Case, caller: Caller, route: Routed, due: datetime | None, now: datetime
) -> NewCase:
    number = new_case_number(now.astimezone(SWEDEN).year)
    content = case_to_json(case, with_content=False)
    text = confirmation_text(case, number, route.unit_name)
    return NewCase(
        id=uuid7(),
        number=number,
        case=case,
        content=content,
        sender=caller.hsa_id,
        fingerprint=fingerprint(content, case.attachments),
        region=route.destination.region,
        unit=route.unit,
        unit_name=route.unit_name,
        holder=route.holder,
        received_at=now,
        due_at=due,
        warnings=case_warnings(case),
        delivery=NewDelivery(new_message_id(), CaseEvent.SUBMITTED, route.destination.key, now),
        confirmation=confirmation(route, number, now, text),
        entry=_accepted(route, caller, now),
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
