"""What can be called where: GetSupportedServiceContracts and its counterpart, v1 and v2."""

import pytest
from lxml import etree

from gateway.testing.builders import UNIT

URNS = {1: "urn:riv:itintegration:registry", 2: "urn:riv:infrastructure:itintegration:registry"}
GATEWAY, SYSTEM, E_SERVICE = "SE5560000000-VAXEL", "SE2321000016-AVV1", "SE5560000000-E177"
COMMITTEE = "SE2321000016-PN"
PROCESS_CASE = "urn:riv-application:complaints:casehandling:ProcessCaseResponder:1"
CASE_MESSAGE = PROCESS_CASE.replace("ProcessCase", "ProcessCaseMessage")
majors = pytest.mark.parametrize("major", URNS)


@pytest.fixture
def ask(post, envelope):
    """Ask one of the contracts, with the header and the names of its version."""

    def send(name, major, address=GATEWAY, sender=SYSTEM, **values):
        urn = URNS[major]
        inside = "".join(f"<r:{key}>{value}</r:{key}>" for key, value in values.items())
        names = f'xmlns:r="{urn}:{name}Responder:{major}" xmlns:c="{urn}:{major}"'
        data = envelope(f"<r:{name} {names}>{inside}</r:{name}>", address)
        header = f'xmlns:r="{urn}:{major}"'.encode()
        return post(data.replace(b'xmlns:r="urn:riv:itintegration:registry:1"', header), sender)

    return send


@pytest.fixture
def contracts(ask):
    """Tell the contracts that can be called at an address, by anybody or by one."""

    def read(address, consumer=None, major=2):
        values = {"serviceConsumerHsaId": consumer} if consumer else {}
        answer = ask("GetSupportedServiceContracts", major, **values, logicalAdress=address)
        assert answer.status_code == 200, answer.text
        return etree.fromstring(answer.content).xpath("//*[not(*)]/text()")

    return read


@pytest.fixture
def addresses(ask):
    """Tell the addresses where somebody can call a contract."""

    def read(contract, consumer=E_SERVICE, major=2):
        named = f"<c:ServiceContractNamespace>{contract}</c:ServiceContractNamespace>"
        values = {"serviceConsumerHsaId": consumer, "serviceContractNameSpace": named}
        answer = ask("GetLogicalAddresseesByServiceContract", major, **values)
        assert answer.status_code == 200, answer.text
        return etree.fromstring(answer.content).xpath("//*[local-name()='logicalAddress']/text()")

    return read


@majors
def test_a_unit_takes_cases_from_those_who_may_send_them(contracts, major):
    """INTEROP §3.9: filtered by what the consumer may call, whatever the case of letters."""
    assert contracts(UNIT.text.lower(), E_SERVICE.lower(), major) == [PROCESS_CASE]
    assert contracts(UNIT.text, SYSTEM, major) == []
    assert contracts(UNIT.text, "SE0000000000-NOBODY", major) == []


def test_without_a_consumer_it_is_told_what_anybody_can_call(contracts):
    """INTEROP §3.9, §3.11: the second version."""
    assert contracts(UNIT.text) == contracts(COMMITTEE) == [PROCESS_CASE]
    assert {CASE_MESSAGE, f"{URNS[2]}:GetSupportedServiceContractsResponder:2"} <= {
        *contracts(GATEWAY)
    }
    assert contracts("SE0000000000-NOWHERE") == []


def test_a_system_calls_the_gateway(contracts):
    """INTEROP §1.8: system addressing."""
    at_gateway = contracts(GATEWAY, SYSTEM)
    assert CASE_MESSAGE in at_gateway
    assert PROCESS_CASE not in at_gateway


@majors
@pytest.mark.parametrize("contract", [PROCESS_CASE, PROCESS_CASE.upper(), f" {PROCESS_CASE}\n"])
def test_the_addresses_of_a_contract_are_those_that_have_a_route(addresses, major, contract):
    """INTEROP §3.9: units and committees."""
    assert addresses(contract, major=major) == [UNIT.text, COMMITTEE]


@majors
def test_a_consumer_that_may_not_call_has_no_addresses(addresses, major):
    """INTEROP §3.9: filtered by what the consumer may call."""
    assert addresses(PROCESS_CASE, SYSTEM, major) == []
    assert addresses("urn:x:y:z:1", major=major) == []
    assert addresses(CASE_MESSAGE, SYSTEM, major) == [GATEWAY]


@majors
@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("GetSupportedServiceContracts", {"serviceConsumerHsaId": "x", "logicalAdress": ""}),
        ("GetSupportedServiceContracts", {"serviceConsumerHsaId": " ", "logicalAdress": "x"}),
        ("GetSupportedServiceContracts", {}),
        ("GetLogicalAddresseesByServiceContract", {}),
        (
            "GetLogicalAddresseesByServiceContract",
            {
                "serviceConsumerHsaId": "x",
                "serviceContractNameSpace": "<c:ServiceContractNamespace/>",
            },
        ),
    ],
)
def test_empty_input_is_vp015(ask, read, name, values, major):
    """INTEROP §3.9: a SOAP fault; docs/decisions/0008: of the schema."""
    told = read(ask(name, major, **values))
    assert told["faultstring"].startswith("VP015 ")
    assert "serviceC" in told["detailString"] or "logicalAdress" in told["detailString"]


@majors
def test_strangers_and_other_addresses_get_the_doors_faults(ask, read, major):
    """INTEROP §2.6: the same as for every contract."""
    values = {"serviceConsumerHsaId": SYSTEM, "logicalAdress": UNIT.text}
    name = "GetSupportedServiceContracts"
    stranger = ask(name, major, sender="SE0000000000-NOBODY", **values)
    elsewhere = ask(name, major, address=UNIT.text, **values)
    assert read(stranger)["faultstring"].startswith("VP007 ")
    assert read(elsewhere)["faultstring"].startswith("VP004 ")
