"""The store as a whole, by concept: what each promises is told with its verbs."""

from typing import Protocol, Self

from gateway.flow.alarms import Alarms, Overview
from gateway.flow.alert_outbox import AlertOutbox
from gateway.flow.archive_package import CaseFiles
from gateway.flow.clock import DueDates
from gateway.flow.handlings import Handlings
from gateway.flow.keeping import Keepings
from gateway.flow.measures import MeasureLog
from gateway.flow.notices import Notices
from gateway.flow.own_cases import CitizenCases
from gateway.flow.parked import ParkedWork
from gateway.flow.polls import PollRounds
from gateway.flow.ports import Cases, Deliveries, DestinationStates, UnitInboxes
from gateway.flow.publications import Publications
from gateway.flow.registering import RegisteredCases
from gateway.flow.retention import Retentions
from gateway.flow.statistics import Placing, Statistics
from gateway.flow.steps import DoneSteps
from gateway.flow.sweeping import References
from gateway.flow.themes import ThemeBook
from gateway.flow.unmatched import UnmatchedMessages
from gateway.flow.unmatched_retention import UnmatchedRetention
from gateway.flow.uploads import UploadShelf


class Store(Protocol):
    """The store, by concept."""

    @property
    def cases(self) -> Cases:
        """Every case."""
        ...

    @property
    def citizen_cases(self) -> CitizenCases:
        """Whose cases are whose."""
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
    def registered_cases(self) -> RegisteredCases:
        """Cases that their holders have registered."""
        ...

    @property
    def notices(self) -> Notices:
        """Notices of what lies in the inboxes of citizens."""
        ...

    @property
    def references(self) -> References:
        """Which files are named."""
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
    def uploads(self) -> UploadShelf:
        """Files sent by themselves."""
        ...

    @property
    def alarms(self) -> Alarms:
        """Which alarms stand."""
        ...

    @property
    def alert_outbox(self) -> AlertOutbox:
        """Alerts that are not brought yet."""
        ...

    @property
    def handlings(self) -> Handlings:
        """How cases are handled."""
        ...

    @property
    def themes(self) -> ThemeBook:
        """Every theme."""
        ...

    @property
    def measures(self) -> MeasureLog:
        """Every measure."""
        ...

    @property
    def due_dates(self) -> DueDates:
        """The due dates of complaints."""
        ...

    @property
    def overview(self) -> Overview:
        """What stands where."""
        ...

    @property
    def keepings(self) -> Keepings:
        """Diary numbers and legal holds."""
        ...

    @property
    def retentions(self) -> Retentions:
        """Cases that have ended, and the proofs of those disposed of."""
        ...

    @property
    def unmatched_retention(self) -> UnmatchedRetention:
        """Old messages in quarantine, and the proofs of those disposed of."""
        ...

    @property
    def case_files(self) -> CaseFiles:
        """Cases, read whole."""
        ...

    @property
    def statistics(self) -> Statistics:
        """The summaries of closed cases."""
        ...

    def placed_by(self, placing: Placing) -> Self:
        """Give this store, in which cases closed from now on are counted where this tells."""
        ...

    def ready(self) -> bool:
        """Tell whether the database answers now."""
        ...
