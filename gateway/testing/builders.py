"""
Whole and lawful examples of what travels, built by naming only what matters.

Persons come from the official test numbers only.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from uuid_utils.compat import uuid7

from gateway.domain.case import (
    AnswerWanted,
    Attachment,
    Case,
    CaseEvent,
    Kind,
    Receiver,
    ReceiverType,
    Submitter,
    Supplement,
)
from gateway.domain.content import InMemory
from gateway.domain.hsa import HsaId
from gateway.domain.message import CaseMessage, InboxKind, InboxMessage, Message, MessageKind
from gateway.domain.notation import case_to_json
from gateway.domain.person import PERSONNUMMER_OID, PersonId
from gateway.domain.publication import Publication
from gateway.flow.alarms import Alarm, Alert
from gateway.flow.fingerprint import fingerprint
from gateway.flow.numbers import new_case_number
from gateway.flow.ports import NewCase, NewDelivery
from gateway.flow.timeline import Entry, Step
from gateway.testing.small_files import PNG

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)

TOLVAN = PersonId(PERSONNUMMER_OID, "191212121212")
AGDA = PersonId(PERSONNUMMER_OID, "188803099368")

E_SERVICE = HsaId("SE5560000001-ESERVICE")
CASE_SYSTEM = HsaId("SE2321000016-CASES")
UNIT = HsaId("SE2321000016-1A2B")
DESTINATION = "norr/cases"


def make_attachment(
    content: bytes = PNG,
    file_name: str = "kvitto.png",
    media_type: str = "image/png",
) -> Attachment:
    """Build a small picture, which has come and is not kept yet."""
    return Attachment(file_name, media_type, InMemory(content))


def make_case(**only_what_matters: Any) -> Case:  # the fields of Case
    """Build a complaint to the care, with an id of its own."""
    return replace(_CASE, **({"case_id": str(uuid7())} | only_what_matters))


def make_supplement(**only_what_matters: Any) -> Supplement:  # the fields of Supplement
    """Build what a citizen added."""
    return replace(_SUPPLEMENT, **only_what_matters)


def make_message(**only_what_matters: Any) -> Message:  # the fields of Message
    """Build what a destination is told of a new case."""
    of_its_own: dict[str, Any] = {
        "message_id": str(uuid7()),
        "case_number": new_case_number(NOW.year),
        "case": make_case(),
    }
    return replace(_MESSAGE, **(of_its_own | only_what_matters))


def make_case_message(**only_what_matters: Any) -> CaseMessage:  # the fields of CaseMessage
    """Build a final reply by the holder of a case."""
    return replace(_CASE_MESSAGE, **({"message_id": str(uuid7())} | only_what_matters))


def make_inbox_message(**only_what_matters: Any) -> InboxMessage:  # the fields of InboxMessage
    """Build a message to the citizen."""
    return replace(_INBOX_MESSAGE, **({"message_id": str(uuid7())} | only_what_matters))


def make_delivery(**only_what_matters: Any) -> NewDelivery:  # the fields of NewDelivery
    """Build something that a destination shall be told."""
    return replace(_DELIVERY, **({"message_id": str(uuid7())} | only_what_matters))


def make_entry(**only_what_matters: Any) -> Entry:  # the fields of Entry
    """Build a line of the timeline."""
    return replace(_ENTRY, **only_what_matters)


def make_alert(alarm: Alarm, **only_what_matters: Any) -> Alert:  # the fields of Alert
    """Build the alert of a beginning."""
    return replace(Alert(uuid7(), alarm, began=True, at=NOW), **only_what_matters)


def make_publication(**only_what_matters: Any) -> Publication:  # the fields of Publication
    """Build a first version of the route table."""
    return replace(_PUBLICATION, **only_what_matters)


def make_new_case(case: Case | None = None, **only_what_matters: Any) -> NewCase:
    """Build a case as the intake hands it to the store: all its parts belong together."""
    case = case or make_case()
    number = only_what_matters.get("number") or new_case_number(NOW.year)
    received_at = only_what_matters.get("received_at") or NOW
    whole = NewCase(
        id=uuid7(),
        number=number,
        case=case,
        content=case_to_json(case, with_content=False),
        sender=E_SERVICE,
        fingerprint=fingerprint(case_to_json(case, with_content=False), case.attachments),
        region="norr",
        unit=UNIT,
        unit_name=_UNIT_NAME,
        holder=CASE_SYSTEM,
        received_at=received_at,
        due_at=received_at + timedelta(weeks=4) if case.kind is Kind.COMPLAINT else None,
        warnings=(),
        delivery=make_delivery(created_at=received_at),
        confirmation=make_inbox_message(
            case_number=number, kind=InboxKind.CASE_CONFIRMATION, sent_at=received_at
        ),
        entry=make_entry(at=received_at),
    )
    return replace(whole, **only_what_matters)


_PUBLICATION = Publication(1, "5f2c9e0a71d3", "SE5560000000-VAXEL", "the first one", NOW)

_UNIT_NAME = "Vårdcentralen Björken"

_CASE = Case(
    case_id="1",
    kind=Kind.COMPLAINT,
    receiver=Receiver(ReceiverType.CARE, UNIT),
    event_date=date(2026, 10, 28),
    answer_wanted=AnswerWanted.INBOX,
    submitter=Submitter(TOLVAN, "Tolvan Tolvansson"),
    description="Jag fick vänta i sju timmar på akuten utan att någon sade varför.",
)

_SUPPLEMENT = Supplement("Jag glömde säga att det var på kvällen.")

_MESSAGE = Message(
    message_id="1",
    event=CaseEvent.SUBMITTED,
    case_number="1",
    created_at=NOW,
    unit=UNIT,
    case=_CASE,
)

_CASE_MESSAGE = CaseMessage(
    message_id="1",
    kind=MessageKind.FINAL_REPLY,
    sent_at=NOW,
    text="Tack för dina synpunkter. Vi har ändrat våra rutiner.",
)

_INBOX_MESSAGE = InboxMessage(
    message_id="1",
    case_number="1",
    kind=InboxKind.FINAL_REPLY,
    sent_at=NOW,
    sender=UNIT,
    sender_name=_UNIT_NAME,
    text="Tack för dina synpunkter. Vi har ändrat våra rutiner.",
)

_DELIVERY = NewDelivery("1", CaseEvent.SUBMITTED, DESTINATION, NOW)

_ENTRY = Entry(Step.CASE_ACCEPTED, NOW, E_SERVICE.text, {"destination": DESTINATION})
