"""What operators see and do: where a case would go, what waits where and why, replay (G1, C4)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gateway.domain.errors import Fault, Refusal, Rule
from gateway.domain.lifecycle import DeliveryState
from gateway.domain.routing import RouteTable
from gateway.flow.access import UNKNOWN_CASE, Verb, require_verb
from gateway.flow.caller import INBOX_ROLES, Caller, Role, require
from gateway.flow.health import Health
from gateway.flow.permission import PROCESS_CASE, require_permission
from gateway.flow.ports import (
    Attempt,
    CaseRecord,
    Cases,
    Deliveries,
    DeliveryRecord,
    DestinationStates,
    UnmatchedMessage,
)
from gateway.flow.timeline import CITIZEN_STEPS, Entry, Link, Step


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

    def case(self, number: str, caller: Caller) -> tuple[CaseRecord, list[Link]]:
        """
        Read where a case stands and its whole way, without content.

        For operators and auditors, the staff of its holder, and the e-service that sent it, which
        is told of CITIZEN_STEPS only (DOMAIN E1). A registered case was sent by none: any
        e-service with permission for its address stands for the citizen.
        """
        require_verb(caller, Verb.SEE_TIMELINE)
        record = self.cases.find(number)
        if record is None or not _is_known_to(caller, record):
            raise Refusal(UNKNOWN_CASE)
        if caller.role is Role.E_SERVICE and record.sender != caller.hsa_id:
            require_permission(self.table(), caller, PROCESS_CASE, record.unit, self.clock())
        links = self.cases.timeline(number)
        if caller.role is Role.E_SERVICE:
            links = [link for link in links if link.entry.step in CITIZEN_STEPS]
        return record, links

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
        if not found:
            self.check_filter(destination)
        return self.health.explained(found)

    def check_filter(self, destination: str | None) -> None:
        """Refuse a destination's name that was mistyped: it is not known, and nothing ever was."""
        words = self.health.unknown(destination) if destination else None
        if words is not None and not self.deliveries.listed(None, destination, None, 1):
            raise Refusal(Fault(Rule.SCHEMA, "destination", words))

    def delivery(self, delivery: UUID, caller: Caller) -> tuple[DeliveryRecord, list[Attempt]]:
        """Read one delivery with all its attempts."""
        require(caller, Role.OPERATOR)
        found = self.deliveries.find(delivery)
        if found is None:
            words = f"no delivery {delivery} is known here"
            raise Refusal(Fault(Rule.CASE_UNKNOWN, "delivery", words))
        record, attempts = found
        return self._explained(record), attempts

    def replay(self, delivery: UUID, caller: Caller) -> DeliveryRecord:
        """Try a parked delivery again at once (DOMAIN C4)."""
        require(caller, Role.OPERATOR)
        now = self.clock()
        entry = Entry(Step.DELIVERY_REPLAYED, now, caller.acts_as, {"delivery": str(delivery)})
        record = self.deliveries.replay(delivery, entry, now)
        if record is None:
            words = f"no delivery {delivery} is parked; only a parked one can be replayed"
            raise Refusal(Fault(Rule.STEP_NOT_LEGAL, "delivery", words))
        return self._explained(record)

    def hurry(self, delivery: UUID, caller: Caller) -> DeliveryRecord:
        """
        Let a delivery that waits be due at once (DOMAIN G1).

        No replay: its patience and the length of its waits go on as they were. What it gives tells
        also what holds it back all the same.
        """
        require(caller, Role.OPERATOR)
        now = self.clock()
        entry = Entry(Step.DELIVERY_HURRIED, now, caller.acts_as, {"delivery": str(delivery)})
        record = self.deliveries.hurry(delivery, entry, now)
        if record is None:
            words = f"no delivery {delivery} waits; only one that waits can be hurried"
            raise Refusal(Fault(Rule.STEP_NOT_LEGAL, "delivery", words))
        return self._explained(record)

    def unmatched(
        self, caller: Caller, after: str | None, limit: int
    ) -> list[tuple[str, UnmatchedMessage]]:
        """Read a page of the messages that named no known case (DOMAIN D2), newest first."""
        require(caller, Role.OPERATOR)
        return self.cases.unmatched(after, limit)

    def _explained(self, record: DeliveryRecord) -> DeliveryRecord:
        [explained] = self.health.explained([record])
        return explained


def _is_known_to(caller: Caller, case: CaseRecord) -> bool:
    if caller.role is Role.E_SERVICE:
        return case.is_sent_by(caller.hsa_id)
    return caller.role not in INBOX_ROLES or caller.acts_for(case.holder)
