"""What the demo still waits for, in words; nothing when everything that was planned has come."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from gateway.demo.books import Said
from gateway.demo.cases import NEXT_UNIT, Path, Planned
from gateway.demo.desk import owed_kinds
from gateway.demo.witnesses import Testimony
from gateway.domain.case import CaseEvent
from gateway.domain.lifecycle import DeliveryState
from gateway.domain.message import InboxKind, MessageKind
from gateway.domain.registration import Registration

# The unknown unit, as each door says it (CONTRACT; INTEROP §2.6).
UNKNOWN_RULES = frozenset({"VP004", "unknown-unit"})
_CLOSED = MessageKind.CLOSED.value
_SETTLED = frozenset({*DeliveryState} - {DeliveryState.WAITING, DeliveryState.SENDING})


@dataclass(frozen=True, slots=True)
class Plan:
    """
    How much should come of the planned cases.

    `calls` are those that came by phone; `archived` cases go to the archive.
    """

    cases: Sequence[Planned]
    calls: Sequence[Registration] = ()
    archived: int = 0

    @property
    def sent(self) -> int:
        """How many cases of the e-service should get a receipt."""
        return sum(1 for case in self.cases if case.path is not Path.UNKNOWN)

    @property
    def accepted(self) -> int:
        """How many cases should get a receipt, the registered ones included."""
        return self.sent + len(self.calls)

    @property
    def sendings(self) -> int:
        """How many answers the e-service should get, repeats and supplements included."""
        return sum(1 + bool(case.again) for case in self.cases) + self.supplements

    @property
    def supplements(self) -> int:
        """How many supplements should be sent."""
        return sum(bool(case.supplement) + bool(case.asked) for case in self.cases)

    @property
    def deliveries(self) -> int:
        """How much should reach receivers: each case at every holder, and each supplement."""
        forwards = (_owed(case).count(InboxKind.FORWARDED.value) for case in self.cases)
        return self.sent + self.supplements + sum(forwards)

    @property
    def replies(self) -> int:
        """How much should be said to the citizens by whoever holds the cases."""
        of_sent = (len(_owed(case)) for case in self.cases if case.path is not Path.UNKNOWN)
        return sum(of_sent) + sum(len(_owed_to_caller(call)) for call in self.calls)

    def owed(self, receipts: Mapping[str, frozenset[str]]) -> Counter[Said]:
        """Tell what should be said of the cases that have got these numbers."""
        kinds = {case.case.case_id: _owed(case) for case in self.cases}
        kinds |= {call.case.case_id: _owed_to_caller(call) for call in self.calls}
        return Counter(
            (number, kind) for key, ns in receipts.items() for number in ns for kind in kinds[key]
        )


def remaining(plan: Plan, told: Testimony) -> list[str]:
    """Tell what has not come yet, or came otherwise than planned."""
    return [
        *_of_sender(plan, told),
        *_of_deliveries(plan, told),
        *_of_replies(plan, told),
        *_of_ends(plan, told),
    ]


def _of_sender(plan: Plan, told: Testimony) -> Iterator[str]:
    if short := plan.sendings - len(told.sent):
        yield f"{short} of {plan.sendings} sendings have no answer"
    refused = [line for line in told.sent if "rule" in line]
    if wrong := [line for line in refused if line["rule"] not in UNKNOWN_RULES]:
        yield ", ".join(f"{line['id']} was refused as {line['rule']}" for line in wrong)
    unknown = len(plan.cases) - plan.sent
    if len(refused) - len(wrong) > unknown:
        yield f"{len(refused)} sendings found no unit, only {unknown} should"


def _of_deliveries(plan: Plan, told: Testimony) -> Iterator[str]:
    states = Counter(delivery["state"] for delivery in told.deliveries)
    if short := plan.deliveries - sum(states[state] for state in _SETTLED):
        words = ", ".join(f"{count} {state}" for state, count in sorted(states.items()))
        yield f"{short} of {plan.deliveries} deliveries have not arrived ({words})"
    if told.early:
        yield f"{told.early} supplements came before their case"


def _of_replies(plan: Plan, told: Testimony) -> Iterator[str]:
    if short := len(plan.calls) - len(told.evidence.registered):
        yield f"{short} of {len(plan.calls)} cases that came by phone are not registered"
    owed = plan.owed(told.evidence.receipts)
    if late := (owed - told.evidence.said).total():
        yield f"{late} of {plan.replies} replies have no receipt"
    if refused := sum(account["replies_refused"] for account in told.accounts.values()):
        yield f"{refused} replies were refused"


def _of_ends(plan: Plan, told: Testimony) -> Iterator[str]:
    if short := plan.archived - len(told.archived):
        yield f"{short} of {plan.archived} cases have not been taken to the archive"
    closed = sum(n for (_, kind), n in told.evidence.said.items() if kind == _CLOSED)
    if (told.closed or 0) < closed:
        yield f"the statistics count {told.closed or 'too few to say'} of {closed} closed cases"


def _owed(planned: Planned) -> list[str]:
    """Tell all that the holders say of a case, one after the other."""
    case, unit, kinds = planned.case, str(planned.case.receiver.hsa_id), list[str]()
    said = owed_kinds(CaseEvent.SUBMITTED.value, case.kind.value, case.description, unit)
    while said == [MessageKind.FORWARD.value]:
        kinds, unit = [*kinds, InboxKind.FORWARDED.value], NEXT_UNIT[unit]
        said = owed_kinds(CaseEvent.FORWARDED.value, case.kind.value, case.description, unit)
    if planned.asked:
        event = CaseEvent.SUPPLEMENTED.value
        said += owed_kinds(event, case.kind.value, case.description, unit)
    return kinds + said


def _owed_to_caller(call: Registration) -> list[str]:
    case = call.case
    unit = str(case.receiver.hsa_id)
    return owed_kinds("REGISTERED", case.kind.value, case.description, unit)
