"""The door: which fault for what, in which order, and one line in the log for each request."""

import logging
import re
from dataclasses import replace

import pytest
from lxml import etree

from gateway.domain.errors import Rule
from gateway.facade.soap.faults import SWEDISH

NUMBER, GATEWAY, SYSTEM = "191212121212", "SE5560000000-VAXEL", "SE2321000016-AVV1"
PROCESS_CASE = "urn:riv-application:complaints:casehandling:ProcessCaseResponder:1"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"


def test_a_fault_has_the_shape_of_a_service_platforms(post):
    """INTEROP §2.6: HTTP 500, SOAP 1.1, code, instance and Swedish words; English detail."""
    answer = post(b"<Soap")
    assert (answer.status_code, answer.headers["content-type"]) == (500, "text/xml; charset=utf-8")
    fault = etree.fromstring(answer.content)[0][0]
    assert (fault.tag, fault.prefix) == (f"{{{SOAP}}}Fault", "SOAP-ENV")
    code, words, detail = fault
    assert [code.tag, words.tag, detail.tag] == ["faultcode", "faultstring", "detail"]
    assert code.text == "SOAP-ENV:Client"
    assert words.text == f"VP015 [vaxel-test] {SWEDISH['VP015']}"
    assert detail.findtext("detailString", "").startswith("envelope: not well-formed XML")


def test_every_code_has_its_swedish_words():
    """INTEROP §2.6: a rule with a code can always be told."""
    codes = {rule.value.vp_code for rule in Rule if rule.value.vp_code}
    assert codes | {"VP012"} == SWEDISH.keys()


def _with_block(data, attributes, name="Security", namespace="urn:x"):
    block = f'<x:{name} xmlns:x="{namespace}" {attributes}/></e:Header>'
    return data.replace(b"</e:Header>", block.encode())


@pytest.mark.parametrize("actor", ["", 'e:actor=""', f'e:actor="{SOAP[:-9]}actor/next"'])
def test_a_header_that_must_be_understood_and_is_not_known_is_a_fault(post, envelope, actor):
    """SOAP 1.1 §4.2.3, INTEROP §2.6: nothing is done, and the caller sees which it was."""
    answer = post(_with_block(envelope("<x/>"), f'e:mustUnderstand="1" {actor}'))
    assert answer.status_code == 500
    code, _, detail = etree.fromstring(answer.content)[0][0]
    assert code.text == "SOAP-ENV:MustUnderstand"
    assert "header block Security must be understood" in detail.findtext("detailString", "")


@pytest.mark.parametrize(
    "block",
    [
        ('e:mustUnderstand="0"',),
        ('e:mustUnderstand="1" e:actor="urn:another"',),
        ('e:mustUnderstand="1"', "Action", "http://www.w3.org/2005/08/addressing"),
    ],
)
def test_other_headers_stop_nothing(post, envelope, submitted, read, block):
    """INTEROP §1.5: what is for others, need not be understood, or is of WS-Addressing."""
    assert read(post(_with_block(envelope(submitted()), *block)))["resultCode"] == "OK"


@pytest.mark.parametrize("address", ["", "   ", "\n"])
def test_a_blank_address_is_vp003(post, envelope, submitted, read, address):
    """INTEROP §2.2, E2."""
    assert read(post(envelope(submitted(), address)))["faultstring"].startswith("VP003 ")


def test_no_address_at_all_is_vp003(post, envelope, submitted, read):
    """INTEROP §2.12, 2.3.1: a platform looks for the address before the profile."""
    data = re.sub(rb"<e:Header>.*</e:Header>", b"", envelope(submitted()))
    assert read(post(data))["faultstring"].startswith("VP003 ")


def test_an_address_of_bp_2_0_is_taken(post, envelope, submitted, read):
    """INTEROP §1.5: To of WS-Addressing."""
    data = envelope(submitted()).replace(b"r:LogicalAddress", b"r:To")
    data = data.replace(
        b"urn:riv:itintegration:registry:1", b"http://www.w3.org/2005/08/addressing"
    )
    assert read(post(data))["resultCode"] == "OK"


@pytest.mark.parametrize(
    ("address", "hint"),
    [
        ("SE2321000016-9Z9Z", ""),
        (
            "SE2321000016-1A2B ",
            " (the address begins or ends with blanks, which are never removed)",
        ),
        (
            " SE2321000016-1A2B",
            " (the address begins or ends with blanks, which are never removed)",
        ),
    ],
)
def test_an_address_without_a_route_is_vp004(post, envelope, submitted, read, address, hint):
    """INTEROP E3–E5: contract and address as they were written."""
    receiver = f"<c:type>CARE</c:type><c:hsaId>{address}</c:hsaId>"
    told = read(post(envelope(submitted(receiver=receiver), address)))
    assert told["faultstring"].startswith("VP004 [vaxel-test] ")
    about = f"; serviceNamespace: {PROCESS_CASE}, receiverId: {address}{hint}"
    assert told["detailString"].endswith(about)


def test_an_unknown_contract_is_vp004(post, envelope, read):
    """INTEROP §2.3: no route for the contract, whatever the path says."""
    told = read(post(envelope("<x xmlns='urn:x'/>"), path="/soap/ProcessCase/1/rivtabp21"))
    assert "serviceNamespace: urn:x, receiverId: SE2321000016-1A2B" in told["detailString"]
    assert told["faultstring"].startswith("VP004 ")


@pytest.mark.parametrize("contract", ["ProcessCaseMessage", "GetCaseMessages"])
def test_what_is_for_the_gateway_is_addressed_to_it(post, envelope, element, read, contract):
    """CONTRACT: the logical address of these is the gateway's."""
    told = read(post(envelope(element(contract, ""))))
    assert told["faultstring"].startswith("VP004 ")
    assert GATEWAY in told["detailString"]


def test_the_gateways_address_is_told_in_any_letters(post, envelope, element, read):
    """INTEROP §6.1: the next thing that is wrong is told, so the address was right."""
    told = read(post(envelope(element("GetCaseMessages", ""), GATEWAY.lower())))
    assert told["faultstring"].startswith("VP015 ")


def test_nobody_is_vp002(post, envelope, submitted, read):
    """INTEROP E1."""
    assert read(post(envelope(submitted()), sender=None))["faultstring"].startswith("VP002 ")


def test_a_stranger_is_vp007_with_all_that_it_concerns(post, envelope, submitted, read):
    """INTEROP E8: an unknown sender."""
    told = read(post(envelope(submitted()), "SE0000000000-X"))
    assert told["faultstring"].startswith("VP007 ")
    assert f"serviceNamespace: {PROCESS_CASE}" in told["detailString"]


def test_a_caller_of_another_role_is_vp007(post, envelope, submitted, read):
    """INTEROP E8: a known sender that may not."""
    told = read(post(envelope(submitted()), SYSTEM))
    assert told["faultstring"].startswith("VP007 ")
    assert told["detailString"].endswith(f"receiverId: SE2321000016-1A2B, senderId: {SYSTEM}")


def test_a_peer_that_is_no_trusted_proxy_is_vp011(doors, client_of, envelope, submitted, read):
    """INTEROP E11: whoever it says that it is."""
    headers = {"x-vp-sender-id": "SE5560000000-E177", "x-forwarded-for": "127.0.0.1"}
    client = client_of(doors, "10.20.30.40")
    answer = client.post("/soap", content=envelope(submitted()), headers=headers)
    assert read(answer)["faultstring"].startswith("VP011 ")
    assert "10.20.30.40" in read(answer)["detailString"]


def test_a_faulty_request_is_vp015_without_its_values(post, envelope, submitted, read, lines):
    """DOMAIN A8: a personnummer where none should be is neither answered nor logged."""
    answer = post(envelope(submitted(kind=NUMBER, eventDate=NUMBER)))
    assert read(answer)["faultstring"].startswith("VP015 ")
    assert read(answer)["detailString"].startswith("ProcessCase/case/kind: CVC_ENUMERATION_VALID")
    assert NUMBER not in answer.text
    assert NUMBER not in repr(lines)


def test_only_the_request_element_is_taken(post, envelope, element, read):
    """A contract's schema knows its answer too; nobody may send that."""
    data = envelope(element("ProcessCase", "").replace("ProcessCase ", "ProcessCaseResponse "))
    data = data.replace(b"</ProcessCase>", b"</ProcessCaseResponse>")
    assert "the Body must hold ProcessCase of" in read(post(data))["detailString"]


@pytest.mark.parametrize("path", ["/soap", "/soap/", "/soap/a/b%20c", "/soap/GetCaseMessages/9/x"])
@pytest.mark.parametrize("content_type", [None, "application/json", "text/xml; charset=utf-16"])
def test_neither_path_nor_content_type_matters(
    post, envelope, submitted, read, path, content_type
):
    """INTEROP §1.7, §2.12: contracts are told apart by namespace."""
    headers = {"content-type": content_type} if content_type else {}
    assert read(post(envelope(submitted()), path=path, **headers))["resultCode"] == "OK"


def test_the_order_of_checks_is_kept(post, envelope, read):
    """Readable, sender, address, contract: the first that is wrong is told."""
    unknown = envelope("<x xmlns='urn:x'/>", "")
    assert read(post(b"<", sender=None))["faultstring"].startswith("VP015 ")
    assert read(post(unknown, sender=None))["faultstring"].startswith("VP002 ")
    assert read(post(unknown))["faultstring"].startswith("VP003 ")


def test_a_store_that_is_away_is_a_server_fault_that_says_when(
    post, envelope, submitted, read, store, lines
):
    """INTEROP §2.6: always 500; Retry-After tells that it may be sent again."""
    store.gone = True
    answer = post(envelope(submitted()))
    assert lines[0]["reason"] not in answer.text
    assert int(answer.headers["retry-after"]) > 0
    assert read(answer)["faultcode"] == "SOAP-ENV:Server"
    assert read(answer)["faultstring"].startswith("VP012 ")


def test_what_breaks_is_told_by_its_log_id_only(
    doors, client_of, envelope, submitted, read, lines
):
    """DOMAIN A8: an exception's words may hold anything."""

    async def keep(new):
        raise RuntimeError(NUMBER)

    client = client_of(replace(doors, intake=replace(doors.intake, keep=keep)))
    headers = {"x-vp-sender-id": "SE5560000000-E177", "x-skltp-correlation-id": "c-1"}
    answer = client.post("/soap", content=envelope(submitted()), headers=headers)
    assert (answer.status_code, read(answer)["faultcode"]) == (500, "SOAP-ENV:Server")
    assert "RuntimeError" not in answer.text
    assert NUMBER not in answer.text
    assert read(answer)["faultstring"].endswith("loggat med id c-1.")
    assert lines[0]["log_level"] == logging.getLevelName(logging.ERROR).lower()


def test_a_correlation_id_is_given_back(post, envelope, submitted, read):
    """INTEROP §2.12, 1.3.1: the caller's own id is the log id."""
    answer = post(envelope(submitted()), **{"x-skltp-correlation-id": "abc-1"})
    assert answer.headers["x-skltp-correlation-id"] == read(answer)["logId"] == "abc-1"


@pytest.mark.parametrize("told", [None, "", "a b", "x" * 129])
def test_a_correlation_id_is_made_when_there_is_none_to_use(post, envelope, submitted, told):
    """INTEROP §2.7: a new UUID."""
    headers = {} if told is None else {"x-skltp-correlation-id": told}
    answer = post(envelope(submitted()), **headers)
    assert re.fullmatch(r"[0-9a-f-]{36}", answer.headers["x-skltp-correlation-id"])


def test_a_request_is_one_line_in_the_log(post, envelope, submitted, read, lines):
    """AESTHETICS 4.5, rule 18: wide, and without personal data."""
    answer = post(envelope(submitted()))
    (line,) = lines
    assert line.pop("duration_ms") > 0
    assert line == {
        "event": "soap.answered",
        "log_level": "info",
        "interaction": "ProcessCase",
        "sender": "SE5560000000-E177",
        "original_consumer": "SE5560000000-E177",
        "on_behalf_of": None,
        "logical_address": "SE2321000016-1A2B",
        "case_number": read(answer)["caseNumber"],
        "correlation_id": read(answer)["logId"],
        "vp_code": None,
        "sub_code": None,
        "http_status": 200,
        "reason": None,
    }


def test_a_refused_request_is_logged_with_its_code(post, envelope, element, lines):
    """What looks like no case number of ours is not logged, whatever it is."""
    head = "<messageId>m</messageId><caseEvent>WITHDRAWN</caseEvent>"
    post(envelope(element("ProcessCase", f"{head}<caseNumber>{NUMBER}</caseNumber>")))
    (line,) = lines
    assert (line["sub_code"], line["http_status"]) == ("CASE_UNKNOWN", 200)
    assert line["case_number"] is None
    assert NUMBER not in repr(line)
