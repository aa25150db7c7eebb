"""Send a case on to another unit, the committee or a coordinator, with its history (DOMAIN D6)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from uuid_utils.compat import uuid7

from gateway.domain.case import Attachment, CaseEvent, Kind
from gateway.domain.destination import INBOX
from gateway.domain.errors import Fault, Refusal, Rule
from gateway.domain.forwarding import Hop, Place, hop_faults
from gateway.domain.handling import Handling
from gateway.domain.hsa import HsaId
from gateway.domain.law import forward_faults
from gateway.domain.lifecycle import case_after
from gateway.domain.message import InboxKind, InboxMessage, MessageKind
from gateway.domain.person import without_numbers
from gateway.domain.routed import not_active
from gateway.domain.routing import Routed, RouteTable, Unrouted
from gateway.flow.access import Verb, require_verb
from gateway.flow.caller import Caller
from gateway.flow.fingerprint import fingerprint
from gateway.flow.handover import Handover
from gateway.flow.intake import kept_or_refused, refusal_of
from gateway.flow.numbers import new_message_id
from gateway.flow.ports import (
    CaseName,
    CaseRecord,
    Cases,
    Change,
    Kept,
    NewDelivery,
    Received,
)
from gateway.flow.timeline import Entry, Step
from gateway.flow.words import forwarded_text


@dataclass(frozen=True, slots=True)
class Forward:
    """
    Somebody's wish that a case goes on to `to`.

    `text` is read by the citizen and by whoever gets the case. `actor` is who wishes it, and
    `told` what the timeline shall say besides. A holder that sends a case on has declined it.
    """

    to: HsaId
    text: str | None = field(repr=False)
    at: datetime
    actor: str
    told: Mapping[str, str | int | None]
    by_holder: bool = True
    attachments: tuple[Attachment, ...] = ()

    def decide(self, case: CaseRecord, table: RouteTable) -> Change:
        """
        Tell what becomes of the case; for when it is known and locked.

        It follows the route that its new unit has at this moment. Raises Refusal when it cannot
        go on, or not there.
        """
        state = case_after(case.state, MessageKind.FORWARD)
        if state is None:
            words = f"the case is {case.state.value} and cannot be forwarded now"
            raise Refusal(Fault(Rule.STEP_NOT_LEGAL, "messageKind", words))
        faults = hop_faults(self.to, case.forwards) if self.by_holder else []
        if faults:
            raise Refusal(*faults)
        route = _routed(table, self.to, case, self.at)
        to = Place(route.unit, route.unit_name)
        hop = Hop(self.at, case.at, to, self.by_holder and case.at.hsa_id != to.hsa_id)
        return Change(
            state,
            self._entry(hop, route),
            self._inbox(case, hop),
            _delivery(route, self.at, self.text),
            handover=Handover(route.destination.key, route.region, route.holder, hop),
            handled=Handling.handed_over,
        )

    def _entry(self, hop: Hop, route: Routed) -> Entry:
        details: dict[str, str | int | None] = {
            "from": hop.origin.hsa_id.text,
            "to": hop.to.hsa_id.text,
            "destination": route.destination.key,
            "holder": route.holder.text,
            "route": " → ".join(route.trace),
            **self.told,
        }
        return Entry(Step.CASE_FORWARDED, self.at, self.actor, details)

    def _inbox(self, case: CaseRecord, hop: Hop) -> InboxMessage:
        return InboxMessage(
            message_id=str(uuid7()),
            case_number=case.number,
            kind=InboxKind.FORWARDED,
            sent_at=self.at,
            sender=hop.origin.hsa_id,
            sender_name=hop.origin.name,
            text=forwarded_text(case.number, hop, self.text),
            attachments=self.attachments,
        )


@dataclass(frozen=True, slots=True)
class Forwarding:
    """The verb of operators: forward a case anyway, also where holders may not (DOMAIN D6, B4)."""

    table: Callable[[], RouteTable]
    cases: Cases
    clock: Callable[[], datetime]

    def forward(
        self, number: str, message_id: str, to: HsaId, text: str | None, caller: Caller
    ) -> Kept:
        """
        Forward an open case, whoever holds it and however often it was forwarded.

        A repeat of `message_id` changes nothing and gets the same answer.
        """
        require_verb(caller, Verb.FORWARD_BACK)
        faults = list(forward_faults(to, text))
        if faults:
            raise Refusal(*faults)
        now, table = self.clock(), self.table()
        told = {"messageId": without_numbers(message_id), **caller.behind}
        forward = Forward(to, text, now, caller.acts_as, told, by_holder=False)
        said = fingerprint({"caseNumber": number, "forwardTo": to.key, "text": text})
        received = Received(caller.hsa_id, message_id, said, now)
        name = CaseName(number)
        return kept_or_refused(
            self.cases.change(name, received, lambda case: forward.decide(case, table))
        )


def way_to(table: RouteTable, to: HsaId, kind: Kind, at: datetime) -> Routed | Unrouted:
    """Tell where a case goes that is sent on to a unit, a committee or a coordinator (B1, B3)."""
    # A table may send whom it does not know to a default; who has an inbox is not unknown.
    coordinator = None if to.key in table.units else next(_coordinator(table, to, at), None)
    return coordinator or table.resolve(to, kind, table.receiver_of(to), at)


def _delivery(route: Routed, at: datetime, reason: str | None) -> NewDelivery:
    key, event = route.destination.key, CaseEvent.FORWARDED
    return NewDelivery(new_message_id(), event, key, at, reason=reason)


def _routed(table: RouteTable, to: HsaId, case: CaseRecord, at: datetime) -> Routed:
    """Give the route there, of the kind that the case and of the receiver that `to` is."""
    found = way_to(table, to, case.kind, at)
    if not isinstance(found, Routed):
        raise Refusal(*(_as_target(fault) for fault in refusal_of(found, to).faults))
    there = (found.unit, found.destination.key, found.holder)
    if there == (case.at.hsa_id, case.destination, case.holder):
        raise Refusal(Fault(Rule.FORWARD_LOOP, "forwardTo", f"{to} has the case already"))
    return found


def _as_target(fault: Fault) -> Fault:
    # As a rule of an address it would be a fault of SOAP, and be sent again and again.
    rule = Rule.FORWARD_TO_UNREACHABLE if fault.rule.value.vp_code else fault.rule
    return Fault(rule, "forwardTo", fault.message)


def _coordinator(table: RouteTable, to: HsaId, at: datetime) -> Iterator[Routed | Unrouted]:
    """Look for an inbox that is this coordinator's own, in a region that is active (B3, B6)."""
    for one in table.destinations.values():
        if one.adapter != INBOX or one.holder_for(_NOBODY) != to:
            continue
        step = f"{to}: the inbox {one.key} is its own"
        region = table.regions[one.region]
        if region.committee.period.holds(at):
            yield Routed(one, region.key, to, one.title, to, (step,))
        else:
            yield not_active(region, at)


_NOBODY = HsaId("-")
