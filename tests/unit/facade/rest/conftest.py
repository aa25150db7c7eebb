"""The REST door before a store in memory; every answer is held against the description."""

import copy
import hashlib
import json
import re
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from openapi_schema_validator import OAS31Validator, oas31_format_checker
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from gateway.domain.destination import Destination
from gateway.domain.hsa import HsaId
from gateway.domain.law import Limits
from gateway.domain.period import ALWAYS
from gateway.domain.policy import Policy
from gateway.domain.routing import Committee, Region, RouteTable, Row, Unit
from gateway.facade.identity import Identity, KnownCaller
from gateway.facade.rest.api import description, make_rest
from gateway.facade.rest.bodies import CaseBody
from gateway.flow.caller import INBOX_ROLES, Caller, Role
from gateway.flow.ports import Conflicting, Kept, NewCase
from gateway.testing.memory import MemoryStore
from tests.doors import make_doors

NOW = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
UNIT, INBOX_UNIT = HsaId("SE2321000016-1A2B"), HsaId("SE2321000016-3C4D")
PICKUP_UNIT, PICKING_SYSTEM = HsaId("SE2321000016-5E6F"), HsaId("SE2321000016-DIA1")
OTHER_UNIT = HsaId("SE2321000016-7G8H")
COMMITTEE, SYSTEM = HsaId("SE2321000016-PN"), HsaId("SE2321000016-AVV1")
CALLERS = {
    "e-service": Caller(HsaId("SE5560000000-E177"), "1177", Role.E_SERVICE),
    "other-e-service": Caller(HsaId("SE5560000000-E2"), "Annan", Role.E_SERVICE),
    "system": Caller(SYSTEM, "Avvikelse", Role.CASE_SYSTEM),
    "picking-system": Caller(PICKING_SYSTEM, "Diariet", Role.CASE_SYSTEM),
    "staff": Caller(
        HsaId("SE2321000016-P1"), "Nanna", Role.CASE_RECEIVER, frozenset({INBOX_UNIT})
    ),
    "operator": Caller(HsaId("SE5560000000-OP"), "Drift", Role.OPERATOR),
    "national": Caller(HsaId("SE5560000000-NAT"), "Nationell", Role.NATIONAL),
    "auditor": Caller(HsaId("SE5560000000-AUD"), "Revisor", Role.AUDITOR),
    "integrator": Caller(
        HsaId("SE2321009101-INT"), "Nord", Role.INTEGRATOR, regions=frozenset({"nordmark"})
    ),
}
# The other people, of the unit with the inbox and of another; see the access matrix.
CALLERS |= {
    f"{role.value} of {whose}": Caller(
        HsaId(f"SE2321000016-{role.name}-{whose}"),
        role.value,
        role,
        frozenset({INBOX_UNIT if whose == "own" else OTHER_UNIT}),
    )
    for role in sorted(INBOX_ROLES)
    for whose in ("own", "other")
}
CALLERS |= {
    f"regional-follow-up of {whose}": Caller(
        HsaId(f"SE2321000016-FOLLOW-{whose}"),
        "Uppföljning",
        Role.FOLLOW_UP,
        regions=frozenset({"stockholm" if whose == "own" else "nordmark"}),
    )
    for whose in ("own", "other")
}


class BreakableStore(MemoryStore):
    """A store that can fail in any way: `broken` is what keeping a case raises."""

    broken: Exception | None = None

    async def keep(self, new: NewCase) -> Kept | Conflicting:
        """Keep one case, unless it is broken."""
        if self.broken:
            raise self.broken
        return await super().keep(new)


@pytest.fixture
def clock():
    """A clock that goes on a second each time it is read: a repeat always comes later."""
    seconds = count()
    return lambda: NOW + timedelta(seconds=next(seconds))


@pytest.fixture
def store(clock):
    """The store behind the door, empty."""
    return BreakableStore(clock)


@pytest.fixture
def doors(store, clock):
    """All that stands behind the door."""
    limits, table = Limits(attachment_bytes=1000), _table()
    known = [KnownCaller(caller, frozenset({_digest(key)})) for key, caller in CALLERS.items()]
    return make_doors(
        store,
        table,
        clock,
        limits=limits,
        fetched=_is_fetched,
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
def pickup_case(case):
    """A case to a unit whose system fetches."""
    return case | {"caseId": "e-4", "receiver": {"type": "CARE", "hsaId": PICKUP_UNIT.text}}


@pytest.fixture
def claim(store, clock):
    """Claim all that is due, as the worker does."""

    def claim():
        now, lease = clock(), timedelta(minutes=1)
        due = [(to, 10, now, lease) for to in store.deliveries.due(now)]
        return [claimed for asked in due for claimed in store.deliveries.claim(*asked)]

    return claim


def _mounted(doors):
    return Starlette(routes=[Mount("/api/v1", make_rest(doors))])


def _table():
    inbox = _destination("inbox", "inbox", None)
    avvikelse = _destination("avvikelse", "rest", SYSTEM)
    pickup, rows = _destination("diariet", "pickup", PICKING_SYSTEM), {}
    for line, (unit, to) in enumerate(
        [(UNIT, avvikelse), (INBOX_UNIT, inbox), (PICKUP_UNIT, pickup)], 1
    ):
        name = "Akutmottagningen Solna"
        row = Row(Unit(unit, name, "Solna", "stockholm"), to, ALWAYS, "stockholm.csv", line)
        rows[unit.key] = (row,)
    committee = Committee(COMMITTEE, "Patientnämnden", inbox)
    region = Region("stockholm", "Region Stockholm", "01", committee, anonymous=True)
    destinations = {to.key: to for to in (inbox, pickup)}
    return RouteTable("5f2c9e", {"stockholm": region}, destinations, rows)


def _destination(name, adapter, system):
    key = f"stockholm/{name}"
    return Destination(key, "stockholm", name, adapter, {}, Policy(), system, name)


def _is_fetched(destination):
    return destination.adapter == "pickup"


def _digest(key):
    return hashlib.sha256(key.encode()).hexdigest()


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
    if media is None or "example" not in media:
        return
    schema = media["schema"] | {"components": described["components"]}
    OAS31Validator(schema, format_checker=oas31_format_checker).validate(response.json())


def _operation(described, path, method):
    for template, item in described["paths"].items():
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path):
            return item.get(method.lower())
    return None


@pytest.fixture
def arrive(asked, claim, store):
    """Submit a case, and put it in the inbox of its holder."""

    def arrive(case):
        asked("e-service", "POST", "/cases", json=case).raise_for_status()
        [claimed] = claim()
        return store.unit_inboxes.put(claimed.message)

    return arrive
