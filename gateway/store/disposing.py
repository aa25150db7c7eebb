"""What goes of a case that is disposed of, table by table, and what stays (DOMAIN E4)."""

from uuid import UUID

import orjson
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    ScalarSelect,
    bindparam,
    delete,
    func,
    or_,
    select,
    union_all,
    update,
)

from gateway.domain.lifecycle import CaseState
from gateway.store import unmatched
from gateway.store.endings import endings
from gateway.store.handlings import handlings
from gateway.store.keepings import keepings
from gateway.store.measures import measures
from gateway.store.notices import notices
from gateway.store.records import Found, Wanted
from gateway.store.shelves import unit_inbox
from gateway.store.statistics import statistics_facts
from gateway.store.tables import (
    attachments,
    attempts,
    case_events,
    cases,
    delivery_steps,
    inbox_messages,
    outbox,
    received_messages,
    unmatched_messages,
)
from gateway.store.themes import theme_cases


def counts(connection: Connection, case: Found) -> dict[str, int]:
    """Count what will go, by sort, as the proof tells it."""
    counted = connection.execute(_COUNTS, {"case": case.id}).one()
    return {"events": counted.events, "messages": counted.messages, "files": counted.files}


def remove(connection: Connection, case: Found) -> None:
    """Remove content and identity of a case, which is locked."""
    for statement in GOES:
        connection.execute(statement, {"case": case.id})
    connection.execute(_OUT_OF_INBOX, {"case": case.id, "holder": case.holder_key})
    unmatched.let_go(connection, _unmatched(case))
    connection.execute(_WITHOUT_IDENTITY, {"case": case.id})


def _unmatched(case: Found) -> ColumnElement[bool]:
    """Find what was written about it and never found it, by either of its names."""
    by_number = _says("caseNumber", case.case_number)
    if case.external_case_id is None:
        return by_number
    by_holder = unmatched_messages.c.sender_key == case.holder_key
    by_id = by_holder & _says("externalCaseId", case.external_case_id)
    return or_(by_number, by_id)


def _says(key: str, value: str) -> ColumnElement[bool]:
    # As it was written: without blanks between key and value.
    said = orjson.dumps({key: value}).decode().strip("{}")
    return unmatched_messages.c.content.contains(said, autoescape=True)


_CASE: BindParameter[UUID] = bindparam("case")
_EVENTS = select(case_events.c.id).where(case_events.c.case_id == _CASE)
_MESSAGES = select(inbox_messages.c.id).where(inbox_messages.c.case_id == _CASE)
_FILES = attachments.c.owner_id.in_(union_all(_EVENTS, _MESSAGES))

# In the order in which they can go: what refers to another before that.
GOES = (
    delete(attachments).where(_FILES),
    delete(notices).where(notices.c.id.in_(_MESSAGES)),
    delete(delivery_steps).where(delivery_steps.c.delivery_id.in_(_EVENTS)),
    delete(attempts).where(attempts.c.delivery_id.in_(_EVENTS)),
    delete(outbox).where(outbox.c.id.in_(_EVENTS)),
    delete(case_events).where(case_events.c.case_id == _CASE),
    delete(inbox_messages).where(inbox_messages.c.case_id == _CASE),
    delete(received_messages).where(received_messages.c.case_id == _CASE),
    delete(handlings).where(handlings.c.case_id == _CASE),
    delete(endings).where(endings.c.case_id == _CASE),
    delete(measures).where(measures.c.case_id == _CASE),
    # The diary number stays, as proof; a hold that stands would have kept the case.
    update(keepings).where(keepings.c.case_id == _CASE).values(lift_reason=None),
    delete(theme_cases).where(theme_cases.c.case_id == _CASE),
    # What was counted stays so in the summaries; this told whose it was, unit and months.
    delete(statistics_facts).where(statistics_facts.c.case_id == _CASE),
)
_OUT_OF_INBOX = delete(unit_inbox).where(
    unit_inbox.c.owner_key == bindparam("holder"), unit_inbox.c.case_id == _CASE
)
# The number, the sender's id and its fingerprint stay: a repeat still gets the first receipt. So
# does what its holder calls it: who writes about it then is told that it was disposed of.
_WITHOUT_IDENTITY = (
    update(cases)
    .where(cases.c.id == _CASE)
    .values(state=CaseState.DISPOSED.value, submitter_oid="", submitter_number="")
)


def _how_many(found: Wanted) -> ScalarSelect[int]:
    return select(func.count()).select_from(found.subquery()).scalar_subquery()


_COUNTS = select(
    _how_many(_EVENTS).label("events"),
    _how_many(_MESSAGES).label("messages"),
    _how_many(select(attachments.c.number).where(_FILES)).label("files"),
)
