"""What a platform's own tests ask of headers, encodings and MTOM, row by row (INTEROP §2)."""

from base64 import b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from ipaddress import ip_network
from pathlib import Path

import httpx
import pytest
from lxml import etree
from starlette.testclient import TestClient

from adapters.riv_soap import RivSoap, RivSoapSettings
from gateway.adapter import Tools
from gateway.domain.destination import Destination
from gateway.domain.hsa import HsaId
from gateway.domain.period import ALWAYS
from gateway.domain.policy import Policy
from gateway.domain.routing import Committee, Region, RouteTable, Row, Unit
from gateway.facade.http import make_app
from gateway.facade.identity import Identity, KnownCaller
from gateway.flow.caller import Caller, Role
from gateway.testing.builders import make_message
from gateway.testing.foreign import FakeSteps, FakeUnitInbox
from gateway.wire import lent_client
from tests.doors import make_doors
from tests.mtom import content_type, include, package, part

CONTRACTS = Path(__file__).parents[2] / "wsdl"
NOW = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
OWN, UNIT = "SE5560000000-VAXEL", HsaId("SE2321000016-1A2B")
SENDER, NEIGHBOUR = "SE5560000000-E177", "SE5560000000-NTJP"

CONSUMER = "x-rivta-original-serviceconsumer-hsaid"
BEHALF = "x-rivta-acting-on-behalf-of-hsaid"
HISTORY = "x-rivta-routing-history"
CORRELATION = "x-skltp-correlation-id"

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
DOMAIN = "urn:riv-application:complaints:casehandling"
REGISTRY = 'xmlns="urn:riv:itintegration:registry:1"'
ADDRESSES = {
    "rivtabp21": f"<LogicalAddress {REGISTRY}>{UNIT}</LogicalAddress>",
    "rivtabp20": f'<a:To xmlns:a="http://www.w3.org/2005/08/addressing">{UNIT}</a:To>',
    "none": "",
    "empty": f"<LogicalAddress {REGISTRY}/>",
}
# Every line ending there is: none may change on the way.
FILE = "Hej\r\n\n\r\tpå dig\r\n".encode()


def envelope(prolog="", address="rivtabp21", attachment=""):
    """Write a case to the unit, as text."""
    return f"""{prolog}<e:Envelope xmlns:e="{SOAP}"><e:Header>{ADDRESSES[address]}</e:Header>
    <e:Body><ProcessCase xmlns="{DOMAIN}:ProcessCaseResponder:1" xmlns:c="{DOMAIN}:1">
    <messageId>m-1</messageId><caseEvent>SUBMITTED</caseEvent><case><c:caseId>e-1</c:caseId>
    <c:kind>COMPLAINT</c:kind><c:receiver><c:type>CARE</c:type><c:hsaId>{UNIT}</c:hsaId></c:receiver>
    <c:eventDate>2026-02-14</c:eventDate><c:answerWanted>INBOX</c:answerWanted><c:submitter>
    <c:personId><c:oid>1.2.752.129.2.1.3.1</c:oid><c:number>191212121212</c:number></c:personId>
    </c:submitter><c:description>Åtta timmar på akuten.</c:description>{attachment}</case>
    </ProcessCase></e:Body></e:Envelope>"""


def encoded(says, encoding):
    return envelope(f'<?xml version="1.0" encoding="{says}"?>').encode(encoding)


ATTACHED = f"""<c:attachment><c:fileName>a.txt</c:fileName>
    <c:mediaType>text/plain</c:mediaType><c:content>{include("a@vaxel.test")}</c:content></c:attachment>"""
WITH_FILE = envelope(attachment=ATTACHED).encode()


@dataclass(frozen=True)
class Asked:
    """A row that applies: what is sent, and what comes of it, in the answer and in the log."""

    row: str
    answer: str = "OK"
    sent: bytes = envelope().encode()
    headers: dict[str, str] = field(default_factory=dict)
    sender: str = SENDER
    logged: dict[str, str | None] = field(default_factory=dict)


def from_neighbour(**logged):
    return {"sender": NEIGHBOUR, "headers": {CONSUMER: "SE1-FIRST"}, "logged": logged}


BY_SENDER = {"original_consumer": SENDER, "on_behalf_of": None}
AT_THE_DOOR = (
    Asked(
        "OriginalConsumerIdProcessorTest: allowed sender",
        **from_neighbour(sender=NEIGHBOUR, original_consumer="SE1-FIRST"),
    ),
    Asked(
        "OriginalConsumerIdProcessorTest: not allowed, flag on",
        "VP013 Client",
        headers={CONSUMER: "SE1-FIRST"},
    ),
    Asked("OriginalConsumerIdProcessorTest: not allowed, header absent", logged=BY_SENDER),
    Asked("FullServiceErrorHandlingIT E12", "VP013 Client", headers={CONSUMER: "SE1-FIRST"}),
    Asked(
        "INTEROP 2.1: VP013 is told before VP003",
        "VP013 Client",
        envelope(address="none").encode(),
        headers={CONSUMER: "SE1-FIRST"},
    ),
    Asked("SoapUI 1.1.x-1.2.x: with original consumer", headers={CONSUMER: SENDER}),
    Asked("SoapUI 1.1.x-1.2.x: without", logged=BY_SENDER),
    Asked("Header ITs: original consumer is the sender", logged=BY_SENDER),
    Asked(
        "Header ITs: acting on behalf of logged",
        headers={BEHALF: "SE2-PRINCIPAL"},
        logged={"sender": SENDER, "on_behalf_of": "SE2-PRINCIPAL"},
    ),
    Asked(
        "HttpSenderIdExtractorProcessorImplTest: some_server#some_other_server",
        headers={HISTORY: "some_server#some_other_server"},
    ),
    Asked(
        "HttpSenderIdExtractorProcessorImplTest: history contains dev_env",
        "VP014 Server",
        headers={HISTORY: f"some_server# {OWN.lower()} "},
    ),
    Asked(
        "SoapUI 2.11.1: history contains the platform",
        "VP014 Server",
        headers={HISTORY: OWN},
    ),
    Asked("SoapUI 2.1.1: wrong URL path"),
    Asked("SoapUI 2.3.1: no logical address", "VP003 Client", envelope(address="none").encode()),
    Asked("SoapUI 2.3.2: an empty one", "VP003 Client", envelope(address="empty").encode()),
    Asked("SoapUI 2.12.1: broken envelope", "VP015 Client", envelope().encode()[:-9]),
    Asked(
        "SoapUI 2.12.2: broken body",
        "VP015 Client",
        envelope().replace("</ProcessCase>", "</Process>").encode(),
    ),
    Asked("ErrorInResponseTest: broken <Soap", "VP015 Client", b"<Soap"),
    Asked("FullServiceTestIT: UTF-16 in the prolog, UTF-8", sent=encoded("UTF-16", "utf-8")),
    Asked(
        "FullServiceTestIT: UTF-16 in the prolog, UTF-8, with content type",
        sent=encoded("UTF-16", "utf-8"),
        headers={"content-type": "text/xml; charset=UTF-8"},
    ),
    Asked("FullServiceTestIT: real UTF-16", sent=encoded("UTF-16", "utf-16")),
    Asked(
        "FullServiceTestIT: real UTF-16, with content type",
        sent=encoded("UTF-16", "utf-16"),
        headers={"content-type": "text/xml; charset=UTF-16"},
    ),
    Asked("INTEROP 1.1: any prolog encoding", sent=encoded("ISO-8859-1", "iso-8859-1")),
    Asked(
        "FullServiceMtomIT: with an attachment",
        sent=package(WITH_FILE, part("a@vaxel.test", FILE)),
        headers={"content-type": content_type()},
    ),
    Asked(
        "FullServiceMtomIT: without",
        sent=package(envelope().encode()),
        headers={"content-type": content_type(start=None)},
    ),
    Asked(
        "RequestReaderProcessorTest: MTOM extraction, failure",
        "VP015 Client",
        package(b"no envelope"),
        headers={"content-type": content_type()},
    ),
    Asked("SoapUI 1.3.1: own correlation id", headers={CORRELATION: "c-1"}),
    Asked(
        "FullServiceRivVersionTransformationIT: from 2.0", sent=envelope("", "rivtabp20").encode()
    ),
)


@pytest.fixture
def post(store, lines):
    """Call the door through a trusted proxy, at a path that nobody has told."""
    trusted = Caller(HsaId(NEIGHBOUR), "NTjP", Role.E_SERVICE, may_tell_original_consumer=True)
    callers = (Caller(HsaId(SENDER), "1177", Role.E_SERVICE), trusted)
    doors = make_doors(
        store,
        _table(),
        lambda: NOW,
        identity=Identity(
            [KnownCaller(caller, frozenset()) for caller in callers], [ip_network("127.0.0.0/8")]
        ),
        name="vaxel-test",
        hsa_id=HsaId(OWN),
        largest_request=16_000_000,
        contracts=CONTRACTS,
    )
    client = TestClient(make_app(doors), client=("127.0.0.1", 4711))

    def send(content, sender=SENDER, path="/soap/a/b", **headers):
        headers = {"x-vp-sender-id": sender} | headers
        return client.post(path, content=content, headers=headers)

    return send


@pytest.mark.parametrize("asked", AT_THE_DOOR, ids=lambda asked: asked.row)
def test_a_row_holds_at_the_door(asked, post, lines):
    """INTEROP §2.5–2.7, §2.11–2.12: each row is named by its id."""
    answer = post(asked.sent, asked.sender, **asked.headers)
    told = leaves(answer)
    code = told.get("faultcode", "").removeprefix("SOAP-ENV:")
    found = told.get("resultCode") or f"{told['faultstring'].split()[0]} {code}"
    assert found == asked.answer
    assert answer.headers["content-type"] == "text/xml; charset=utf-8"
    assert answer.status_code == (200 if asked.answer == "OK" else 500)
    assert [line[name] for line in lines for name in asked.logged] == [*asked.logged.values()]


def test_a_loop_has_an_empty_detail(post):
    """INTEROP §2.6: VP014."""
    assert leaves(post(envelope().encode(), **{HISTORY: OWN}))["detailString"] == ""


def test_the_same_correlation_id_twice_is_taken_twice(post):
    """SoapUI 1.3.2; and Header ITs: one is made when there is none."""
    answers = [post(envelope().encode(), **{CORRELATION: "c-1"}) for _ in range(2)]
    assert [answer.headers[CORRELATION] for answer in answers] == ["c-1", "c-1"]
    assert len(post(b"<Soap").headers[CORRELATION]) == 36


def test_a_bare_host_name_is_nobodys_address(post):
    """SoapUI 2.1.2: HTTP 404."""
    assert post(envelope().encode(), path="/").status_code == 404


def test_who_stands_behind_a_case_is_on_its_timeline_and_changes_nothing_else(post, store):
    """INTEROP §1.6: the sender is the sender, so the same case from it is a repeat (DOMAIN C1)."""
    told = {CONSUMER: "SE1-FIRST", BEHALF: "SE2-PRINCIPAL"}
    first = leaves(post(envelope().encode(), NEIGHBOUR, **told))
    again = leaves(post(envelope().encode(), NEIGHBOUR, **{CONSUMER: "SE1-SECOND"}))
    assert again["caseNumber"] == first["caseNumber"]
    (link,) = store.cases.timeline(first["caseNumber"])
    assert link.entry.actor == NEIGHBOUR
    assert link.entry.details["originalConsumer"] == "SE1-FIRST"
    assert link.entry.details["onBehalfOf"] == "SE2-PRINCIPAL"


def test_an_attachment_of_a_package_is_kept_byte_for_byte(post, store):
    """FullServiceMtomIT; and it is the same case as with its attachment inside (DOMAIN C1)."""
    whole = package(WITH_FILE, part("a@vaxel.test", FILE))
    number = leaves(post(whole, **{"content-type": content_type()}))["caseNumber"]
    (kept,) = store.cases.content(number).attachments
    assert (kept.file_name, kept.read()) == ("a.txt", FILE)
    inside = ATTACHED.replace(include("a@vaxel.test"), b64encode(FILE).decode())
    assert leaves(post(envelope(attachment=inside).encode()))["caseNumber"] == number


@pytest.mark.parametrize("arrives", ["rivtabp20", "rivtabp21"])
@pytest.mark.parametrize("leaves_as", ["rivtabp20", "rivtabp21"])
def test_all_four_pairs_of_profiles_work(post, store, arrives, leaves_as):
    """SoapUI 3.1.1–3.1.4, FullServiceRivVersionTransformationIT."""
    number = leaves(post(envelope("", arrives).encode()))["caseNumber"]
    case = store.cases.content(number)
    sent = sent_onward(make_message(case_number=number, case=case), profile=leaves_as)
    (address,) = etree.fromstring(sent.content).iterfind(f"{{{SOAP}}}Header/*")
    assert (address.tag, address.text) == (NAMES[leaves_as], "SE1-PRODUCER")


NAMES = {
    "rivtabp20": "{http://www.w3.org/2005/08/addressing}To",
    "rivtabp21": "{urn:riv:itintegration:registry:1}LogicalAddress",
}
OUTWARD = {
    "Header ITs: SOAPAction": ({}, "SOAPAction", f'"{DOMAIN}:ProcessCaseResponder:1:ProcessCase"'),
    "Header ITs: Content-Type": ({}, "Content-Type", "text/xml;charset=UTF-8"),
    "Header ITs: User-Agent": ({}, "User-Agent", f"Vaxel/{version('vaxel')}"),
    "Header ITs: correlation id": ({}, CORRELATION, "m-1"),
    "Header ITs: original consumer": ({"original_consumer": "SE1-FIRST"}, CONSUMER, "SE1-FIRST"),
    "Header ITs: x-vp-sender-id over http": (
        {"url": "http://vp.test/vp", "sender_id": "SE1-US"},
        "x-vp-sender-id",
        "SE1-US",
    ),
    "Header ITs: no history to a producer": ({}, HISTORY, None),
    "SoapUI 1.4.1: consumer HSA-id and #": (
        {"platform": True, "original_consumer": "SE1-FIRST"},
        HISTORY,
        f"SE1-FIRST#{OWN}",
    ),
    "INTEROP 2.5: the platform is in the history": ({"platform": True}, HISTORY, OWN),
}


@pytest.mark.parametrize(("settings", "name", "value"), OUTWARD.values(), ids=OUTWARD)
def test_a_row_holds_on_the_way_out(settings, name, value):
    """INTEROP §2.7, §2.11: what a producer or the next platform gets."""
    sent = sent_onward(make_message(message_id="m-1"), **settings)
    assert sent.headers.get(name) == value
    if sent.url.scheme == "https":
        assert not [header for header in sent.headers if header.startswith("x-vp-")]


def test_an_address_is_called_as_it_is_written():
    """FullServiceTestIT: a route's address with ?wsdl is kept."""
    sent = sent_onward(make_message(), url="https://producer.test/a?wsdl")
    assert str(sent.url) == "https://producer.test/a?wsdl"


def test_our_own_history_is_a_ring_when_it_comes_back(post):
    """INTEROP §2.5: so two platforms that route to each other hear of it at the first case."""
    sent = sent_onward(make_message(), platform=True)
    told = leaves(post(envelope().encode(), **{HISTORY: f"{sent.headers[HISTORY]}#SE1-OTHER"}))
    assert told["faultstring"].startswith("VP014 ")


def sent_onward(message, **settings):
    """Deliver to a producer, and give what it got."""
    asked = []

    def take(request):
        asked.append(request)
        return httpx.Response(503)

    told = {"url": "https://producer.test/", "logical_address": "SE1-PRODUCER"} | settings
    with lent_client(Policy(), lambda _: httpx.MockTransport(take)) as http:
        tools = Tools(http, FakeUnitInbox(), CONTRACTS, FakeSteps(), OWN)
        RivSoap(RivSoapSettings.model_validate(told), tools).deliver(message)
    return asked[0]


def leaves(answer):
    """Read the leaves of an answer: local name → text."""
    root = etree.fromstring(answer.content)
    return {etree.QName(e).localname: e.text or "" for e in root.iter() if not len(e)}


def _table():
    system = HsaId("SE2321000016-AVV1")
    destination = Destination("norr/avv", "norr", "avv", "rest", {}, Policy(), system, "Avvikelse")
    unit = Unit(UNIT, "Akuten", "Solna", "norr")
    committee = Committee(HsaId("SE2321000016-PN"), "Patientnämnden", destination)
    row = Row(unit, destination, ALWAYS, "norr.csv", 1)
    region = Region("norr", "Region Norr", "01", committee)
    return RouteTable("1", {"norr": region}, {destination.key: destination}, {UNIT.key: (row,)})
