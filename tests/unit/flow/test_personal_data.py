"""Personal data stands in no repr, on no timeline and in no refusal (DESIGN decision 11)."""

import re
from dataclasses import fields, is_dataclass, replace

import pytest

from gateway.domain import case, message, person
from gateway.domain.case import Patient, Receiver, ReceiverType, Relation, Submitter
from gateway.domain.errors import Refusal
from gateway.domain.hsa import HsaId
from gateway.domain.message import MessageKind
from gateway.flow import ports
from gateway.flow.ports import Change, CitizenCase, UnmatchedMessage
from gateway.testing.builders import (
    AGDA,
    NOW,
    TOLVAN,
    make_attachment,
    make_case,
    make_case_message,
    make_delivery,
    make_entry,
    make_inbox_message,
    make_new_case,
    make_supplement,
)

# Every text that a repr shows. Whoever adds a field of text decides: repr=False, or this table.
SHOWN = {
    "Abandoned": "destination",
    "Attachment": "media_type",
    "Attempt": "outcome reason",
    "Attempted": "outcome reason remote_id",
    "Case": "case_id",
    "CaseMessage": "message_id case_number external_case_id standard_text",
    "CaseName": "number external",
    "CaseRecord": "number region unit_name destination external_case_id",
    "Change": "external_case_id",
    "Claimed": "destination",
    "DeliveryRecord": "case_number destination reason remote_id",
    "InboxMessage": "message_id case_number sender_name",
    "Message": "message_id case_number",
    "NewCase": "number fingerprint region unit_name warnings",
    "NewDelivery": "message_id destination",
    "PersonId": "oid",
    "Receipt": "case_number warnings",
    "Received": "message_id fingerprint",
    "UnmatchedMessage": "reason",
}
VALUES = [
    value
    for module in (case, message, person, ports)
    for value in vars(module).values()
    if isinstance(value, type) and is_dataclass(value) and value.__module__ == module.__name__
]

PERSONAL = [
    TOLVAN.number,
    AGDA.number,
    "Tolvan",
    "070-1234567",
    "@example.se",
    "hemma hos Agda",
    "Jag föll",
    "En ursäkt",
    "Jag minns",
    "Tack Agda",
]
FILE = make_attachment(b"Jag minns", "Tolvan.txt", "text/plain")
COMMITTEE = Receiver(ReceiverType.COMMITTEE, HsaId("SE2321000016-PN"), place="hemma hos Agda")
WHOLE = make_case(
    receiver=COMMITTEE,
    submitter=Submitter(TOLVAN, "Tolvan Tolvansson", "070-1234567", "tolvan@example.se"),
    patient=Patient(AGDA, Relation.GUARDIAN, power_of_attorney=False, name="Tolvan"),
    description="Jag föll.",
    desired_outcome="En ursäkt.",
    attachments=(FILE,),
)
SUPPLEMENT = make_supplement(text="Jag minns mer.", attachments=(FILE,))
REPLY = make_case_message(text="Tack Agda.", attachments=(FILE,))
TOLD = make_inbox_message(text="Tack Agda.", attachments=(FILE,))
DELIVERY = make_delivery(supplement=SUPPLEMENT)
NEW = make_new_case(WHOLE, delivery=DELIVERY, confirmation=TOLD)


@pytest.mark.parametrize("value", VALUES, ids=lambda value: value.__name__)
def test_a_text_is_hidden_unless_the_table_says_that_it_may_be_shown(value):
    """DESIGN decision 11: `repr=False`; a new field is a new decision."""
    texts = [f for f in fields(value) if re.search(r"\b(str|bytes)\b", str(f.type))]
    shown = {field.name for field in texts if field.repr}
    assert shown == set(SHOWN.get(value.__name__, "").split())


@pytest.mark.parametrize(
    "value",
    [
        WHOLE,
        REPLY,
        NEW,
        Change(None, make_entry(), TOLD, DELIVERY),  # type: ignore[arg-type] # no state is needed
        CitizenCase(None, (TOLD,)),  # type: ignore[arg-type] # no record is needed
        UnmatchedMessage(HsaId("SE1"), REPLY, NOW, "no case of that name is known here"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_whole_value_shows_nothing_of_people(value):
    """DESIGN decision 11: what a log line or a traceback would show."""
    _shows_nothing(repr(value))


def test_a_claimed_delivery_shows_nothing_of_people(town):
    """DESIGN decision 11: the worker holds the whole message."""
    town.submit(WHOLE)
    (claimed,) = town.claim()
    assert claimed.message.case == WHOLE
    _shows_nothing(repr(claimed) + repr(claimed.message))


def test_a_timeline_tells_nothing_of_people(town):
    """DOMAIN G3: it outlives the case's own content."""
    number = town.submit(WHOLE).receipt.case_number
    town.ask_for_files(number)
    town.intake.supplement(number, "s1", SUPPLEMENT, town.e_service)
    town.replies.post(replace(REPLY, case_number=number), town.system)
    town.intake.withdraw(number, "w1", town.e_service)
    timeline = town.store.cases.timeline(number)
    assert len(timeline) == 5
    _shows_nothing(repr(timeline))


def test_a_refusal_tells_nothing_of_people(town):
    """DESIGN decision 11: no fault text, whichever rule is broken."""
    number = town.submit(WHOLE).receipt.case_number
    closed = replace(REPLY, case_number=number, kind=MessageKind.CLOSED)
    town.replies.post(closed, town.system)
    for verb in (
        lambda: town.submit(replace(WHOLE, desired_outcome="En ursäkt, nu.")),
        lambda: town.submit(replace(WHOLE, receiver=replace(COMMITTEE, hsa_id=None))),
        lambda: town.intake.supplement(number, "s1", SUPPLEMENT, town.e_service),
        lambda: town.replies.post(REPLY, town.system),
        lambda: town.citizens.own_cases(replace(AGDA, oid="1.2"), town.e_service, None, None),
    ):
        with pytest.raises(Refusal) as refused:
            verb()
        _shows_nothing(str(refused.value))


def _shows_nothing(words):
    assert [personal for personal in PERSONAL if personal in words] == []
