"""A store in memory, for tests: keeps every promise of the ports but to outlive its process."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import dropwhile
from typing import Self
from uuid import UUID

from gateway.domain.case import Attachment, Case, Supplement
from gateway.domain.forwarding import Past
from gateway.domain.hsa import HsaId
from gateway.domain.message import InboxMessage
from gateway.domain.person import PersonId
from gateway.flow.alarms import Alarms, Overview
from gateway.flow.alert_outbox import AlertOutbox
from gateway.flow.archive_package import CaseFiles
from gateway.flow.clock import DueDates
from gateway.flow.handlings import Handlings
from gateway.flow.keeping import Keepings
from gateway.flow.measures import MeasureLog
from gateway.flow.notices import Notices
from gateway.flow.overtaken import decided
from gateway.flow.own_cases import CitizenCases
from gateway.flow.parked import ParkedWork
from gateway.flow.polls import PollRounds
from gateway.flow.ports import (
    Ambiguous,
    CaseName,
    CaseRecord,
    Cases,
    CitizenCase,
    Conflicting,
    Decide,
    Deliveries,
    DestinationStates,
    Kept,
    NewCase,
    Receipt,
    Received,
    UnitInboxes,
    UnmatchedMessage,
)
from gateway.flow.publications import Publications
from gateway.flow.registering import RegisteredCases
from gateway.flow.retention import Retentions
from gateway.flow.statistics import Placing, Statistics
from gateway.flow.steps import DoneSteps
from gateway.flow.sweeping import References
from gateway.flow.themes import ThemeBook
from gateway.flow.timeline import Entry, Link
from gateway.flow.unmatched import UnmatchedMessages
from gateway.flow.unmatched_retention import UnmatchedRetention
from gateway.flow.uploads import UploadShelf
from gateway.testing.books import (
    Books,
    answer_again,
    comes_after,
    receipt_of,
)
from gateway.testing.memory_adapters import MemoryPolls, MemorySteps
from gateway.testing.memory_alarms import MemoryAlarms, MemoryAlertOutbox
from gateway.testing.memory_citizen_cases import MemoryCitizenCases
from gateway.testing.memory_clock import MemoryDueDates
from gateway.testing.memory_destinations import MemoryDestinationStates
from gateway.testing.memory_handlings import MemoryHandlings
from gateway.testing.memory_inboxes import MemoryUnitInboxes
from gateway.testing.memory_keeping import MemoryCaseFiles, MemoryKeepings
from gateway.testing.memory_notices import MemoryNotices
from gateway.testing.memory_outbox import MemoryDeliveries
from gateway.testing.memory_parked import MemoryParkedWork
from gateway.testing.memory_publications import MemoryPublications
from gateway.testing.memory_references import MemoryReferences
from gateway.testing.memory_registered import MemoryRegisteredCases
from gateway.testing.memory_retention import MemoryRetentions
from gateway.testing.memory_statistics import MemoryStatistics
from gateway.testing.memory_themes import MemoryMeasures, MemoryThemes
from gateway.testing.memory_unmatched import MemoryUnmatchedMessages, by_key
from gateway.testing.memory_unmatched_retention import MemoryUnmatchedRetention
from gateway.testing.memory_uploads import MemoryUploads
from gateway.testing.memory_watch import MemoryOverview


def _now() -> datetime:
    return datetime.now(UTC)


class MemoryStore:
    """The ports over the same books; while `gone`, every method raises Unavailable."""

    def __init__(self, clock: Callable[[], datetime] = _now) -> None:
        """Begin empty; `clock` tells when a case comes to a unit's inbox."""
        self._books = Books()
        self.cases: Cases = MemoryCases(self._books)
        self.citizen_cases: CitizenCases = MemoryCitizenCases(self._books)
        self.deliveries: Deliveries = MemoryDeliveries(self._books)
        self.parked: ParkedWork = MemoryParkedWork(self._books)
        self.destinations: DestinationStates = MemoryDestinationStates(self._books)
        self.unit_inboxes: UnitInboxes = MemoryUnitInboxes(self._books, clock)
        self.steps: DoneSteps = MemorySteps(self._books)
        self.polls: PollRounds = MemoryPolls(self._books)
        self.publications: Publications = MemoryPublications(self._books)
        self.unmatched: UnmatchedMessages = MemoryUnmatchedMessages(self._books)
        self.unmatched_retention: UnmatchedRetention = MemoryUnmatchedRetention(self._books)
        uploads = MemoryUploads(self._books)
        self.uploads: UploadShelf = uploads
        self.references: References = MemoryReferences(self._books, uploads)
        alert_outbox = MemoryAlertOutbox(self._books)
        self.alert_outbox: AlertOutbox = alert_outbox
        self.alarms: Alarms = MemoryAlarms(self._books, alert_outbox)
        self.overview: Overview = MemoryOverview(self._books)
        self.registered_cases: RegisteredCases = MemoryRegisteredCases(self._books)
        self.notices: Notices = MemoryNotices(self._books)
        self.due_dates: DueDates = MemoryDueDates(self._books)
        self.themes: ThemeBook = MemoryThemes(self._books)
        self.measures: MeasureLog = MemoryMeasures(self._books)
        self.keepings: Keepings = MemoryKeepings(self._books)
        self.retentions: Retentions = MemoryRetentions(self._books)
        self.case_files: CaseFiles = MemoryCaseFiles(self._books)
        self.handlings: Handlings = MemoryHandlings(self._books)
        self.statistics: Statistics = MemoryStatistics(self._books)

    @property
    def gone(self) -> bool:
        """Tell whether the store is away, as a database can be."""
        return self._books.gone

    @gone.setter
    def gone(self, gone: bool) -> None:
        self._books.gone = gone

    def ready(self) -> bool:
        """Tell whether the store answers now."""
        return not self.gone

    def placed_by(self, placing: Placing) -> Self:
        """Count closed cases where `placing` tells, from now on."""
        self._books.placing = placing
        return self

    async def keep(self, new: NewCase) -> Kept | Conflicting:
        """Keep one case, as the committer does for a door."""
        return self.cases.add([new])[0]

    async def kept_before(self, sender: HsaId, case_id: str, fingerprint: str) -> Receipt | None:
        """Look for a receipt, as a door does, which does not stand still meanwhile."""
        return self.cases.kept_before(sender, case_id, fingerprint)


class MemoryCases:
    """Every case."""

    def __init__(self, books: Books) -> None:
        self._books = books

    def add(self, batch: Sequence[NewCase]) -> list[Kept | Conflicting]:
        """Keep new cases; a repeat inside or before the batch gets the first receipt."""
        with self._books as books:
            return [books.add(new) for new in batch]

    def kept_before(self, sender: HsaId, case_id: str, fingerprint: str) -> Receipt | None:
        """Give the receipt of a case that was kept with this very content; None otherwise."""
        with self._books as books:
            case = books.by_sender.get((sender, case_id))
            if case is None or case.new.fingerprint != fingerprint:
                return None
            return receipt_of(case.new)

    def answered_before(self, received: Received) -> Kept | Conflicting | None:
        """Give what a repeat is answered; None when this has not come before."""
        with self._books as books:
            return _answered(books, received)

    def change(
        self, name: CaseName, received: Received, decide: Decide
    ) -> Kept | Conflicting | Ambiguous | None:
        """Change one case, once per (sender, message_id); None when it is unknown."""
        with self._books as books:
            before = _answered(books, received)
            if before is not None:
                return before
            case = books.named(name)
            if case is None or isinstance(case, Ambiguous):
                return case
            since = () if received.seen is None else case.timeline[received.seen :]
            books.take(case, decided(decide, case.record, since))
            receipt = Receipt(case.record.number, received.at)
            books.received[received.sender, received.message_id] = received.fingerprint, receipt
            return Kept(receipt, repeated=False)

    def awaits_name(self, holder: HsaId) -> bool:
        """Tell whether a case is on its way to this holder."""
        with self._books as books:
            return any(
                case.record.holder == holder and case.is_on_its_way
                for case in books.cases.values()
            )

    def keep_unmatched(self, unmatched: UnmatchedMessage) -> bool:
        """Keep a message that names no known case; False when its id was used for another."""
        with self._books as books:
            key = unmatched.sender, unmatched.message.message_id
            if key in books.disposed_messages:
                return True
            first = books.unmatched.get(key)
            if first is None:
                books.unmatched[key] = first = unmatched
            return first.says_the_same(unmatched.message)

    def unmatched(self, after: str | None, limit: int) -> list[tuple[str, UnmatchedMessage]]:
        """Read a page of the unmatched messages, newest first, each with its key."""
        with self._books as books:
            kept = [*by_key(books).items()]
            kept.reverse()
            if after is not None:
                kept = list(dropwhile(lambda one: one[0] != after, kept))[1:]
            return kept[:limit]

    def find(self, number: str) -> CaseRecord | None:
        """Read where a case stands."""
        with self._books as books:
            case = books.cases.get(number)
            return case.record if case else None

    def content(self, number: str, reader: Entry | None = None) -> Case | None:
        """Read a case whole; with `reader` the reading itself is put on the timeline."""
        with self._books as books:
            case = books.cases.get(number)
            if case is None or case.is_disposed:
                return None
            if reader:
                case.note(reader)
            return case.new.case

    def supplements(self, number: str) -> tuple[Supplement, ...]:
        """Read what the citizen has added to a case, in the order it came."""
        with self._books as books:
            case = books.cases.get(number)
            deliveries = case.deliveries if case else ()
            return tuple(d.new.supplement for d in deliveries if d.new.supplement)

    def history(self, number: str) -> tuple[Past, ...]:
        """Read all that was said about a case, by both sides, in its order."""
        with self._books as books:
            case = books.cases.get(number)
            return case.past() if case else ()

    def timeline(self, number: str) -> list[Link]:
        """Read a case's whole timeline, oldest first."""
        with self._books as books:
            case = books.cases.get(number)
            return list(case.timeline) if case else []

    def of_citizen(
        self, person: PersonId, number: str | None, since: datetime | None
    ) -> list[CitizenCase]:
        """Read a citizen's cases, with the messages sent at or after `since`."""
        with self._books as books:
            return [
                CitizenCase(case.record, case.messages_since(since))
                for case in books.of(person)
                if number in (None, case.record.number)
            ]

    def inbox_messages(
        self, person: PersonId, after: str | None, limit: int
    ) -> list[InboxMessage]:
        """Read a page of the citizen's messages, oldest first."""
        with self._books as books:
            own = (m for case in books.of(person) for m in case.inbox)
            ordered = sorted(own, key=lambda message: UUID(message.message_id))
            return [m for m in ordered if comes_after(m.message_id, after)][:limit]

    def inbox_attachment(
        self, person: PersonId, message_id: str, number: int
    ) -> Attachment | None:
        """Read one attachment of a message of this citizen, counted from 1."""
        with self._books as books:
            own = (message for case in books.of(person) for message in case.inbox)
            files = next((m.attachments for m in own if m.message_id == message_id), ())
            return files[number - 1] if 1 <= number <= len(files) else None


def _answered(books: Books, received: Received) -> Kept | Conflicting | None:
    first = books.received.get((received.sender, received.message_id))
    return answer_again(received.fingerprint, *first) if first else None
