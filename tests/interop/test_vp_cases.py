"""A platform's own cases of routing, permission and reading, row by row (INTEROP §2.11, §2.12)."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from lxml import etree

from gateway.domain.hsa import HsaId
from gateway.flow.permission import PROCESS_CASE
from tests.interop.vp_rows import NAMES, SHOWN
from tests.interop.vp_world import (
    BETWEEN,
    CHILD,
    EXPLICIT,
    FIRST,
    GATEWAY,
    NOBODY,
    NODE,
    NOW,
    OTHER_CHILD,
    OTHER_NODE,
    ROUTES_ONLY,
    SECOND,
    TOP,
    TP,
    WITH_DEFAULT,
    make_client,
    make_table,
)

ROOT = Path(__file__).parents[2]
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
DOMAIN = "urn:riv-application:complaints:casehandling"
ABOUT = f"serviceNamespace: {PROCESS_CASE}, receiverId: "
BLANKS = " (the address begins or ends with blanks, which are never removed)"
TREE_TO_NODE = f"{CHILD},(parent),{BETWEEN},{NODE}"
UNKNOWN = ",(parent),SE,(default),*"


@dataclass(frozen=True)
class Called:
    """
    A row: who calls whom, and the destination that the case goes to, or the code of the fault.

    `route` and `permission` are the traces of a platform; None where the row has none.
    """

    row: str
    sender: str
    receiver: str
    ends: str
    route: str | None = None
    permission: str | None = None
    detail: str = ""
    default: bool = True


CALLED = (
    Called(
        "FullServiceStandardVagvalIT: default permission, any receiver",
        WITH_DEFAULT,
        "AnyReceiver",
        "default",
        f"AnyReceiver{UNKNOWN}",
        "AnyReceiver,(default),*",
    ),
    Called(
        "FullServiceStandardVagvalIT: default permission, explicit route",
        WITH_DEFAULT,
        EXPLICIT,
        "explicit",
        EXPLICIT,
        f"{EXPLICIT},(default),*",
    ),
    Called(
        "FullServiceStandardVagvalIT: any sender",
        NOBODY,
        "AnyReceiver",
        "VP007",
        f"AnyReceiver{UNKNOWN}",
        "AnyReceiver,(default),*,(parent),SE",
    ),
    Called(
        "FullServiceStandardVagvalIT: explicit permission, default route",
        TP,
        "ReceiverWithNoExplicitVagval",
        "default",
        f"ReceiverWithNoExplicitVagval{UNKNOWN}",
        "ReceiverWithNoExplicitVagval",
    ),
    Called(
        "FullServiceStandardVagvalIT: default permission, tree",
        WITH_DEFAULT,
        CHILD,
        "tree",
        TREE_TO_NODE,
        f"{CHILD},(default),*",
    ),
    *(
        Called(f"FullServiceDefaultVagvalIT: {name}", TP, receiver, ends, trace, trace)
        for name, receiver, ends, trace in (
            ("First#Second", f"{FIRST}#{SECOND}", "second", f"(leaf),{SECOND}"),
            ("Second#First", f"{SECOND}#{FIRST}", "first", f"(leaf),{FIRST}"),
            ("Second#NotValid", f"{SECOND}#NotValid", "second", f"(leaf),NotValid,{SECOND}"),
        )
    ),
    Called(
        "FullServiceDefaultVagvalIT: three parts",
        TP,
        f"NotValid#{FIRST}#{SECOND}",
        "VP007",
        f"(leaf),{SECOND}",
        "(leaf),Invalid parameters",
    ),
    Called("DefaultRoutingTest: explicit beats default", WITH_DEFAULT, EXPLICIT, "explicit"),
    Called("DefaultRoutingTest: tree beats default", WITH_DEFAULT, BETWEEN, "tree"),
    Called(
        "DefaultRoutingTest: default trace",
        WITH_DEFAULT,
        "receiver-2",
        "default",
        f"receiver-2{UNKNOWN}",
    ),
    Called("HsaTreeClimbRoutingTest: child of a routed node", TP, CHILD, "tree", TREE_TO_NODE),
    Called(
        "HsaTreeClimbRoutingTest: the parent of a routed node",
        WITH_DEFAULT,
        TOP,
        "VP004",
        f"{TOP}{UNKNOWN}",
        default=False,
    ),
    Called(
        "HsaTreeClimbRoutingTest: look-up disabled",
        WITH_DEFAULT,
        OTHER_CHILD,
        "VP004",
        f"{OTHER_CHILD},(parent),{OTHER_NODE},SE,(default),*",
        default=False,
    ),
    Called("OldStyleDefaultRoutingTest: (leaf)", TP, f"{FIRST}#x", "first", f"(leaf),x,{FIRST}"),
    Called(
        "OldStyleDefaultRoutingTest: nothing found",
        WITH_DEFAULT,
        "receiver-3#receiver-4",
        "VP004",
        "(leaf),receiver-4,receiver-3",
    ),
    Called("VagvalProcessorTest: found", WITH_DEFAULT, EXPLICIT, "explicit"),
    Called("VagvalProcessorTest: VP003", WITH_DEFAULT, "", "VP003"),
    Called("VagvalProcessorTest: VP004", WITH_DEFAULT, "unknown", "VP004", default=False),
    Called("VagvalProcessorTest: tree hit", WITH_DEFAULT, CHILD, "tree"),
    Called(
        "VagvalProcessorTest: tree disabled", WITH_DEFAULT, OTHER_CHILD, "VP004", default=False
    ),
    Called("BehorighetProcessorTest: ok", TP, FIRST, "first"),
    Called("BehorighetProcessorTest: tree", TP, CHILD, "tree"),
    Called("BehorighetProcessorTest: tree disabled", ROUTES_ONLY, CHILD, "VP007"),
    Called("BehorighetProcessorTest: default", WITH_DEFAULT, FIRST, "first"),
    Called("BehorighetProcessorTest: VP002", "", FIRST, "VP002"),
    Called("BehorighetProcessorTest: VP003", TP, " ", "VP003"),
    Called("BehorighetProcessorTest: VP007", TP, EXPLICIT, "VP007"),
    Called("RequestReaderProcessorTest: empty receiver", TP, "", "VP003"),
    Called("RequestReaderProcessorTest: receiver of blanks only", TP, "   ", "VP003"),
    Called("FullServiceErrorHandlingIT E1", "", FIRST, "VP002"),
    Called("FullServiceErrorHandlingIT E2", TP, "", "VP003"),
    Called(
        "FullServiceErrorHandlingIT E3",
        TP,
        "UnknownReceiver",
        "VP004",
        detail=f"{ABOUT}UnknownReceiver",
        default=False,
    ),
    Called(
        "FullServiceErrorHandlingIT E4",
        TP,
        f"{FIRST} ",
        "VP004",
        detail=f"{ABOUT}{FIRST} {BLANKS}",
    ),
    Called(
        "FullServiceErrorHandlingIT E5",
        TP,
        f" {FIRST}",
        "VP004",
        detail=f"{ABOUT} {FIRST}{BLANKS}",
    ),
    Called(
        "FullServiceErrorHandlingIT E8",
        TP,
        EXPLICIT,
        "VP007",
        detail=f"{ABOUT}{EXPLICIT}, senderId: {TP}",
    ),
    Called("SoapUI 2.4.1: unknown address", TP, "Unknown", "VP004", default=False),
    Called("SoapUI 2.7.1: no permission", NOBODY, FIRST, "VP007"),
    *(
        Called(f"SoapUI lower-case HSA: {spelling}", TP, spelling, "first")
        for spelling in (FIRST, FIRST.lower(), FIRST.swapcase(), FIRST.title())
    ),
    Called("SoapUI Trädklättring: both", TP, CHILD, "tree"),
    Called("SoapUI Trädklättring: permissions only", TP, OTHER_CHILD, "VP004", default=False),
    Called("SoapUI Trädklättring: routes only", ROUTES_ONLY, CHILD, "VP007"),
    Called("SoapUI Trädklättring: none", NOBODY, OTHER_CHILD, "VP004", default=False),
    Called("NTP-775.1-9: default permission and route", WITH_DEFAULT, "Any", "default"),
    Called("NTP-775.1-9: explicit", TP, FIRST, "first"),
    Called("NTP-775.1-9: tree", TP, BETWEEN, "tree"),
    Called("NTP-775.1-9: mixed", WITH_DEFAULT, BETWEEN, "tree"),
    Called(
        "NTP-775.1-9: default permission, no route", WITH_DEFAULT, "Any", "VP004", default=False
    ),
    Called("NTP-775.1-9: default route, no permission", NOBODY, "Any", "VP007"),
    Called("NTP-775.41-43: VG route found", TP, f"{FIRST}#VE", "first"),
    Called("NTP-775.41-43: default route and #", WITH_DEFAULT, "VG#VE", "VP004"),
    Called("NTP-775.41-43: none", WITH_DEFAULT, "VG#VE", "VP004", default=False),
    Called("SKLTP-1239.1: X#X", TP, f"{FIRST}#{FIRST}", "first", f"(leaf),{FIRST}"),
)


@pytest.mark.parametrize("called", CALLED, ids=lambda called: called.row)
def test_a_call_ends_where_a_platforms_would(called, store, lines):
    """INTEROP §2.3, §2.4, §2.6: routing before permission; one event in the log for each call."""
    client = make_client(make_table(default=called.default), store)
    answer = post(client, called.sender, called.receiver)
    told = leaves(answer)
    if called.ends.startswith("VP"):
        assert (answer.status_code, told["faultcode"]) == (500, "SOAP-ENV:Client")
        assert told["faultstring"].startswith(f"{called.ends} [vaxel-test] ")
        assert told["detailString"].endswith(called.detail)
    else:
        case = store.cases.find(told["caseNumber"])
        assert case.destination == f"nordmark/{called.ends}"
        assert case.unit == HsaId(called.receiver)
    assert [line["vp_code"] or called.ends for line in lines] == [called.ends]


@pytest.mark.parametrize(
    "called", [one for one in CALLED if one.route is not None], ids=lambda called: called.row
)
def test_where_was_looked_is_told_as_a_platform_tells_it(called):
    """INTEROP §2.10, §2.11: routerVagvalTrace and routerBehorighetTrace."""
    table, receiver = make_table(default=called.default), HsaId(called.receiver)
    assert table.platform_trace(receiver, NOW) == called.route
    if called.permission is not None:
        assert table.permissions
        looked = table.permissions.platform_trace(
            HsaId(called.sender), PROCESS_CASE, receiver, NOW
        )
        assert looked == called.permission


PREFIXES = {
    "RequestReaderProcessorTest: prefixes declared in the envelope": (
        'xmlns:p="{p}" xmlns:c="{c}"',
        "",
        "",
    ),
    "RequestReaderProcessorTest: prefixes declared in the body": (
        "",
        'xmlns:p="{p}" xmlns:c="{c}"',
        "",
    ),
    "RequestReaderProcessorTest: prefixes declared in the contract's element": (
        "",
        "",
        'xmlns:p="{p}" xmlns:c="{c}"',
    ),
}


@pytest.mark.parametrize("places", PREFIXES.values(), ids=PREFIXES)
def test_prefixes_are_declared_anywhere(places, store):
    """INTEROP §2.2: the contract is told by the namespace alone."""
    declared = [place.format(p=PROCESS_CASE, c=f"{DOMAIN}:1") for place in places]
    answer = post(make_client(make_table(), store), TP, FIRST, declared)
    assert leaves(answer)["resultCode"] == "OK"


def test_a_peer_that_is_not_listed_is_named_in_vp011(store):
    """FullServiceErrorHandlingIT E11: and what it says about others is not read."""
    client = make_client(make_table(), store, "10.20.30.40")
    told = leaves(post(client, TP, FIRST))
    assert told["faultstring"].startswith("VP011 ")
    assert "10.20.30.40" in told["detailString"]


@pytest.mark.parametrize(
    ("sender", "address", "code"),
    [("SYSTEM", GATEWAY, "VP007"), ("SYSTEM", FIRST, "VP004"), (TP, "x", "VP004")],
)
def test_what_is_for_the_gateway_needs_permission_too(store, sender, address, code):
    """INTEROP §2.4: every contract at its address, after the address was looked up."""
    element = f'<ProcessCaseMessage xmlns="{DOMAIN}:ProcessCaseMessageResponder:1"/>'
    headers = {"x-vp-sender-id": sender}
    content = envelope(address, element)
    answer = make_client(make_table(), store).post("/soap", content=content, headers=headers)
    assert leaves(answer)["faultstring"].startswith(f"{code} ")


@pytest.mark.parametrize(
    ("sender", "receiver", "status"),
    [(TP, FIRST, 201), (WITH_DEFAULT, CHILD, 201), (TP, EXPLICIT, 403), (NOBODY, "x#y", 422)],
)
def test_over_rest_it_is_the_same(store, sender, receiver, status):
    """DOMAIN A1, INTEROP §2.4: both doors route and permit alike."""
    client = make_client(make_table(), store)
    case = CASE | {"receiver": {"type": "CARE", "hsaId": receiver}}
    answer = client.post("/api/v1/cases", json=case, headers={"X-API-Key": sender})
    assert answer.status_code == status


CASE = {
    "caseId": "e-1",
    "kind": "COMPLAINT",
    "eventDate": "2026-02-14",
    "answerWanted": "INBOX",
    "submitter": {"personId": {"oid": "1.2.752.129.2.1.3.1", "number": "191212121212"}},
    "description": "Åtta timmar.",
}


@pytest.mark.parametrize("name", NAMES)
def test_every_row_is_shown_or_has_its_reason(name):
    """INTEROP §2.11, §2.12: none was forgotten."""
    rows = [*(one.row for one in CALLED), *PREFIXES, *(row for row, _, _ in SHOWN), *reasons()]
    assert [row for row in rows if row == name or re.match(rf"{re.escape(name)}\b", row)]


@pytest.mark.parametrize(("row", "file", "words"), SHOWN, ids=[row for row, _, _ in SHOWN])
def test_what_is_shown_elsewhere_is_there(row, file, words):
    """INTEROP §2.11, §2.12: the row is the name of the case."""
    assert words in (ROOT / file).read_text(encoding="utf-8"), row


def test_what_does_not_apply_is_listed_once_with_its_reason():
    """INTEROP §2.11, §2.12: and is not shown as well."""
    shown = [*(one.row for one in CALLED), *(row for row, _, _ in SHOWN)]
    assert len(set(reasons())) == len(reasons())
    assert set(reasons()).isdisjoint(shown)


def reasons():
    """Read the rows of the page's last table, several in a cell."""
    page = (ROOT / "docs/guide/platform-behaviour.md").read_text(encoding="utf-8")
    rows = page.partition("| case | why |")[2].splitlines()[2:]
    return [case.strip() for row in rows for case in row.split("|")[1].split(";")]


def post(client, sender, receiver, declared=("", "", 'xmlns:p="{p}" xmlns:c="{c}"')):
    """Send a case to a receiver."""
    on_envelope, on_body, on_element = (
        place.format(p=PROCESS_CASE, c=f"{DOMAIN}:1") for place in declared
    )
    element = f"""<p:ProcessCase {on_element}><p:messageId>m-1</p:messageId>
    <p:caseEvent>SUBMITTED</p:caseEvent><p:case><c:caseId>e-1</c:caseId><c:kind>COMPLAINT</c:kind>
    <c:receiver><c:type>CARE</c:type><c:hsaId>{receiver}</c:hsaId></c:receiver>
    <c:eventDate>2026-02-14</c:eventDate><c:answerWanted>INBOX</c:answerWanted><c:submitter>
    <c:personId><c:oid>1.2.752.129.2.1.3.1</c:oid><c:number>191212121212</c:number></c:personId>
    </c:submitter><c:description>Åtta timmar.</c:description></p:case></p:ProcessCase>"""
    content = envelope(receiver, element, on_envelope, on_body)
    headers = {"x-vp-sender-id": sender} if sender else {}
    return client.post("/soap", content=content, headers=headers)


def envelope(address, element, on_envelope="", on_body=""):
    """Put an element in an envelope of BP 2.1."""
    return (
        f'<e:Envelope xmlns:e="{SOAP}" {on_envelope}><e:Header>'
        f'<LogicalAddress xmlns="urn:riv:itintegration:registry:1">{address}</LogicalAddress>'
        f"</e:Header><e:Body {on_body}>{element}</e:Body></e:Envelope>"
    ).encode()


def leaves(answer):
    """Read the leaves of an answer: local name → text."""
    root = etree.fromstring(answer.content)
    return {etree.QName(e).localname: e.text or "" for e in root.iter() if not len(e)}
