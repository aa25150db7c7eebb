"""The store as a whole, by concept: what each promises is told with its verbs."""

from typing import Protocol

from gateway.flow.alarms import Alarms, Overview
from gateway.flow.parked import ParkedWork
from gateway.flow.polls import PollRounds
from gateway.flow.ports import Cases, Deliveries, DestinationStates, UnitInboxes
from gateway.flow.publications import Publications
from gateway.flow.steps import DoneSteps
from gateway.flow.unmatched import UnmatchedMessages


class Store(Protocol):
    """The store, by concept."""

    @property
    def cases(self) -> Cases:
        """Every case."""
        ...

    @property
    def deliveries(self) -> Deliveries:
        """The outbox."""
        ...

    @property
    def destinations(self) -> DestinationStates:
        """The health of destinations."""
        ...

    @property
    def unit_inboxes(self) -> UnitInboxes:
        """The built-in inbox."""
        ...

    @property
    def publications(self) -> Publications:
        """Every version of the route table."""
        ...

    @property
    def parked(self) -> ParkedWork:
        """What is parked, and its replays."""
        ...

    @property
    def steps(self) -> DoneSteps:
        """The steps of deliveries that are done."""
        ...

    @property
    def polls(self) -> PollRounds:
        """How far replies were fetched."""
        ...

    @property
    def unmatched(self) -> UnmatchedMessages:
        """Messages that named no known case."""
        ...

    @property
    def alarms(self) -> Alarms:
        """Which alarms stand."""
        ...

    @property
    def overview(self) -> Overview:
        """What stands where."""
        ...

    def ready(self) -> bool:
        """Tell whether the database answers now."""
        ...
