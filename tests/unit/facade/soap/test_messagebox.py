"""The standard message box at the SOAP door: ListMessages, GetMessages, DeleteMessages."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from lxml import etree

from gateway.domain.lifecycle import DeliveryState
from gateway.domain.policy import Policy
from gateway.facade.soap.contracts import load_contracts
from gateway.flow.pickups import LEASE, lapsed

CONTRACTS = Path(__file__).parents[4] / "wsdl"
URN = "urn:riv:infrastructure:itintegration:messagebox"
GATEWAY, SYSTEM = "SE5560000000-VAXEL", "SE2321000016-AVV1"
PROCESS_CASE = "urn:riv-application:complaints:casehandling:ProcessCaseResponder:1"
NOW = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
SCHEMA = load_contracts(CONTRACTS)[PROCESS_CASE].schema.compiled


@pytest.fixture
def ask(post, envelope):
    """Call one of the three contracts: `ask("GetMessages", "<r:messageIds>1</r:messageIds>")`."""

    def send(name, inside="", sender=SYSTEM):
        registry = 'xmlns:t="urn:riv:itintegration:registry:1"'
        content = f'<r:{name} xmlns:r="{URN}:{name}Responder:1" {registry}>{inside}</r:{name}>'
        return post(envelope(content, GATEWAY), sender)

    return send


@pytest.fixture
def ids(ask):
    """Ask about the messages with these ids."""

    def send(name, *numbers):
        return ask(name, "".join(f"<r:messageIds>{n}</r:messageIds>" for n in numbers))

    return send


def test_a_message_is_listed_got_and_deleted(ask, ids, read, number):
    """INTEROP §5.2, DOMAIN C5: the whole way of one message."""
    listed = read(ask("ListMessages"))
    got = read(ids("GetMessages", listed["messageId"]))
    assert (listed["code"], listed["status"]) == ("OK", "RECEIVED")
    assert (listed["targetOrganization"], got["targetOrganization"]) == (SYSTEM, SYSTEM)
    assert listed["serviceContractType"] == got["ServiceContractNamespace"] == PROCESS_CASE
    assert int(listed["messageSize"]) == len(got["message"].encode())
    assert read(ask("ListMessages"))["status"] == "RETRIEVED"
    deleted = read(ids("DeleteMessages", listed["messageId"]))
    assert deleted == {"code": "OK", "deletedIds": listed["messageId"]}
    assert read(ask("ListMessages")) == {"code": "OK"}
    assert number in got["message"]


def test_a_message_that_was_got_is_listed_so_until_it_is_deleted(ask, ids, read, number, store):
    """INTEROP §5.2: also when its system took too long to delete it."""
    read(ids("GetMessages", _only(ask, read)))
    for left in store.deliveries.abandoned(NOW + LEASE + timedelta(seconds=1)):
        assert store.deliveries.record(left, lapsed(left, Policy(), NOW), NOW)
    assert read(ask("ListMessages"))["status"] == "RETRIEVED"
    assert read(ids("DeleteMessages", _only(ask, read)))["code"] == "OK"


def test_a_message_is_the_request_that_would_have_been_sent(
    post, envelope, submitted, ask, ids, read
):
    """CONTRACT: ProcessCase as it goes to those that can be called, by its own schema."""
    patient = (
        "<c:personId><c:oid>1.2.752.129.2.1.3.1</c:oid><c:number>200208012393</c:number>"
        "</c:personId><c:relation>GUARDIAN</c:relation><c:powerOfAttorney>false"
        "</c:powerOfAttorney>"
    )
    file = "<c:fileName>a.txt</c:fileName><c:mediaType>text/plain</c:mediaType>"
    file += "<c:content>aGVq</c:content>"
    post(envelope(submitted(patient=patient, attachment=file, description="&lt;å> &amp;")))
    message = etree.fromstring(read(ids("GetMessages", _only(ask, read)))["message"])
    SCHEMA.assertValid(message)
    told = {etree.QName(e).localname: e.text for e in message.iter() if not len(e)}
    assert (told["caseEvent"], told["powerOfAttorney"]) == ("SUBMITTED", "false")
    assert (told["description"], told["content"]) == ("<å> &", "aGVq")


@pytest.mark.parametrize(
    ("wanted", "listed"),
    [
        (f"<r:targetOrganizations>{SYSTEM.lower()}</r:targetOrganizations>", 1),
        ("<r:targetOrganizations>SE1</r:targetOrganizations>", 0),
        (f"<r:targetOrganizations>SE1</r:targetOrganizations>"
         f"<r:targetOrganizations>{SYSTEM}</r:targetOrganizations>", 1),
        ("<r:serviceContractTypes><t:ServiceContractNamespace>urn:x"
         "</t:ServiceContractNamespace></r:serviceContractTypes>", 0),
        (f"<r:serviceContractTypes><t:ServiceContractNamespace> {PROCESS_CASE} "
         "</t:ServiceContractNamespace></r:serviceContractTypes>", 1),
    ],
)  # fmt: skip
def test_only_what_is_asked_for_is_listed(ask, number, wanted, listed):
    """INTEROP §5.2: what is left out does not limit."""
    assert len(re.findall("<r:messageMetas>", ask("ListMessages", wanted).text)) == listed


def test_what_is_not_there_is_told_as_information(ask, ids, read, number):
    """INTEROP §5.2: INFO, and the rest is given."""
    number = _only(ask, read)
    for name in ("GetMessages", "DeleteMessages"):
        told = read(ids(name, number, 4711))
        assert told["code"] == "INFO"
        assert number in told.values()


def test_an_unread_message_is_not_deleted(ask, ids, read, number):
    """INTEROP §5.2: UNREAD_DELETE."""
    told = read(ids("DeleteMessages", _only(ask, read)))
    assert (told["code"], told["errorId"]) == ("ERROR", "2")
    assert read(ask("ListMessages"))["status"] == "RECEIVED"


def test_the_box_of_another_is_empty(ask, read, number):
    """DOMAIN E1."""
    other = read(ask("ListMessages", sender="SE2321000016-AVV2"))
    assert other == {"code": "OK"}


@pytest.fixture
def lost(post, envelope, submitted, doors):
    """Submit a case whose file is lost afterwards."""
    post(envelope(submitted(caseId="e-2", attachment=FILE)))
    doors.intake.files.contents.there.clear()


@pytest.mark.usefixtures("lost")
def test_a_lost_file_does_not_hide_the_others(number, ask, ids, store):
    """DOMAIN C4, G1: its message is parked until operators bring it back; all others go on."""
    listed = _numbers(ask("ListMessages"))
    told = ids("GetMessages", *listed)
    assert (len(listed), told.status_code, told.text.count("<r:responses>")) == (2, 200, 1)
    assert number in told.text
    assert len(_numbers(ask("ListMessages"))) == 1
    [parked] = store.deliveries.listed(DeliveryState.PARKED, None, None, 9)
    assert "attachment is lost" in parked.reason


def test_a_size_is_told_without_reading_files(post, envelope, submitted, ask, ids, read):
    """INTEROP §5.2: and it is the size all the same."""
    post(envelope(submitted(attachment=FILE)))
    listed = read(ask("ListMessages"))
    got = read(ids("GetMessages", listed["messageId"]))
    assert int(listed["messageSize"]) == len(got["message"].encode())


def test_only_case_systems_have_a_box(ask, number):
    """Deny by default: VP007."""
    answer = ask("ListMessages", sender="SE5560000000-E177")
    assert (answer.status_code, "VP007" in answer.text) == (500, True)


@pytest.mark.parametrize("inside", ["", "<r:messageIds>many</r:messageIds>"])
def test_a_request_that_breaks_the_schema_is_refused(ask, inside):
    """INTEROP §2.6: VP015."""
    assert "VP015" in ask("GetMessages", inside).text


@pytest.mark.parametrize("x", ["ListMessages", "GetMessages", "DeleteMessages"])
def test_the_wsdl_is_named_as_the_standard_wants(x):
    """INTEROP §1.2: the national domain, and not ours."""
    text = (
        CONTRACTS / f"interactions/{x}Interaction/{x}Interaction_1.0_RIVTABP21.wsdl"
    ).read_text()
    assert f'soapAction="{URN}:{x}Responder:1:{x}"' in text
    assert f'targetNamespace="{URN}:{x}:1:rivtabp21"' in text
    assert f"/soap/infrastructure/itintegration/messagebox/{x}/1/rivtabp21" in text
    assert "casehandling" not in text


FILE = (
    "<c:fileName>a.txt</c:fileName><c:mediaType>text/plain</c:mediaType>"
    "<c:content>aGVqIQ==</c:content>"
)


def _numbers(answer):
    return re.findall(":messageId>([0-9]+)<", answer.text)


def _only(ask, read):
    return read(ask("ListMessages"))["messageId"]
