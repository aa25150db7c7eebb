"""What operators see and do: where a case would go, what waits where and why, replay (G1, C4)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gateway.domain.case import Kind, ReceiverType
from gateway.domain.errors import Fault, Refusal, Rule
from gateway.domain.hsa import HsaId
from gateway.domain.lifecycle import DeliveryState
from gateway.domain.routing import Routed, RouteTable, Unrouted
from gateway.flow.caller import Caller, Role, require
from gateway.flow.health import Health
from gateway.flow.intake import UNKNOWN_CASE
from gateway.flow.ports import (
    Attempt,
    CaseRecord,
    Cases,
    Deliveries,
    DeliveryRecord,
    DestinationStates,
    UnmatchedMessage,
)
from gateway.flow.timeline import Entry, Link, Step


@dataclass(frozen=True, slots=True)
class Operating:
    """The verbs of operators; `ready` tells whether the store answers."""

    table: Callable[[], RouteTable]
    cases: Cases
    deliveries: Deliveries
    ready: Callable[[], bool]
    clock: Callable[[], datetime]
    destinations: DestinationStates

    @property
    def health(self) -> Health:
        """The verbs on whole destinations."""
        return Health(self.table, self.destinations, self.clock)

    def explain(
        self, address: HsaId, kind: Kind, receiver: ReceiverType, at: datetime | None
    ) -> Routed | Unrouted:
        """Tell where a case would go and why (DOMAIN B11); `at` is now when left out."""
        return self.table().resolve(address, kind, receiver, at or self.clock())

    def case(self, number: str, caller: Caller) -> tuple[CaseRecord, list[Link]]:
        """Read where a case stands and its whole way, for operators and its own e-service."""
        require(caller, Role.OPERATOR, Role.E_SERVICE)
        record = self.cases.find(number)
        if record is None or (caller.role is Role.E_SERVICE and record.sender != caller.hsa_id):
            raise Refusal(UNKNOWN_CASE)
        return record, self.cases.timeline(number)

    def listed(
        self,
        caller: Caller,
        state: DeliveryState | None,
        destination: str | None,
        after: UUID | None,
        limit: int,
    ) -> list[DeliveryRecord]:
        """Read a page of deliveries, in the order they were made."""
        require(caller, Role.OPERATOR)
        found = self.deliveries.listed(state, destination, after, limit)
        return self.health.explained(found)

    def delivery(self, delivery: UUID, caller: Caller) -> tuple[DeliveryRecord, list[Attempt]]:
        """Read one delivery with all its attempts."""
        require(caller, Role.OPERATOR)
        found = self.deliveries.find(delivery)
        if found is None:
            words = f"no delivery {delivery} is known here"
            raise Refusal(Fault(Rule.CASE_UNKNOWN, "delivery", words))
        [record], attempts = self.health.explained(found[:1]), found[1]
        return record, attempts

    def replay(self, delivery: UUID, caller: Caller) -> DeliveryRecord:
        """Try a parked delivery again at once (DOMAIN C4)."""
        require(caller, Role.OPERATOR)
        now = self.clock()
        entry = Entry(Step.DELIVERY_REPLAYED, now, caller.hsa_id.text, {"delivery": str(delivery)})
        record = self.deliveries.replay(delivery, entry, now)
        if record is None:
            words = f"no delivery {delivery} is parked; only a parked one can be replayed"
            raise Refusal(Fault(Rule.STEP_NOT_LEGAL, "delivery", words))
        return record

    def hurry(self, delivery: UUID, caller: Caller) -> DeliveryRecord:
        """
        Try a delivery that waits at once (DOMAIN G1).

        No replay: its patience and the length of its waits go on as they were.
        """
        require(caller, Role.OPERATOR)
        now = self.clock()
        entry = Entry(Step.DELIVERY_HURRIED, now, caller.hsa_id.text, {"delivery": str(delivery)})
        record = self.deliveries.hurry(delivery, entry, now)
        if record is None:
            words = f"no delivery {delivery} waits; only one that waits can be hurried"
            raise Refusal(Fault(Rule.STEP_NOT_LEGAL, "delivery", words))
        return record

    def unmatched(
        self, caller: Caller, after: str | None, limit: int
    ) -> list[tuple[str, UnmatchedMessage]]:
        """Read a page of the messages that named no known case (DOMAIN D2), newest first."""
        require(caller, Role.OPERATOR)
        return self.cases.unmatched(after, limit)
