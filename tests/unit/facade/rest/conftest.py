"""The REST door before small stores in memory; every answer is held against the description."""

import copy
import hashlib
import json
import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from uuid import UUID

import pytest
from openapi_schema_validator import OAS31Validator, oas31_format_checker
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from gateway.domain.case import CaseEvent, Kind, Supplement
from gateway.domain.destination import Destination
from gateway.domain.errors import Unavailable
from gateway.domain.hsa import HsaId
from gateway.domain.law import Limits
from gateway.domain.lifecycle import CaseState, DeliveryState
from gateway.domain.message import InboxMessage
from gateway.domain.period import ALWAYS
from gateway.domain.person import PersonId
from gateway.domain.policy import Policy
from gateway.domain.routing import Committee, Region, RouteTable, Row, Unit
from gateway.facade.doors import Doors
from gateway.facade.identity import Identity, KnownCaller
from gateway.facade.rest.api import description, make_rest
from gateway.facade.rest.bodies import CaseBody
from gateway.flow.caller import Caller, Role
from gateway.flow.inboxes import CitizenInbox, StaffInbox
from gateway.flow.intake import Intake
from gateway.flow.operating import Operating
from gateway.flow.ports import (
    Attempt,
    CaseRecord,
    Conflicting,
    DeliveryRecord,
    Kept,
    NewCase,
    Receipt,
    UnitInboxItem,
    UnmatchedMessage,
)
from gateway.flow.replies import Replies
from gateway.flow.timeline import GENESIS, Link, link

NOW = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
DELIVERY = UUID("0198f0a4-7c1e-7d3a-9b52-3f6f0c0a1b2c")
UNIT, INBOX_UNIT = HsaId("SE2321000016-1A2B"), HsaId("SE2321000016-3C4D")
COMMITTEE, SYSTEM = HsaId("SE2321000016-PN"), HsaId("SE2321000016-AVV1")
CALLERS = {
    "e-service": Caller(HsaId("SE5560000000-E177"), "1177", Role.E_SERVICE),
    "other-e-service": Caller(HsaId("SE5560000000-E2"), "Annan", Role.E_SERVICE),
    "system": Caller(SYSTEM, "Avvikelse", Role.CASE_SYSTEM),
    "staff": Caller(HsaId("SE2321000016-P1"), "Nanna", Role.STAFF, frozenset({INBOX_UNIT})),
    "operator": Caller(HsaId("SE5560000000-OP"), "Drift", Role.OPERATOR),
}


@dataclass
class Memory:
    """Every port at once, in dictionaries; `broken` is what each method raises when it is set."""

    new: dict[str, NewCase] = field(default_factory=dict)
    records: dict[str, CaseRecord] = field(default_factory=dict)
    received: dict[tuple[HsaId, str], tuple[str, Receipt]] = field(default_factory=dict)
    inbox: list[tuple[PersonId, InboxMessage]] = field(default_factory=list)
    added: dict[str, list[Supplement]] = field(default_factory=dict)
    lines: dict[str, list[Link]] = field(default_factory=dict)
    strays: list[UnmatchedMessage] = field(default_factory=list)
    parked: DeliveryRecord | None = None
    broken: Exception | None = None

    async def keep(self, new):
        self._check()
        first = next((n for n in self.new.values() if _key(n) == _key(new)), None)
        if first is not None:
            same = first.fingerprint == new.fingerprint
            return Kept(_receipt(first), repeated=True) if same else Conflicting()
        self.new[new.number] = new
        self.records[new.number] = _record(new)
        self.inbox.append((new.case.submitter.person_id, new.confirmation))
        self._write(new.number, new.entry)
        return Kept(_receipt(new), repeated=False)

    def change(self, name, received, decide):
        self._check()
        record = self.records.get(name.number)
        if record is None:
            return None
        key = (received.sender, received.message_id)
        if key in self.received:
            digest, receipt = self.received[key]
            same = digest == received.fingerprint
            return Kept(receipt, repeated=True) if same else Conflicting()
        change = decide(record)
        self.records[record.number] = replace(record, state=change.state)
        if change.inbox:
            person = self.new[record.number].case.submitter.person_id
            self.inbox.append((person, change.inbox))
        if change.delivery and change.delivery.supplement:
            self.added.setdefault(record.number, []).append(change.delivery.supplement)
        self._write(record.number, change.entry)
        receipt = Receipt(record.number, received.at)
        self.received[key] = (received.fingerprint, receipt)
        return Kept(receipt, repeated=False)

    def find(self, number):
        self._check()
        return self.records.get(number)

    def content(self, number, reader=None):
        self._write(number, reader)
        return self.new[number].case

    async def kept_before(self, sender, case_id, digest):
        kept = [n for n in self.new.values() if _key(n) == (sender, case_id)]
        return next((_receipt(n) for n in kept if n.fingerprint == digest), None)

    def supplements(self, number):
        return tuple(self.added.get(number, ()))

    def timeline(self, number):
        return self.lines[number]

    def keep_unmatched(self, unmatched):
        self.strays.append(unmatched)

    def unmatched(self, limit):
        return self.strays[:limit]

    def inbox_messages(self, person, after, limit):
        own = [message for who, message in self.inbox if who == person]
        ids = [message.message_id for message in own]
        start = ids.index(after) + 1 if after else 0
        return own[start : start + limit]

    def inbox_attachment(self, person, message_id, number):
        for who, message in self.inbox:
            if (who, message.message_id) == (person, message_id):
                return dict(enumerate(message.attachments, 1)).get(number)
        return None

    def items(self, owners, after, limit):
        own = [r for r in self.records.values() if r.holder in owners]
        numbers = [record.number for record in own]
        start = numbers.index(after) + 1 if after else 0
        return [UnitInboxItem(r, NOW) for r in own[start : start + limit]]

    def listed(self, state, destination, after, limit):
        return [self.parked] * limit if self.parked and state in (None, self.parked.state) else []

    def delivery(self, delivery):
        attempts = [Attempt(1, NOW, NOW, "try-later", "HTTP 503")]
        return (self.parked, attempts) if self.parked and delivery == self.parked.id else None

    def replay(self, delivery, entry, at):
        if self.parked is None or self.parked.state is not DeliveryState.PARKED:
            return None
        self.parked = replace(self.parked, state=DeliveryState.WAITING)
        return self.parked

    def _check(self):
        if self.broken:
            raise self.broken

    def _write(self, number, entry):
        lines = self.lines.setdefault(number, [])
        lines.append(link(entry, len(lines) + 1, lines[-1].hash if lines else GENESIS))


@dataclass
class Outbox:
    """The deliveries of a memory."""

    memory: Memory

    def __getattr__(self, name):
        return getattr(self.memory, "delivery" if name == "find" else name)


@pytest.fixture
def memory():
    """The store behind the door, empty."""
    return Memory()


@pytest.fixture
def doors(memory):
    """All that stands behind the door."""
    clock, limits, table = _clock(), Limits(attachment_bytes=1000), _table()
    known = [KnownCaller(caller, frozenset({_digest(key)})) for key, caller in CALLERS.items()]
    return Doors(
        intake=Intake(lambda: table, memory.keep, memory.kept_before, memory, clock, limits),
        replies=Replies(memory, clock, limits),
        citizen_inbox=CitizenInbox(memory),
        staff_inbox=StaffInbox(memory, memory, clock),
        operating=Operating(
            lambda: table, memory, Outbox(memory), lambda: memory.broken is None, clock
        ),
        identity=Identity(known, ()),
        name="vaxel-test",
        hsa_id=HsaId("SE5560000000-VAXEL"),
        largest_request=100_000,
        contracts=Path("wsdl"),
    )


@pytest.fixture(scope="session")
def described():
    """The description of the API, as it is served."""
    return json.loads(description())


@pytest.fixture
def client(doors, described):
    """Somebody without a key; every answer it gets must be one that is described."""
    hooks = {"response": [lambda response: _must_be_described(response, described)]}
    client = TestClient(_mounted(doors), base_url="https://vaxel.example")
    client.event_hooks = hooks
    with client:
        yield client


@pytest.fixture
def asked(client):
    """Ask as a caller: `asked("staff", "GET", "/unit-inbox")`."""

    def ask(caller, method, path, headers=None, **more):
        headers = {"X-API-Key": caller, **(headers or {})}
        return client.request(method, f"/api/v1{path}", headers=headers, **more)

    return ask


@pytest.fixture
def case():
    """A case to a unit with an external system."""
    return copy.deepcopy(CaseBody.EXAMPLE)


@pytest.fixture
def unit_case(case):
    """A case to a unit with the built-in inbox."""
    return case | {"caseId": "e-2", "receiver": {"type": "CARE", "hsaId": INBOX_UNIT.text}}


@pytest.fixture
def parked(memory):
    """A delivery that waits for an operator."""
    memory.parked = DeliveryRecord(
        id=DELIVERY,
        case_number="2026-7F3K-9QWM2X",
        event=CaseEvent.SUBMITTED,
        destination="stockholm/avvikelse",
        state=DeliveryState.PARKED,
        created_at=NOW,
        due_at=NOW,
        attempts=3,
        reason="HTTP 503",
        remote_id=None,
    )
    return memory.parked


@pytest.fixture
def unavailable(memory):
    """A store that cannot keep anything right now."""
    memory.broken = Unavailable("the disk of db1.internal is full", retry_after=7)


def _clock():
    """Make a clock that goes on a second each time it is read: a repeat always comes later."""
    seconds = count()
    return lambda: NOW + timedelta(seconds=next(seconds))


def _mounted(doors):
    return Starlette(routes=[Mount("/api/v1", make_rest(doors))])


def _table():
    inbox = _destination("inbox", "inbox", None)
    avvikelse = _destination("avvikelse", "rest", SYSTEM)
    rows = {}
    for line, (unit, to) in enumerate([(UNIT, avvikelse), (INBOX_UNIT, inbox)], 1):
        name = "Akutmottagningen Solna"
        row = Row(Unit(unit, name, "Solna", "stockholm"), to, ALWAYS, "stockholm.csv", line)
        rows[unit.key] = (row,)
    committee = Committee(COMMITTEE, "Patientnämnden", inbox)
    region = Region("stockholm", "Region Stockholm", "01", committee)
    return RouteTable("5f2c9e", {"stockholm": region}, {"stockholm/inbox": inbox}, rows)


def _destination(name, adapter, system):
    key = f"stockholm/{name}"
    return Destination(key, "stockholm", name, adapter, {}, Policy(), system, name)


def _digest(key):
    return hashlib.sha256(key.encode()).hexdigest()


def _key(new):
    return (new.sender, new.case.case_id)


def _receipt(new):
    return Receipt(new.number, new.received_at, new.warnings)


def _record(new):
    return CaseRecord(
        id=new.id,
        number=new.number,
        kind=Kind(new.case.kind),
        state=CaseState.SUBMITTED,
        region=new.region,
        unit=new.unit,
        unit_name=new.unit_name,
        destination=new.delivery.destination,
        holder=new.holder,
        sender=new.sender,
        received_at=new.received_at,
        due_at=new.due_at,
        external_case_id=None,
    )


def _must_be_described(response, described):
    path = response.request.url.path.removeprefix("/api/v1")
    operation = _operation(described, path, response.request.method)
    if operation is None:
        return
    response.read()
    promised = operation["responses"][str(response.status_code)]
    missing = [name for name in promised["headers"] if name not in response.headers]
    assert missing == [], f"{response.status_code} without {missing}"
    media = promised["content"].get(response.headers["content-type"])
    if media is None:
        assert "*/*" in promised["content"], response.headers["content-type"]
        return
    schema = media["schema"] | {"components": described["components"]}
    OAS31Validator(schema, format_checker=oas31_format_checker).validate(response.json())


def _operation(described, path, method):
    for template, item in described["paths"].items():
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path):
            return item.get(method.lower())
    return None
