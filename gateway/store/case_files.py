"""Cases read whole, in one transaction with the entry that tells of it (DOMAIN E3, G3)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import orjson
from sqlalchemy import Connection, bindparam, select

from gateway.domain.case import CaseEvent
from gateway.domain.handling import UNHANDLED
from gateway.domain.notation import case_from_json, supplement_from_json
from gateway.flow.archive_package import Added, CaseFile
from gateway.flow.ports import Ambiguous, CaseName
from gateway.flow.timeline import Entry
from gateway.store import files, inbox_messages, naming, timelines
from gateway.store.engine import Database
from gateway.store.files import Files
from gateway.store.handlings import handling_of, handlings
from gateway.store.keepings import keeping_of, keepings
from gateway.store.records import Found, case_record
from gateway.store.tables import case_events, outbox


@dataclass(frozen=True, slots=True)
class SqlCaseFiles:
    """Where cases are read whole."""

    database: Database

    def read(self, number: str, reader: Entry) -> CaseFile | None:
        """Put the reading on the timeline, and read all there is."""
        with self.database.writing() as connection:
            case = naming.lock(connection, CaseName(number))
            if case is None or isinstance(case, Ambiguous):
                return None
            events = connection.execute(_EVENTS, {"case": case.id}).all()
            if not events:
                return None
            timelines.append(connection, case.id, reader)
            return _file(connection, case, events)


def _file(connection: Connection, case: Found, events: Sequence[Found]) -> CaseFile:
    came_with = files.of_owners(connection, [event.id for event in events])
    [submitted, *later] = events
    whole = case_from_json(orjson.loads(submitted.content))
    handled = connection.execute(_HANDLING, {"case": case.id}).one_or_none()
    return CaseFile(
        record=case_record(case),
        case=replace(whole, attachments=came_with.get(submitted.id, ())),
        added=tuple(
            _added(event, came_with)
            for event in later
            if event.event == CaseEvent.SUPPLEMENTED.value
        ),
        reasons=tuple(
            _reason(event) for event in later if event.event == CaseEvent.FORWARDED.value
        ),
        messages=inbox_messages.of_case(connection, case.id),
        handling=UNHANDLED if handled is None else handling_of(handled),
        keeping=keeping_of(connection.execute(_KEEPING, {"case": case.id}).one_or_none()),
        timeline=tuple(timelines.read(connection, case.case_number)),
    )


def _added(event: Found, came_with: Files) -> Added:
    supplement = supplement_from_json(orjson.loads(event.content))
    attachments = came_with.get(event.id, ())
    return Added(event.created_at, replace(supplement, attachments=attachments))


def _reason(event: Found) -> str | None:
    reason: str | None = orjson.loads(event.content)["reason"] if event.content else None
    return reason


# A delivery is made in the moment of its event.
_EVENTS = (
    select(case_events, outbox.c.created_at)
    .outerjoin(outbox, outbox.c.id == case_events.c.id)
    .where(case_events.c.case_id == bindparam("case"))
    .order_by(case_events.c.number)
)
_HANDLING = select(handlings).where(handlings.c.case_id == bindparam("case"))
_KEEPING = select(keepings).where(keepings.c.case_id == bindparam("case"))
