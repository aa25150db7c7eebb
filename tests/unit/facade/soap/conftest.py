"""The SOAP door before a store in memory, and envelopes to send to it."""

from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path

import pytest
import structlog
from lxml import etree
from starlette.applications import Starlette
from starlette.testclient import TestClient

from gateway.domain.destination import Destination
from gateway.domain.hsa import HsaId
from gateway.domain.period import ALWAYS
from gateway.domain.policy import Policy
from gateway.domain.routing import Committee, Region, RouteTable, Row, Unit
from gateway.facade.identity import Identity, KnownCaller
from gateway.facade.soap import make_calls, routes
from gateway.facade.soap.contracts import load_contracts
from gateway.flow.caller import Caller, Role
from gateway.testing.memory import MemoryStore
from tests.doors import make_doors

CONTRACTS = Path(__file__).parents[4] / "wsdl"
NOW = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
UNIT, COMMITTEE = HsaId("SE2321000016-1A2B"), HsaId("SE2321000016-PN")
GATEWAY, SYSTEM = HsaId("SE5560000000-VAXEL"), HsaId("SE2321000016-AVV1")
E_SERVICE = HsaId("SE5560000000-E177")
DOMAIN = "urn:riv-application:complaints:casehandling"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"

SCHEMAS = load_contracts(CONTRACTS)
CALLERS = [
    Caller(E_SERVICE, "1177", Role.E_SERVICE),
    Caller(SYSTEM, "Avvikelse", Role.CASE_SYSTEM),
    Caller(HsaId("SE2321000016-AVV2"), "Ett annat", Role.CASE_SYSTEM),
]


@pytest.fixture(autouse=True)
def lines():
    """What is logged, and then not shown."""
    with structlog.testing.capture_logs() as captured:
        yield captured


@pytest.fixture
def store():
    """What is kept."""
    return MemoryStore()


@pytest.fixture
def doors(store):
    """Everything behind the door, at one moment."""
    clock, table = (lambda: NOW), _table()
    return make_doors(
        store,
        table,
        clock,
        identity=Identity(
            [KnownCaller(caller, frozenset()) for caller in CALLERS], [ip_network("127.0.0.0/8")]
        ),
        name="vaxel-test",
        hsa_id=GATEWAY,
        largest_request=16_000_000,
        contracts=CONTRACTS,
    )


@pytest.fixture
def client_of():
    """Open the door to a peer: `client_of(doors, "10.0.0.1")`."""
    return lambda doors, peer="127.0.0.1": TestClient(
        Starlette(routes=routes(doors, make_calls(doors))),
        base_url="https://vaxel.example",
        client=(peer, 4711),
    )


@pytest.fixture
def client(doors, client_of):
    """The door, as the trusted proxy reaches it."""
    return client_of(doors)


@pytest.fixture
def post(client):
    """Send bytes as a sender, and get the answer."""

    def send(data, sender=E_SERVICE.text, path="/soap", **headers):
        named = {"x-vp-sender-id": sender} if sender else {}
        answer = client.post(path, content=data, headers=named | headers)
        must_be_of_the_contract(answer)
        return answer

    return send


@pytest.fixture
def envelope():
    """Put a body's element in an envelope of BP 2.1."""

    def wrap(content, address=UNIT.text):
        return (
            f'<e:Envelope xmlns:e="{SOAP}" xmlns:r="urn:riv:itintegration:registry:1">'
            f"<e:Header><r:LogicalAddress>{address}</r:LogicalAddress></e:Header>"
            f"<e:Body>{content}</e:Body></e:Envelope>"
        ).encode()

    return wrap


@pytest.fixture
def element():
    """Write the body's element: `element("ProcessCase", "<c:…>")`, with `c` for the domain."""

    def write(name, inside):
        return f'<{name} xmlns="{DOMAIN}:{name}Responder:1" xmlns:c="{DOMAIN}:1">{inside}</{name}>'

    return write


@pytest.fixture
def case_xml():
    """Write the parts of a case; change any by its name, None leaves it out."""

    def write(**changes):
        parts = _CASE | changes
        return "".join(f"<c:{k}>{v}</c:{k}>" for k, v in parts.items() if v is not None)

    return write


@pytest.fixture
def submitted(element, case_xml):
    """Write ProcessCase SUBMITTED, with any part of the case changed."""

    def write(**changes):
        case = case_xml(**changes)
        head = "<messageId>m-1</messageId><caseEvent>SUBMITTED</caseEvent>"
        return element("ProcessCase", f"{head}<case>{case}</case>")

    return write


@pytest.fixture
def number(post, envelope, submitted):
    """The number of a case that has been submitted."""
    return told(post(envelope(submitted())))["caseNumber"]


@pytest.fixture
def read():
    """Read the leaves of an answer: local name → text, the last of each name."""
    return told


def must_be_of_the_contract(answer):
    """Whatever the door answers is a fault, or valid by the schema of the contract."""
    content = etree.fromstring(answer.content)[0][0]
    if answer.status_code == 200:
        schema = SCHEMAS[etree.QName(content).namespace or ""].schema.compiled
        schema.assertValid(content)
    else:
        assert (answer.status_code, content.tag) == (500, f"{{{SOAP}}}Fault")


def told(answer):
    """Read the leaves of an answer."""
    root = etree.fromstring(answer.content)
    return {etree.QName(e).localname: e.text or "" for e in root.iter() if not len(e)}


_CASE = {
    "caseId": "e-1",
    "kind": "COMPLAINT",
    "receiver": f"<c:type>CARE</c:type><c:hsaId>{UNIT}</c:hsaId>",
    "eventDate": "2026-02-14",
    "answerWanted": "INBOX",
    "submitter": (
        "<c:personId><c:oid>1.2.752.129.2.1.3.1</c:oid>"
        "<c:number>191212121212</c:number></c:personId>"
    ),
    "patient": None,
    "description": "Jag fick vänta i sex timmar.",
    "desiredOutcome": None,
    "attachment": None,
}


def _table():
    destination = Destination(
        "stockholm/avvikelse", "stockholm", "avvikelse", "rest", {}, Policy(), SYSTEM, "Avvikelse"
    )
    unit = Unit(UNIT, "Akutmottagningen Solna", "Solna", "stockholm")
    row = Row(unit, destination, ALWAYS, "stockholm.csv", 1)
    committee = Committee(COMMITTEE, "Patientnämnden", destination)
    region = Region("stockholm", "Region Stockholm", "01", committee)
    return RouteTable(
        "1", {"stockholm": region}, {destination.key: destination}, {UNIT.key: (row,)}
    )
