"""What the demo still waits for, in words; nothing when everything that was planned has come."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gateway.demo.books import Said
from gateway.demo.cases import Path, Planned
from gateway.demo.desk import owed_kinds
from gateway.demo.witnesses import Testimony
from gateway.domain.case import CaseEvent
from gateway.domain.lifecycle import DeliveryState

# The unknown unit, as each door says it (CONTRACT; INTEROP §2.6).
UNKNOWN_RULES = frozenset({"VP004", "unknown-unit"})
_SETTLED = frozenset({*DeliveryState} - {DeliveryState.WAITING, DeliveryState.SENDING})


@dataclass(frozen=True, slots=True)
class Plan:
    """How much should come of the planned cases."""

    cases: Sequence[Planned]

    @property
    def accepted(self) -> int:
        """How many cases should get a receipt."""
        return sum(1 for case in self.cases if case.path is not Path.UNKNOWN)

    @property
    def sendings(self) -> int:
        """How many answers the e-service should get, repeats and supplements included."""
        return sum(1 + bool(case.again) + bool(case.supplement) for case in self.cases)

    @property
    def deliveries(self) -> int:
        """How much should reach the receivers: each case once, and each supplement."""
        return self.accepted + sum(1 for case in self.cases if case.supplement)

    @property
    def replies(self) -> int:
        """How much should be said to the citizens by whoever holds the cases."""
        return sum(len(_owed(case)) for case in self.cases if case.path is not Path.UNKNOWN)


def remaining(plan: Plan, told: Testimony) -> list[str]:
    """Tell what has not come yet, or came otherwise than planned."""
    return [*_of_sender(plan, told), *_of_deliveries(plan, told), *_of_replies(plan, told)]


def _of_sender(plan: Plan, told: Testimony) -> Iterator[str]:
    if short := plan.sendings - len(told.sent):
        yield f"{short} of {plan.sendings} sendings have no answer"
    refused = [line for line in told.sent if "rule" in line]
    if wrong := [line for line in refused if line["rule"] not in UNKNOWN_RULES]:
        yield ", ".join(f"{line['id']} was refused as {line['rule']}" for line in wrong)
    unknown = len(plan.cases) - plan.accepted
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
    owed: Counter[Said] = Counter()
    for case in plan.cases:
        for number in told.evidence.receipts.get(case.case.case_id, ()):
            owed.update((number, kind) for kind in _owed(case))
    if late := (owed - told.evidence.said).total():
        yield f"{late} of {plan.replies} replies have no receipt"
    if refused := sum(account["replies_refused"] for account in told.accounts.values()):
        yield f"{refused} replies were refused"


def _owed(planned: Planned) -> list[str]:
    case = planned.case
    return owed_kinds(CaseEvent.SUBMITTED.value, case.kind.value, case.description)
