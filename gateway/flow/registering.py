"""Register what began outside: held by who registers it, in dialogue like any case (A12)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Protocol

from uuid_utils.compat import uuid7

from gateway.domain.case import CaseEvent
from gateway.domain.destination import INBOX
from gateway.domain.errors import Fault, Refusal, Rule
from gateway.domain.hsa import HsaId
from gateway.domain.law import Limits, case_warnings
from gateway.domain.notation import case_to_json
from gateway.domain.period import SWEDEN
from gateway.domain.registration import (
    Channel,
    Registration,
    registration_faults,
    registration_to_json,
)
from gateway.domain.routing import Routed, RouteTable
from gateway.flow.access import Verb, require_verb
from gateway.flow.caller import Caller
from gateway.flow.clock import due_at
from gateway.flow.file_intake import FileIntake
from gateway.flow.fingerprint import fingerprint
from gateway.flow.intake import confirmation, kept_or_refused, routed_or_refused
from gateway.flow.numbers import new_case_number, new_message_id
from gateway.flow.ports import (
    Ambiguous,
    CaseName,
    Cases,
    Conflicting,
    Kept,
    NewCase,
    NewDelivery,
)
from gateway.flow.timeline import Entry, Step
from gateway.flow.words import registered_text


@dataclass(frozen=True, slots=True)
class RegisteredCase:
    """
    A case with all that is written in the same transaction.

    The delivery of `new` says what was submitted and where later ones go; itself it goes to
    nobody. With `lies_in_inbox` its holder works in the built-in inbox, and finds it there.
    """

    new: NewCase
    channel: Channel
    external_case_id: str | None
    lies_in_inbox: bool

    @property
    def name(self) -> CaseName:
        """How its holder names it: not at all, when it gave it no id."""
        called = self.external_case_id
        return CaseName(external=(self.new.holder, called) if called else None)


class RegisteredCases(Protocol):
    """Keeps cases that their holders have registered; raises Unavailable when it cannot."""

    def add(self, registered: RegisteredCase) -> Kept | Conflicting | Ambiguous:
        """
        Keep one, received by its holder already; a repeat gets the first receipt.

        Ambiguous when its holder calls another open case the same.
        """
        ...


@dataclass(frozen=True, slots=True)
class Registering:
    """The verb of case systems, and of the staff of the built-in inbox."""

    table: Callable[[], RouteTable]
    cases: Cases
    registered: RegisteredCases
    clock: Callable[[], datetime]
    limits: Limits
    files: FileIntake

    def register(self, registration: Registration, caller: Caller) -> Kept:
        """
        Register a case; the answer means that it is on disk and confirmed to the citizen.

        Only to who would have got the case, had the citizen sent it (DOMAIN B1, D2). The same
        caller and case id again gets the same receipt, also when the route has ended since; with
        other content it is refused. An `external_case_id` of another open case is refused too:
        replies that name it would fit both (D2).
        """
        require_verb(caller, Verb.REGISTER_CASE)
        case = registration.case
        digest = fingerprint(registration_to_json(registration), case.attachments)
        before = partial(self._before, caller, case.case_id, digest)
        # Files that were looked at are not looked at again: nobody may be able to now.
        if case.attachments and (kept_before := before()):
            return kept_before
        try:
            registered = self._with_files(self._routed(registration, caller, digest))
        except Refusal:
            kept_before = before()
            if kept_before is None:
                raise
            return kept_before
        kept = self.registered.add(registered)
        if isinstance(kept, Ambiguous):
            raise Refusal(_NAME_TAKEN)
        return kept_or_refused(kept)

    def _before(self, caller: Caller, case_id: str, digest: str) -> Kept | None:
        receipt = self.cases.kept_before(caller.hsa_id, case_id, digest)
        return Kept(receipt, repeated=True) if receipt else None

    def _with_files(self, registered: RegisteredCase) -> RegisteredCase:
        case = registered.new.case
        files = self.files.taken(case.attachments, "case/attachments")
        new = replace(registered.new, case=replace(case, attachments=files))
        return replace(registered, new=new)

    def _routed(self, registration: Registration, caller: Caller, digest: str) -> RegisteredCase:
        now, case = self.clock(), registration.case
        today = now.astimezone(SWEDEN).date()
        faults = registration_faults(registration, now, today, self.limits)
        address = case.receiver.hsa_id
        if faults or address is None:  # the law lets no case through without an address
            raise Refusal(*faults)
        table = self.table()
        resolved = table.resolve(address, case.kind, case.receiver.type, now)
        route = routed_or_refused(resolved, address)
        _check_holds(caller, route, address)
        # A clock that is a little ahead of ours makes no case come in later than now.
        received_at = min(registration.received_at, now).astimezone(UTC)
        due = due_at(table, route.region, case.kind, received_at)
        return RegisteredCase(
            new=_new_case(registration, _Taken(caller, route, digest, now, received_at, due)),
            channel=registration.channel,
            external_case_id=registration.external_case_id,
            lies_in_inbox=route.destination.adapter == INBOX,
        )


@dataclass(frozen=True, slots=True)
class _Taken:
    """By whom a case is registered, where it goes, and its times."""

    caller: Caller
    route: Routed
    fingerprint: str
    now: datetime
    received_at: datetime
    due_at: datetime | None


def _check_holds(caller: Caller, route: Routed, address: HsaId) -> None:
    if not caller.acts_for(route.holder):
        words = f"cases to {address} do not go to {caller.hsa_id}; only who gets them may register"
        raise Refusal(Fault(Rule.NOT_THE_HOLDER, "case/receiver/hsaId", words))


def _new_case(registration: Registration, taken: _Taken) -> NewCase:
    case, route, now = registration.case, taken.route, taken.now
    number = new_case_number(now.astimezone(SWEDEN).year)
    text = registered_text(registration, number, route.unit_name)
    return NewCase(
        id=uuid7(),
        number=number,
        case=case,
        content=case_to_json(case, with_content=False),
        sender=taken.caller.hsa_id,
        fingerprint=taken.fingerprint,
        region=route.destination.region,
        unit=route.unit,
        unit_name=route.unit_name,
        holder=route.holder,
        received_at=taken.received_at,
        due_at=taken.due_at,
        warnings=case_warnings(case),
        delivery=NewDelivery(new_message_id(), CaseEvent.SUBMITTED, route.destination.key, now),
        confirmation=confirmation(route, number, now, text),
        entry=_entry(registration, taken),
    )


def _entry(registration: Registration, taken: _Taken) -> Entry:
    route = taken.route
    details = {
        "channel": registration.channel.value,
        "receivedTime": taken.received_at.isoformat(timespec="seconds"),
        "destination": route.destination.key,
        "holder": route.holder.text,
        "unit": route.unit.text,
        "route": " → ".join(route.trace),
        **taken.caller.behind,
    }
    return Entry(Step.CASE_REGISTERED, taken.now, taken.caller.hsa_id.text, details)


_NAME_TAKEN = Fault(
    Rule.CASE_AMBIGUOUS,
    "externalCaseId",
    "another open case of yours has this id; register under another id, or leave it out",
)
