"""zeep, knowing only the served WSDL, submits a case and reads the reply (DOMAIN A1, A7, D1)."""

import pytest
import requests
import zeep

from gateway.domain.person import PERSONNUMMER_OID
from gateway.testing.process import E_SERVICE

PERSON = {"oid": PERSONNUMMER_OID, "number": "191212121212"}


def client_of(url: str, interaction: str, sender: str = E_SERVICE) -> zeep.Client:
    """Make a client that knows nothing but what the gateway serves."""
    session = requests.Session()
    session.headers["x-vp-sender-id"] = sender
    transport = zeep.Transport(session=session)
    return zeep.Client(f"{url}/soap/{interaction}/1/rivtabp21?wsdl", transport=transport)


def call(client: zeep.Client, interaction: str, address: str, **body: object):
    """Call the one operation, with the logical address in its header."""
    operation = getattr(client.service, interaction)
    return operation(_soapheaders={"LogicalAddress": address}, **body)


@pytest.fixture
def submit(running, a_case):
    """Submit a case over SOAP, to the unit or to another."""

    def submit(case_id: str, unit: str = running.unit):
        case = a_case(case_id, PERSON, receiver={"type": "CARE", "hsaId": unit})
        client = client_of(running.url, "ProcessCase")
        body = {"messageId": case_id, "caseEvent": "SUBMITTED", "case": case}
        return call(client, "ProcessCase", unit, **body)

    return submit


def test_zeep_submits_a_case_and_reads_the_confirmation_and_the_reply(running, submit):
    """DOMAIN A1, A7, D1."""
    number = submit("zeep-1").caseNumber
    running.reply_finally(number, "Vi beklagar väntan.")
    reader = client_of(running.url, "GetCaseMessages")
    answer = call(reader, "GetCaseMessages", running.hsa_id, personId=PERSON, caseNumber=number)
    kinds = [message.messageKind for message in answer.caseInfo[0].message]
    assert kinds == ["CASE_CONFIRMATION", "FINAL_REPLY"]
    assert answer.caseInfo[0].message[1].text == "Vi beklagar väntan."


def test_zeep_gets_the_same_receipt_for_the_same_case(submit):
    """DOMAIN A1: idempotency by the sender's case id."""
    first, again = submit("zeep-2"), submit("zeep-2")
    assert (again.caseNumber, again.receivedTime) == (first.caseNumber, first.receivedTime)


def test_zeep_registers_a_case_that_began_by_phone(running, a_case):
    """DOMAIN A12: who handles the unit's cases registers, and the citizen has the confirmation."""
    person = {"oid": PERSONNUMMER_OID, "number": "188803099368"}
    registrar = client_of(running.url, "RegisterCase", "TEST-STAFF")
    told = {"channel": "PHONE", "receivedTime": "2026-03-02T09:30:00+01:00"}
    case = a_case("zeep-4", person)
    number = call(registrar, "RegisterCase", running.hsa_id, case=case, **told).caseNumber
    reader = client_of(running.url, "GetCaseMessages")
    answer = call(reader, "GetCaseMessages", running.hsa_id, personId=person, caseNumber=number)
    [info] = answer.caseInfo
    assert (info.caseState, info.message[0].messageKind) == ("RECEIVED", "CASE_CONFIRMATION")


def test_zeep_reads_an_unknown_unit_as_a_fault_of_the_platform(submit):
    """INTEROP §2.6: VP004."""
    with pytest.raises(zeep.exceptions.Fault, match="VP004"):
        submit("zeep-3", "SE2321009101-NOWHERE")
