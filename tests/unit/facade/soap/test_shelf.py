"""The contracts, read from the door itself."""

from dataclasses import replace
from datetime import date
from ipaddress import ip_network

import pytest
import zeep
from lxml import etree

from gateway.facade.soap.contracts import INTERACTIONS

DOOR = "https://vaxel.example/soap"


class _Door(zeep.Transport):
    """Fetches through the door, and nowhere else."""

    def __init__(self, client):
        super().__init__()
        self.client = client

    def post(self, address, message, headers):
        named = headers | {"x-vp-sender-id": "SE5560000000-E177"}
        return self.client.post(address, content=message, headers=named)

    def load(self, url):
        answer = self.client.get(url)
        assert answer.status_code == 200, url
        return answer.content


def _location(answer):
    address = "//*[local-name() = 'address']/@location"
    return etree.fromstring(answer.content).xpath(address)[0]


def test_the_contracts_are_listed_with_links_that_work(client):
    """CONTRACT: GET /soap."""
    page = client.get("/soap")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    links = etree.HTML(page.text).xpath("//a/@href")
    assert links == sorted(f"{DOOR}/{one.path}?wsdl" for one in INTERACTIONS)
    assert {client.get(link).status_code for link in links} == {200}


@pytest.mark.parametrize("interaction", INTERACTIONS, ids=lambda one: one.name)
def test_a_caller_can_be_built_from_what_is_served(client, interaction):
    """INTEROP §2.9: every import is rewritten to an address that gives the file."""
    address = f"{DOOR}/{interaction.path}"
    wsdl = zeep.Client(f"{address}?wsdl", transport=_Door(client)).wsdl
    (port,) = next(iter(wsdl.services.values())).ports.values()
    assert port.binding_options["address"] == address


def test_a_caller_built_from_what_is_served_gets_a_receipt(client):
    """CONTRACT: an e-service needs nothing but the WSDL."""
    caller = zeep.Client(f"{DOOR}/ProcessCase/1/rivtabp21?wsdl", transport=_Door(client))
    person = {"oid": "1.2.752.129.2.1.3.1", "number": "191212121212"}
    case = {
        "caseId": "e-1",
        "kind": "FEEDBACK",
        "receiver": {"type": "COMMITTEE"},
        "eventDate": date(2026, 2, 14),
        "answerWanted": "NONE",
        "submitter": {"personId": person},
        "description": "Tack för hjälpen.",
    }
    header = {"LogicalAddress": "SE2321000016-PN"}
    answer = caller.service.ProcessCase("m-1", "SUBMITTED", case=case, _soapheaders=header)
    assert (answer.result.resultCode, len(answer.caseNumber)) == ("OK", 16)


def test_a_contract_is_xml_in_utf_8(client):
    """INTEROP §2.9, with a content type that is one."""
    answer = client.get("/soap/ProcessCase/1/rivtabp21?wsdl")
    assert answer.headers["content-type"] == "text/xml; charset=utf-8"
    assert answer.content.startswith(b"<?xml version='1.0' encoding='UTF-8'?>\n<wsdl:definitions")


@pytest.mark.parametrize(
    "path",
    ["processcase/1/RIVTABP21?wsdl", "complaints/casehandling/ProcessCase/1/rivtabp21?WSDL"],
)
def test_letter_case_and_the_domain_before_do_not_matter(client, path):
    """INTEROP §1.2, §2.9: the address that is written in is always the same."""
    assert _location(client.get(f"/soap/{path}")) == f"{DOOR}/ProcessCase/1/rivtabp21"


@pytest.mark.parametrize(
    ("host", "door"),
    [
        ("esb.example:8443", "https://esb.example:8443/soap"),
        ("[2001:db8::1]:8443", "https://[2001:db8::1]:8443/soap"),
        ('x"><evil', "https://vaxel.example/soap"),
    ],
)
def test_addresses_are_where_the_caller_called(client, host, door):
    """CONTRACT: addresses that work from where the caller is."""
    answer = client.get("/soap/ProcessCase/1/rivtabp21?wsdl", headers={"host": host})
    assert _location(answer) == f"{door}/ProcessCase/1/rivtabp21"


@pytest.mark.parametrize(
    ("forwarded", "door"),
    [
        ({"host": "tp.example"}, "https://tp.example/soap"),
        ({"host": "tp.example", "port": "8080", "proto": "http"}, "http://tp.example:8080/soap"),
        ({"port": "444"}, "https://vaxel.example:444/soap"),
        ({"host": "a/b", "port": "x", "proto": "file"}, "https://vaxel.example/soap"),
    ],
)
def test_a_trusted_proxy_tells_the_address_outside(client, forwarded, door):
    """INTEROP §2.7: X-VP-Forwarded-Host, -Port and -Proto."""
    headers = {f"x-vp-forwarded-{name}": value for name, value in forwarded.items()}
    answer = client.get("/soap/ProcessCase/1/rivtabp21?wsdl", headers=headers)
    assert _location(answer) == f"{door}/ProcessCase/1/rivtabp21"


@pytest.mark.parametrize(
    ("forwarded", "door"),
    [
        ({"host": "tp.example", "proto": "http"}, "http://tp.example/soap"),
        ({"host": "tp.example", "port": "8443"}, "https://tp.example:8443/soap"),
        ({"host": "tp.example, inner.example", "proto": "https,http"}, "https://tp.example/soap"),
        ({"host": "a/b", "port": "x", "proto": "file"}, "https://vaxel.example/soap"),
    ],
)
def test_a_usual_proxy_tells_the_address_outside_too(client, forwarded, door):
    """X-Forwarded-Host, -Port and -Proto; the first of several is what the caller used."""
    headers = {f"x-forwarded-{name}": value for name, value in forwarded.items()}
    answer = client.get("/soap/ProcessCase/1/rivtabp21?wsdl", headers=headers)
    assert _location(answer) == f"{door}/ProcessCase/1/rivtabp21"


def test_a_service_platforms_own_words_go_before_the_usual(client):
    """INTEROP §2.7: a proxy between us and the platform sets the others."""
    headers = {"x-vp-forwarded-host": "tp.example", "x-forwarded-host": "inner.example"}
    headers["x-forwarded-port"] = "8443"
    answer = client.get("/soap/ProcessCase/1/rivtabp21?wsdl", headers=headers)
    assert _location(answer) == "https://tp.example/soap/ProcessCase/1/rivtabp21"


@pytest.mark.parametrize("name", ["x-vp-forwarded-host", "x-forwarded-host"])
def test_nobody_else_tells_the_address_outside(doors, client_of, name):
    """A stranger cannot have contracts point elsewhere."""
    identity = replace(doors.identity, trusted_proxies=[ip_network("10.0.0.0/8")])
    client = client_of(replace(doors, identity=identity))
    headers = {name: "evil.example"}
    answer = client.get("/soap/ProcessCase/1/rivtabp21?wsdl", headers=headers)
    assert _location(answer) == f"{DOOR}/ProcessCase/1/rivtabp21"


@pytest.mark.parametrize(
    "path",
    [
        "",
        "ProcessCase/1/rivtabp21",
        "ProcessCase/2/rivtabp21?wsdl",
        "ProcessCase/1/rivtabp20?wsdl",
        "ProcessCase/1/rivtabp21?xsd=",
        "ProcessCase/1/rivtabp21?xsd=../pyproject.toml",
        "ProcessCase/1/rivtabp21?xsd=core_components/../../pyproject.toml",
        "ProcessCase/1/rivtabp21?xsd=/etc/hostname",
        "ProcessCase/1/rivtabp21?xsd=%2e%2e/pyproject.toml",
        "x/1/rivtabp21?xsd=core_components/complaints_casehandling_1.0.xsd",
    ],
)
def test_what_is_not_there_is_answered_with_what_is(client, path):
    """INTEROP §2.9: a list, and no way to any other file."""
    answer = client.get(f"/soap/{path}")
    assert answer.status_code == 404
    assert f"{DOOR}/GetCaseMessages/1/rivtabp21?wsdl" in answer.text


def test_other_methods_are_not_taken(client):
    """Only calls and reading."""
    for path in ("/soap", "/soap/ProcessCase/1/rivtabp21"):
        answer = client.put(path, content=b"x")
        assert answer.status_code == 405
        assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD", "POST"}
