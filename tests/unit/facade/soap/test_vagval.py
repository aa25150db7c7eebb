"""SokVagvalsInfo v2 as a service platform asks it: no address, no action, all rows at once."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from lxml import etree

from gateway.domain.hsa import HsaId
from gateway.domain.period import Period
from gateway.facade.soap.contracts import INTERACTIONS
from gateway.facade.soap.vagval_notation import Places, routes
from gateway.flow.catalogue import SERVED, Catalogue
from gateway.routes.tak.calling import heard
from gateway.routes.tak.table import Days

V2 = "urn:skl:tp:vagvalsinfo:v2"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
GATEWAY, SYSTEM, E_SERVICE = "SE5560000000-VAXEL", "SE2321000016-AVV1", "SE5560000000-E177"
PROCESS_CASE = SERVED[0].namespace


def envelope_of(operation, namespace=V2):
    """Write what a JAX-WS client sends: an empty element, and no header."""
    body = f'<v:{operation} xmlns:v="{namespace}"/>'
    return f'<e:Envelope xmlns:e="{SOAP}"><e:Body>{body}</e:Body></e:Envelope>'.encode()


@pytest.fixture
def rows(post):
    """Ask for all rows of an operation, each as its leaves."""

    def read(operation, sender=SYSTEM):
        answer = post(envelope_of(operation), sender, soapaction='""')
        assert answer.status_code == 200, answer.text
        return [
            {etree.QName(leaf).localname: leaf.text for leaf in row.iter() if not len(leaf)}
            for row in etree.fromstring(answer.content)[0][0]
        ]

    return read


def test_a_route_leads_to_an_address_that_names_the_destination(rows):
    """DOMAIN B1, B12: what a platform needs to call us, and to know where it ends."""
    unit, committee, *_ = rows("hamtaAllaVirtualiseringar")
    assert unit.pop("virtualiseringsInfoId").count("-") == 4
    assert unit == {
        "receiverId": "SE2321000016-1A2B",
        "rivProfil": "RIVTABP21",
        "tjansteKontrakt": PROCESS_CASE,
        "fromTidpunkt": "2000-01-01T00:00:00+01:00",
        "tomTidpunkt": "2999-12-31T23:59:59+01:00",
        "adress": "https://vaxel.example/soap/stockholm/avvikelse",
    }
    assert committee["receiverId"] == "SE2321000016-PN"


def test_what_is_for_the_gateway_is_routed_to_it(rows):
    """DOMAIN B12: case systems find the contracts that they call."""
    own = [row for row in rows("hamtaAllaVirtualiseringar") if row["receiverId"] == GATEWAY]
    assert {row["adress"] for row in own} == {"https://vaxel.example/soap"}
    assert [row["tjansteKontrakt"] for row in own] == [one.namespace for one in SERVED[1:]]


def test_times_are_swedish_with_their_zone_and_the_last_instant_belongs_to_a_row(doors):
    """INTEROP §2.3: nothing for the reader to guess, in summer or in winter."""
    table = doors.operating.table()
    period = Period(datetime(2026, 1, 31, 23, tzinfo=UTC), datetime(2026, 6, 30, 22, tzinfo=UTC))
    region = table.regions["stockholm"]
    limited = replace(region, committee=replace(region.committee, period=period))
    table = replace(table, regions={"stockholm": limited})
    first = next(routes(Catalogue(table, (), HsaId(GATEWAY), "x"), Places("http://x/soap")))
    assert "<fromTidpunkt>2026-02-01T00:00:00+01:00</fromTidpunkt>" in first
    assert "<tomTidpunkt>2026-06-30T23:59:59.999999+02:00</tomTidpunkt>" in first


def test_rows_keep_their_ids_as_long_as_they_say_the_same(rows):
    """INTEROP §3.8: ids are unique, and no reader sees a change where there is none."""
    first, again = rows("hamtaAllaVirtualiseringar"), rows("hamtaAllaVirtualiseringar")
    assert first == again
    assert len({row["virtualiseringsInfoId"] for row in first}) == len(first)


def test_permissions_are_what_known_callers_may_call(rows):
    """DOMAIN B12, INTEROP §2.4: `*` is every receiver."""
    found = {
        (row["senderId"], row["receiverId"], row["tjansteKontrakt"])
        for row in rows("hamtaAllaAnropsBehorigheter")
    }
    assert (E_SERVICE, "*", PROCESS_CASE) in found
    assert (SYSTEM, GATEWAY, SERVED[1].namespace) in found
    assert not any(sender == SYSTEM and of == PROCESS_CASE for sender, _, of in found)


def test_contracts_are_told_with_their_versions(rows):
    """INTEROP §3.8."""
    assert {
        "namnrymd": PROCESS_CASE,
        "majorVersion": "1",
        "minorVersion": "0",
        "beskrivning": "ProcessCase",
    } in rows("hamtaAllaTjanstekontrakt")
    assert {row["majorVersion"] for row in rows("hamtaAllaTjanstekontrakt")} == {"1", "2"}


def test_components_are_the_gateway_with_its_addresses_and_every_caller(post):
    """INTEROP §3.8: what is called where, and what each caller may."""
    answer = post(envelope_of("hamtaAllaTjanstekomponenter"))
    gateway, *callers = etree.fromstring(answer.content)[0][0]
    about = {"v": V2}
    addresses = gateway.xpath("v:anropsAdressInfo/v:adress/text()", namespaces=about)
    assert addresses == [
        "https://vaxel.example/soap/stockholm/avvikelse",
        "https://vaxel.example/soap",
    ]
    assert gateway.findtext("v:hsaId", namespaces=about) == GATEWAY
    assert callers[0].findtext("v:hsaId", namespaces=about) == E_SERVICE
    assert callers[0].xpath("v:anropsbehorighetInfo/v:logiskAdressHsaId", namespaces=about)


def test_an_operation_that_is_none_is_refused(post, read):
    """INTEROP §2.6: VP015, with those there are."""
    told = read(post(envelope_of("hamtaAlltihop")))
    assert told["faultstring"].startswith("VP015 ")
    assert "hamtaAllaVirtualiseringar or hamtaAllaAnropsBehorigheter" in told["detailString"]


@pytest.mark.parametrize(
    "element", ['<v:hamtaAllaVirtualiseringar xmlns:v="{}" xmlns:x="{}-instance" x:nil="true"/>']
)
def test_a_request_may_be_nil(post, element):
    """INTEROP §3.8: requests are empty and nillable."""
    body = element.format(V2, "http://www.w3.org/2001/XMLSchema")
    data = f'<e:Envelope xmlns:e="{SOAP}"><e:Header/><e:Body>{body}</e:Body></e:Envelope>'
    assert post(data.encode()).status_code == 200


def test_every_contract_of_the_door_is_in_the_catalogue():
    """DOMAIN B12: and nothing else, each at whose address it is called."""
    served = {one.namespace: one.for_units for one in SERVED}
    assert served == {one.namespace: not one.for_gateway for one in INTERACTIONS}


def test_another_gateway_reads_what_this_one_tells(post):
    """DOMAIN B12: the reader of catalogues finds no fault with ours, and the same routes."""

    def ask(operation):
        answer = post(envelope_of(operation))
        return answer.status_code, answer.content

    table = heard(ask)
    assert table.findings == ()
    assert [(one.receiver.text, one.address) for one in table.routes] == [
        ("SE2321000016-1A2B", "https://vaxel.example/soap/stockholm/avvikelse"),
        ("SE2321000016-PN", "https://vaxel.example/soap/stockholm/avvikelse"),
    ]
    assert [one.valid for one in table.routes] == [Days(None, None)] * 2
    assert [(one.sender.text, one.receiver.text) for one in table.permissions] == [
        (E_SERVICE, "*")
    ]
