"""What a producer of ProcessCase answers, or the platform before it, and what it means."""

import httpx
import pytest

from adapters.riv_soap import RivSoap, RivSoapSettings
from gateway.adapter import Delivered, Refused, Tools, TryLater, Unclear
from gateway.testing.adapter_contract import CONTRACTS
from gateway.testing.contract_messages import submitted
from gateway.testing.foreign import FakeSteps, FakeUnitInbox
from gateway.testing.patience import PATIENT
from gateway.wire import lent_client
from tests import mtom

SETTINGS = {"url": "http://system.test/ProcessCase", "logical_address": "SE5560000000-FAKE"}
PERSONAL = "191212121212"
NAMELESS = b"Content-Type: text/plain\r\n\r\na part without a name"


def deliver(answer, **more):
    """Deliver to a system that answers so, or through a network that fails so."""
    http = lent_client(PATIENT, lambda _: httpx.MockTransport(answer))
    tools = Tools(http, FakeUnitInbox(), CONTRACTS, FakeSteps(), "SE5560000000-VAXEL")
    settings = RivSoapSettings.model_validate({**SETTINGS, **more})
    return RivSoap(settings, tools).deliver(submitted())


def outcome_of(status, text, **headers):
    return deliver(lambda _: httpx.Response(status, text=text, headers=headers))


def outcome_of_bytes(content, content_type, status=200):
    headers = {"Content-Type": content_type}
    return deliver(lambda _: httpx.Response(status, content=content, headers=headers))


def soap(body):
    return f"""<?xml version="1.0"?>
    <e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>{body}</e:Body>
    </e:Envelope>"""


def response(code="", error="", sub="", case_id=""):
    codes = {"resultCode": code, "errorCode": error, "subCode": sub}
    told = "".join(f"<d:{name}>{text}</d:{name}>" for name, text in codes.items() if text)
    return soap(
        f"""<ProcessCaseResponse
        xmlns="urn:riv-application:complaints:casehandling:ProcessCaseResponder:1"
        xmlns:d="urn:riv-application:complaints:casehandling:1">
        <result>{told}<d:logId>1</d:logId><d:message>{PERSONAL}</d:message></result>
        {f"<externalCaseId>{case_id}</externalCaseId>" if case_id else ""}
        </ProcessCaseResponse>"""
    )


def fault(code, words):
    return soap(
        f"<e:Fault><faultcode>{code}</faultcode><faultstring>{words}</faultstring></e:Fault>"
    )


@pytest.mark.parametrize("code", ["OK", "INFO"])
@pytest.mark.parametrize(
    ("told", "case_id"), [("A-1", "A-1"), ("", None), (" A 1\n", "A 1"), ("x" * 257, None)]
)
def test_done_is_delivered_with_their_id_when_they_said(code, told, case_id):
    """INTEROP §1.4: INFO is done too."""
    assert outcome_of(200, response(code, case_id=told)) == Delivered(case_id)


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        ("VALIDATION_ERROR", Refused("it answered ERROR VALIDATION_ERROR CARE_UNIT_MISSING")),
        ("APPLICATION_ERROR", TryLater("it answered ERROR APPLICATION_ERROR CARE_UNIT_MISSING")),
        ("TECHNICAL_ERROR", TryLater("it answered ERROR TECHNICAL_ERROR CARE_UNIT_MISSING")),
        (
            "TRANSFORMATION_ERROR",
            Refused("it answered ERROR TRANSFORMATION_ERROR CARE_UNIT_MISSING"),
        ),
        ("", Refused("it answered ERROR CARE_UNIT_MISSING")),
    ],
)
def test_not_done_is_final_or_not_by_its_error_code(error, outcome):
    """INTEROP §1.4, and CONTRACT: what VALIDATION_ERROR and APPLICATION_ERROR mean."""
    assert outcome_of(200, response("ERROR", error, "CARE_UNIT_MISSING")) == outcome


def test_a_code_with_personal_data_in_it_is_not_repeated():
    """DOMAIN A8: a reason is shown to operators."""
    assert outcome_of(200, response("ERROR", "VALIDATION_ERROR", PERSONAL)) == Refused(
        "it answered ERROR VALIDATION_ERROR"
    )


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        (TryLater, (1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14)),
        (Unclear, (9,)),
        (Refused, (15,)),
    ],
)
def test_a_platforms_fault_has_its_meaning_by_its_vp_code(kind, codes):
    """INTEROP §2.6: routes and permissions are mended; VP009 may hide that it was taken."""
    for code in codes:
        words = f"VP{code:03} [vp-1] Något gick fel för {PERSONAL}"
        outcome = outcome_of(500, fault("SOAP-ENV:Server", words))
        assert isinstance(outcome, kind)
        assert outcome.reason.startswith(f"VP{code:03}: ")
        assert PERSONAL not in outcome.reason


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("e:Client", Refused),
        ("Client.Authentication", Refused),
        ("e:MustUnderstand", Refused),
        ("e:Server", Unclear),
        (PERSONAL, Unclear),
        ("", Unclear),
    ],
)
@pytest.mark.parametrize("words", [PERSONAL, "VP999 [vp-1]", ""])
@pytest.mark.parametrize("status", [200, 500])
def test_any_other_fault_has_its_meaning_by_whose_fault_it_is(code, kind, words, status):
    """INTEROP §2.6: a fault may come with 200 as well."""
    outcome = outcome_of(status, fault(code, words))
    assert isinstance(outcome, kind)
    assert PERSONAL not in outcome.reason


@pytest.mark.parametrize(
    "text",
    [
        "",
        "OK",
        "<html>Log in</html>",
        soap(""),
        soap("<SomethingElse/>"),
        response(),
        response("DONE"),
        response("OK")[:-40],
        '<!DOCTYPE e [<!ENTITY o "OK">]>' + response("&o;").partition("?>")[2].strip(),
    ],
)
def test_a_success_in_another_form_than_the_contracts_proves_nothing(text):
    """DOMAIN C1: a case believed delivered to a log-in page is lost."""
    assert isinstance(outcome_of(200, text), Unclear)


@pytest.mark.parametrize(
    ("written", "prolog", "head"),
    [
        ("utf-8", "", ""),
        ("utf-8-sig", "utf-8", "iso-8859-1"),
        ("utf-8", "iso-8859-1", "utf-8"),
        ("utf-8", "utf-16", "us-ascii"),
        ("iso-8859-1", "", "ISO-8859-1"),
        ("iso-8859-1", "iso-8859-1", "utf-8"),
        ("iso-8859-1", "utf-8", '"iso-8859-1"'),
        ("cp1252", "windows-1252", "klingon"),
        ("utf-16", "", ""),
        ("utf-16", "utf-16", "utf-8"),
        ("utf-16-le", "", "utf-16le"),
    ],
)
def test_an_answer_is_read_whatever_is_said_of_its_encoding(written, prolog, head):
    """DOMAIN C6, INTEROP §2.2: a case that was taken is not sent again for a letter in its id."""
    said = f' encoding="{prolog}"' if prolog else ""
    text = response("OK", case_id="Ärende-1").replace('"1.0"', f'"1.0"{said}', 1)
    media_type = f"text/xml; charset={head}" if head else "text/xml"
    assert outcome_of_bytes(text.encode(written), media_type) == Delivered("Ärende-1")


@pytest.mark.parametrize(
    "beside", [(), (mtom.part("log@fake.test", bytes(range(256))),), (NAMELESS,)]
)
@pytest.mark.parametrize(
    "changes", [{}, {"start": None}, {"start": "<another>"}, {"type": "text/xml"}]
)
def test_an_answer_in_a_package_is_read(beside, changes):
    """DOMAIN C6, INTEROP §2.2: some stacks answer so wherever MTOM is on."""
    content_type = mtom.content_type(**changes)
    taken = mtom.package(response("OK", case_id="Ärende-1").encode(), *beside)
    assert outcome_of_bytes(taken, content_type) == Delivered("Ärende-1")
    refused = mtom.package(fault("e:Client", "no").encode(), *beside, preamble=b"MIME\r\n")
    assert isinstance(outcome_of_bytes(refused, content_type, 500), Refused)


def test_the_envelope_of_a_package_is_the_part_that_it_names():
    """RFC 2387: it need not be the first."""
    envelope = mtom.part("last@fake.test", response("OK", case_id="A-1").encode(), "base64")
    package = mtom.package(response("ERROR").encode(), envelope)
    content_type = mtom.content_type(start="<last@fake.test>")
    assert outcome_of_bytes(package, content_type) == Delivered("A-1")


@pytest.mark.parametrize(
    ("content", "changes"),
    [
        (b"", {}),
        (mtom.package(b""), {}),
        (mtom.package(response("OK").encode()), {"boundary": None}),
        (mtom.package(response("OK").encode()), {"boundary": "another"}),
        (mtom.package(b"<html>Log in</html>", mtom.part("x", response("OK").encode())), {}),
    ],
)
def test_a_package_without_a_readable_envelope_proves_nothing(content, changes):
    """DOMAIN C1: what stands beside the envelope is no answer."""
    assert outcome_of_bytes(content, mtom.content_type(**changes)) == Unclear(
        "HTTP 200: the answer is no ProcessCaseResponse"
    )


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (302, TryLater),
        (404, TryLater),
        (503, TryLater),
        (413, Refused),
        (500, Unclear),
        (502, Unclear),
    ],
)
@pytest.mark.parametrize("text", ["", "<html>Oops</html>", response("OK")])
def test_what_is_no_soap_fault_has_the_meaning_of_its_status(status, kind, text):
    """INTEROP §2.6: only faults come with another status than 200."""
    assert isinstance(outcome_of(status, text), kind)


@pytest.mark.parametrize(
    ("error", "kind"),
    [(httpx.ConnectError, TryLater), (httpx.PoolTimeout, TryLater), (httpx.ReadError, Unclear)],
)
def test_a_broken_connection_is_unclear_unless_nothing_was_sent(error, kind):
    """DOMAIN C6."""

    def fail(request):
        raise error("broken")

    assert isinstance(deliver(fail), kind)


def test_an_answer_that_the_wire_broke_off_is_told_as_one():
    """DOMAIN C6, C4: whoever looks must not search the network for an answer that came."""

    def fail(request):
        raise httpx.DecodingError("it is compressed")

    assert deliver(fail) == Unclear("sent, and the answer cannot be read: it is compressed")


def headers_sent(**settings):
    asked = []

    def remember(request):
        asked.append(request.headers)
        return httpx.Response(200)

    deliver(remember, **settings)
    return asked[0]


def test_the_headers_are_those_of_riv_ta():
    """INTEROP §1.1, §2.7: SOAP 1.1, and the message's id to find it by in every log."""
    headers = headers_sent()
    assert headers["Content-Type"] == "text/xml;charset=UTF-8"
    assert headers["SOAPAction"].endswith('ProcessCaseResponder:1:ProcessCase"')
    assert headers["x-skltp-correlation-id"] == "m-1"
    assert not {name for name in headers if name.startswith(("x-vp", "x-rivta"))}


def test_who_we_are_is_told_where_it_was_agreed_on():
    """INTEROP §1.6, §2.7: only trusted neighbours may set these."""
    headers = headers_sent(original_consumer="SE1-FIRST", sender_id="SE1-US")
    assert headers["x-rivta-original-serviceconsumer-hsaid"] == "SE1-FIRST"
    assert headers["x-vp-sender-id"] == "SE1-US"
