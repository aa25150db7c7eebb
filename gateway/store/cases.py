"""Cases in SQL: each method is one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import orjson
from sqlalchemy import Connection, select

from gateway.domain.case import Attachment, Case, CaseEvent, Supplement
from gateway.domain.forwarding import Past
from gateway.domain.hsa import HsaId
from gateway.domain.message import InboxMessage
from gateway.domain.notation import case_from_json, supplement_from_json
from gateway.domain.person import PersonId
from gateway.flow.ports import (
    Ambiguous,
    CaseName,
    CaseRecord,
    CitizenCase,
    Conflicting,
    Decide,
    Kept,
    NewCase,
    Receipt,
    Received,
    UnmatchedMessage,
)
from gateway.flow.statistics import Placing, placed_nowhere
from gateway.flow.timeline import Entry, Link
from gateway.store import (
    changes,
    files,
    forwarding,
    inbox_messages,
    naming,
    new_cases,
    timelines,
    unmatched,
)
from gateway.store.engine import Database, NotKept
from gateway.store.records import case_receipt, case_record
from gateway.store.tables import case_events, cases


@dataclass(frozen=True, slots=True)
class SqlCases:
    """Every case; what the methods promise stands in the port. `placing` is for statistics."""

    database: Database
    placing: Placing = placed_nowhere

    def add(self, batch: Sequence[NewCase]) -> list[Kept | Conflicting]:
        """Keep new cases together; raises NotKept, with none of them kept, for one bad row."""
        if not batch:
            return []
        try:
            return self._add(batch)
        except NotKept:
            # One of them may have been kept by another node since we looked: now it is seen.
            return self._add(batch)

    def _add(self, batch: Sequence[NewCase]) -> list[Kept | Conflicting]:
        with self.database.writing() as connection:
            before = new_cases.known(connection, batch)
            fresh, answers = new_cases.told_apart(batch, before)
            new_cases.insert_all(connection, fresh)
        return answers

    def kept_before(self, sender: HsaId, case_id: str, fingerprint: str) -> Receipt | None:
        """Give the receipt of a case that was kept with this very content."""
        key = cases.c.sender_key == sender.key, cases.c.sender_case_id == case_id
        with self.database.reading() as connection:
            row = connection.execute(select(cases).where(*key)).one_or_none()
        return None if row is None or row.fingerprint != fingerprint else case_receipt(row)

    def answered_before(self, received: Received) -> Kept | Conflicting | None:
        """Give what a repeat is answered; None when this has not come before."""
        with self.database.reading() as connection:
            return changes.answered_before(connection, received)

    def change(
        self, name: CaseName, received: Received, decide: Decide
    ) -> Kept | Conflicting | Ambiguous | None:
        """Change one case under its lock, once per (sender, message_id)."""
        with self.database.writing() as connection:
            return changes.change(connection, name, received, decide, self.placing)

    def awaits_name(self, holder: HsaId) -> bool:
        """Tell whether a case is on its way to this holder."""
        with self.database.reading() as connection:
            return naming.awaited(connection, holder)

    def keep_unmatched(self, message: UnmatchedMessage) -> bool:
        """Keep a message that names no known case; False when its id was used for another."""
        with self.database.writing() as connection:
            return unmatched.keep(connection, message)

    def unmatched(self, after: str | None, limit: int) -> list[tuple[str, UnmatchedMessage]]:
        """Read a page of the unmatched messages, newest first, each with its key."""
        with self.database.reading() as connection:
            return unmatched.page(connection, after, limit)

    def find(self, number: str) -> CaseRecord | None:
        """Read where a case stands."""
        with self.database.reading() as connection:
            row = connection.execute(
                select(cases).where(cases.c.case_number == number)
            ).one_or_none()
        return None if row is None else case_record(row)

    def content(self, number: str, reader: Entry | None = None) -> Case | None:
        """Read a case whole, and put the reading on the timeline."""
        if reader is None:
            with self.database.reading() as connection:
                return _content(connection, number, None)
        with self.database.writing() as connection:
            return _content(connection, number, reader)

    def supplements(self, number: str) -> tuple[Supplement, ...]:
        """Read what the citizen has added to a case."""
        with self.database.reading() as connection:
            return _supplements(connection, number)

    def history(self, number: str) -> tuple[Past, ...]:
        """Read all that was said about a case, by both sides."""
        with self.database.reading() as connection:
            return forwarding.history_of(connection, number)

    def timeline(self, number: str) -> list[Link]:
        """Read a case's whole timeline, oldest first."""
        with self.database.reading() as connection:
            return timelines.read(connection, number)

    def of_citizen(
        self, person: PersonId, number: str | None, since: datetime | None
    ) -> list[CitizenCase]:
        """Read a citizen's cases with their messages."""
        with self.database.reading() as connection:
            return inbox_messages.cases_of(connection, person, number, since)

    def inbox_messages(
        self, person: PersonId, after: str | None, limit: int
    ) -> list[InboxMessage]:
        """Read a page of the citizen's messages."""
        with self.database.reading() as connection:
            return inbox_messages.page(connection, person, after, limit)

    def inbox_attachment(
        self, person: PersonId, message_id: str, number: int
    ) -> Attachment | None:
        """Read one attachment of the citizen's own message."""
        with self.database.reading() as connection:
            return inbox_messages.attachment(connection, person, message_id, number)


def _content(connection: Connection, number: str, reader: Entry | None) -> Case | None:
    submitted = connection.execute(
        select(case_events)
        .join(cases)
        .where(cases.c.case_number == number, case_events.c.number == 1)
    ).one_or_none()
    if submitted is None:
        return None
    if reader is not None:
        timelines.append(connection, submitted.case_id, reader)
    case = case_from_json(orjson.loads(submitted.content))
    came_with = files.of_owners(connection, [submitted.id])
    return replace(case, attachments=came_with.get(submitted.id, ()))


def _supplements(connection: Connection, number: str) -> tuple[Supplement, ...]:
    added = connection.execute(
        select(case_events)
        .join(cases)
        .where(cases.c.case_number == number, case_events.c.event == CaseEvent.SUPPLEMENTED.value)
        .order_by(case_events.c.number)
    ).all()
    came_with = files.of_owners(connection, [row.id for row in added])
    return tuple(
        replace(
            supplement_from_json(orjson.loads(row.content)), attachments=came_with.get(row.id, ())
        )
        for row in added
    )
