"""The store as it is opened by the app: cases, deliveries and unit inboxes in one database."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

from gateway.flow.statistics import Placing
from gateway.flow.watching import SILENT, Watching
from gateway.store.alarms import SqlAlarms
from gateway.store.alert_outbox import SqlAlertOutbox
from gateway.store.case_files import SqlCaseFiles
from gateway.store.cases import SqlCases
from gateway.store.citizen_cases import SqlCitizenCases
from gateway.store.clock import SharedClock, steady_time, time_of_day
from gateway.store.committer import ShortWay
from gateway.store.deliveries import SqlDeliveries
from gateway.store.destinations import SqlDestinationStates
from gateway.store.due_dates import SqlDueDates
from gateway.store.engine import Database, Opened, nowhere
from gateway.store.handlings import SqlHandlings
from gateway.store.keepings import SqlKeepings
from gateway.store.measures import SqlMeasures
from gateway.store.notices import SqlNotices
from gateway.store.overview import SqlOverview
from gateway.store.polls import SqlPolls
from gateway.store.publications import SqlPublications
from gateway.store.quick_cases import quick_cases
from gateway.store.references import SqlReferences
from gateway.store.registered_cases import SqlRegisteredCases
from gateway.store.replays import SqlParkedWork
from gateway.store.retention import SqlRetentions
from gateway.store.statistics import SqlStatistics
from gateway.store.steps import SqlSteps
from gateway.store.themes import SqlThemes
from gateway.store.unit_inboxes import SqlUnitInboxes
from gateway.store.unmatched import SqlUnmatchedMessages
from gateway.store.unmatched_retention import SqlUnmatchedRetention
from gateway.store.uploads import SqlUploads


@dataclass(frozen=True, slots=True)
class SqlStore:
    """The store, by concept; see the ports for what each promises."""

    cases: SqlCases
    citizen_cases: SqlCitizenCases
    deliveries: SqlDeliveries
    destinations: SqlDestinationStates
    unit_inboxes: SqlUnitInboxes
    references: SqlReferences
    parked: SqlParkedWork
    steps: SqlSteps
    polls: SqlPolls
    publications: SqlPublications
    unmatched: SqlUnmatchedMessages
    uploads: SqlUploads
    alarms: SqlAlarms
    alert_outbox: SqlAlertOutbox
    overview: SqlOverview
    due_dates: SqlDueDates
    themes: SqlThemes
    measures: SqlMeasures
    keepings: SqlKeepings
    retentions: SqlRetentions
    unmatched_retention: SqlUnmatchedRetention
    case_files: SqlCaseFiles
    handlings: SqlHandlings
    registered_cases: SqlRegisteredCases
    notices: SqlNotices
    statistics: SqlStatistics
    clock: SharedClock
    database: Database

    def placed_by(self, placing: Placing) -> Self:
        """Give this store, in which closed cases are counted where `placing` tells."""
        return replace(self, cases=replace(self.cases, placing=placing))

    def quick_cases(self) -> Sequence[ShortWay]:
        """Give the short ways for new cases, for the event loop that takes them in."""
        return quick_cases(self.database)

    def ready(self) -> bool:
        """Tell whether the database answers now."""
        return self.database.ready()

    def close(self) -> None:
        """Close the connections that are not in use."""
        self.database.close()


def open_store(url: str, opened: Opened = nowhere, watching: Watching = SILENT) -> SqlStore:
    """
    Open the store of a database; its schema must be there (see `schema.upgrade`).

    `opened` gives the bytes of files by their digest, and `watching` is told of deliveries that
    cannot be read.
    """
    database = Database(url, opened)
    clock = SharedClock(database, time_of_day if database.path else steady_time)
    return SqlStore(
        SqlCases(database),
        SqlCitizenCases(database),
        SqlDeliveries(database, watching),
        SqlDestinationStates(database),
        SqlUnitInboxes(database, clock),
        SqlReferences(database),
        SqlParkedWork(database),
        SqlSteps(database),
        SqlPolls(database),
        SqlPublications(database),
        SqlUnmatchedMessages(database),
        SqlUploads(database),
        SqlAlarms(database),
        SqlAlertOutbox(database),
        SqlOverview(database),
        SqlDueDates(database),
        SqlThemes(database),
        SqlMeasures(database),
        SqlKeepings(database),
        SqlRetentions(database),
        SqlUnmatchedRetention(database),
        SqlCaseFiles(database),
        SqlHandlings(database),
        SqlRegisteredCases(database),
        SqlNotices(database),
        SqlStatistics(database),
        clock,
        database,
    )
