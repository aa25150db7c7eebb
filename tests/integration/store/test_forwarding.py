"""A case forwarded from the built-in inbox to a system that speaks SOAP, and back, in SQL."""

from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from adapters.inbox import Inbox, InboxSettings
from adapters.riv_soap import RivSoap, RivSoapSettings
from gateway.adapter import Tools
from gateway.domain.destination import Destination
from gateway.domain.errors import Unavailable
from gateway.domain.hsa import HsaId
from gateway.domain.law import Limits
from gateway.domain.lifecycle import DeliveryState
from gateway.domain.message import MessageKind
from gateway.domain.period import ALWAYS
from gateway.domain.policy import Policy
from gateway.domain.region import Committee, Region, Unit
from gateway.domain.routing import RouteTable, Row
from gateway.flow.caller import Caller, Role
from gateway.flow.contents import stored
from gateway.flow.file_intake import FileIntake
from gateway.flow.forwarding import Forwarding
from gateway.flow.ports import Attempted
from gateway.flow.replies import Replies
from gateway.scanner import recognise
from gateway.store.sql_store import open_store
from gateway.testing.builders import (
    CASE_SYSTEM,
    NOW,
    TOLVAN,
    UNIT,
    make_attachment,
    make_case,
    make_case_message,
    make_delivery,
    make_new_case,
)
from gateway.testing.dialects import SoapSystem
from gateway.testing.foreign import FakeSteps
from gateway.testing.memory_contents import MemoryContents
from gateway.wire import lent_client

pytest_plugins = ["gateway.testing.postgres"]

CONTRACTS = Path(__file__).parents[3] / "wsdl"
WARD = HsaId("SE2321000016-WARD")
SYSTEM = Caller(CASE_SYSTEM, "Systemet", Role.CASE_SYSTEM)
NURSE = Caller(HsaId("SE2321000016-N"), "Ina", Role.CASE_RECEIVER, frozenset({WARD}))
OPERATOR = Caller(HsaId("SE5560000000-OP"), "Drift", Role.OPERATOR)


def _table():
    inbox = Destination("norr/own", "norr", "own", "inbox", {}, Policy(), None, "Inkorg")
    system = replace(inbox, key="norr/cases", adapter="riv_soap", system=CASE_SYSTEM)
    rows = {
        at.key: (Row(Unit(at, name, "Ort", "norr"), to, ALWAYS, "u.csv", 2),)
        for at, name, to in ((WARD, "Avdelningen", inbox), (UNIT, "Vårdcentralen", system))
    }
    region = Region("norr", "Norr", "25", Committee(HsaId("SE2321000016-PN"), "Nämnden", inbox))
    return RouteTable("1", {"norr": region}, {to.key: to for to in (inbox, system)}, rows)


@dataclass
class Case:
    """A case in the inbox of a ward, with a file."""

    store: Any
    contents: Any = field(default_factory=MemoryContents)
    number: str = ""
    now: Any = NOW

    def __post_init__(self):
        files = stored(self.contents, (make_attachment(),))
        delivery = make_delivery(destination="norr/own")
        new = make_new_case(make_case(attachments=files), holder=WARD, delivery=delivery)
        self.store.cases.add([replace(new, unit=WARD, unit_name="Avdelningen")])
        self.number, cases = new.number, self.store.cases
        file_intake = FileIntake(self.contents, recognise)
        self.replies = Replies(_table, cases, self._clock, Limits(), file_intake)
        self.forwarding = Forwarding(_table, cases, self._clock)

    def _clock(self):
        return self.now

    def say(self, kind, caller, **told):
        """Post as its holder, a second later."""
        self.now += timedelta(seconds=1)
        message = make_case_message(case_number=self.number, kind=kind, **told)
        return self.replies.post(message, caller)

    def claim(self, key):
        """Claim what waits there, if anything."""
        return self.store.deliveries.claim(key, 9, self.now, timedelta(minutes=1))

    def deliver(self, key, adapter):
        """Deliver the only one that waits there."""
        [claim] = self.claim(key)
        remote_id = adapter.deliver(claim.message).remote_id
        ended = Attempted(DeliveryState.DELIVERED, "delivered", remote_id=remote_id)
        assert self.store.deliveries.record(claim, ended, self.now)

    @property
    def record(self):
        """Where it stands."""
        return self.store.cases.find(self.number)


@pytest.fixture
def case(store, contents):
    """A case in the inbox."""
    return Case(store, contents)


@pytest.fixture
def locking_store(postgres_url):
    """Only PostgreSQL locks rows."""
    store = open_store(postgres_url)
    yield store
    store.close()


@contextmanager
def adapters(store):
    """Lend the inbox, and a system that checks what it gets by the contract and its extension."""
    with SoapSystem(CONTRACTS) as remote, lent_client(Policy()) as http:
        tools = Tools(http, store.unit_inboxes, CONTRACTS, FakeSteps(), "SE5560000000-VAXEL")
        soap = RivSoap(RivSoapSettings.model_validate(remote.settings), tools)
        yield Inbox(InboxSettings(), tools), soap, remote


def _lies_with(store, owner):
    return [item.record.number for item in store.unit_inboxes.items(frozenset({owner}), None, 9)]


def test_from_the_inbox_to_a_soap_system_and_back(case, store):
    """DOMAIN D6: each holder has it in turn with its history; its citizen is told each time."""
    with adapters(store) as (inbox, soap, remote):
        case.deliver("norr/own", inbox)
        case.say(MessageKind.PARTIAL_REPLY, NURSE, attachments=(make_attachment(),))
        case.say(MessageKind.FORWARD, NURSE, forward_to=UNIT, text="Det är ert.")
        assert _lies_with(store, WARD) == []
        case.deliver("norr/cases", soap)
        [arrival] = remote.arrivals
        assert (arrival.event, len(arrival.attachments)) == ("FORWARDED", 2)
        case.say(MessageKind.RECEIVED, SYSTEM, external_case_id=remote.case_id(case.number))
        case.forwarding.forward(case.number, "op-1", WARD, None, OPERATOR)
        case.deliver("norr/own", inbox)
    assert _lies_with(store, WARD) == [case.number]
    assert (case.record.holder, case.record.external_case_id) == (WARD, case.number)
    kinds = [message.kind.value for message in store.cases.inbox_messages(TOLVAN, None, 9)]
    assert kinds[1:] == ["PARTIAL_REPLY", "FORWARDED", "RECEIVED", "FORWARDED"]


def test_a_forward_does_not_wait_for_a_worker_that_waits_for_it(locking_store):
    """DOMAIN C3, D6: refused for the moment, with nothing changed; then it goes."""
    store, case = locking_store, Case(locking_store)
    with store.database.writing() as worker:
        worker.execute(text("SELECT 1 FROM outbox FOR UPDATE"))
        with pytest.raises(Unavailable):
            case.say(MessageKind.FORWARD, NURSE, forward_to=UNIT, text=None)
    assert case.record.holder == WARD
    case.say(MessageKind.FORWARD, NURSE, forward_to=UNIT, text=None)
    assert case.record.holder == CASE_SYSTEM
