"""Who may read the catalogue, and that it tells the truth about who may call what."""

from dataclasses import replace

import pytest

from gateway.domain.hsa import HsaId
from gateway.flow.caller import Caller, Role
from gateway.flow.catalogue import SERVED

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
DOMAIN = "urn:riv-application:complaints:casehandling"
GATEWAY = "SE5560000000-VAXEL"
ASKED = (
    f'<e:Envelope xmlns:e="{SOAP}"><e:Body>'
    '<v:hamtaAllaAnropsBehorigheter xmlns:v="urn:skl:tp:vagvalsinfo:v2"/></e:Body></e:Envelope>'
).encode()


@pytest.fixture
def door_of(doors, client_of):
    """Open the door to one caller, known only by a role."""

    def send_as(role):
        known = replace(doors.identity.known[0], caller=Caller(HsaId("X"), "x", role))
        client = client_of(replace(doors, identity=replace(doors.identity, known=[known])))
        named = {"x-vp-sender-id": "X"}
        return lambda data: client.post("/soap/x", content=data, headers=named)

    return send_as


@pytest.mark.parametrize("role", Role)
def test_every_known_caller_may_read(door_of, read, role):
    """DOMAIN B12: other platforms can read ours."""
    answer = door_of(role)(ASKED)
    assert read(answer)["senderId"] == "X"


def test_a_stranger_may_not_read(post, read):
    """INTEROP §2.6: deny by default, with the same faults as elsewhere."""
    answer = post(ASKED, "SE0000000000-NOBODY")
    assert read(answer)["faultstring"].startswith("VP007 ")
    nobody = post(ASKED, sender=None)
    assert read(nobody)["faultstring"].startswith("VP002 ")


# The least that each contract takes, so that the caller's role is what is looked at.
LEAST = {
    "GetCaseMessages": "<personId><c:oid>1.2.752.129.2.1.3.1</c:oid>"
    "<c:number>191212121212</c:number></personId>",
    "ProcessCaseMessage": "<messageId>r</messageId><messageKind>RECEIVED</messageKind>"
    "<caseNumber>x</caseNumber><sentTime>2026-03-02T10:00:00+01:00</sentTime>",
    "RegisterCase": "<channel>PHONE</channel><receivedTime>2026-03-01T14:00:00Z</receivedTime>"
    "<externalCaseId>A-7</externalCaseId><case>{1}</case>",
    "ListMessages": "",
    "GetMessages": "<messageIds>1</messageIds>",
    "DeleteMessages": "<messageIds>1</messageIds>",
    "GetSupportedServiceContracts": "<serviceConsumerHsaId>x</serviceConsumerHsaId>"
    "<logicalAdress>x</logicalAdress>",
    "GetLogicalAddresseesByServiceContract": "<serviceConsumerHsaId>x</serviceConsumerHsaId>"
    '<serviceContractNameSpace><s:ServiceContractNamespace xmlns:s="{}">urn:x'
    "</s:ServiceContractNamespace></serviceContractNameSpace>",
    "PingForConfiguration": "<serviceContractNamespace/><logicalAddress/>",
}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("served", SERVED[:-1], ids=lambda one: one.namespace)
def test_the_catalogue_says_of_each_role_what_the_door_does(
    door_of, envelope, submitted, case_xml, served, role
):
    """INTEROP §2.4: a permission is told of those, and only those, who do not get VP007."""
    registry = served.namespace.rpartition(":Get")[0] + f":{served.major}"
    content = f'<{served.name} xmlns="{served.namespace}" xmlns:c="{DOMAIN}:1">'
    content += f"{LEAST.get(served.name, '').format(registry, case_xml())}</{served.name}>"
    data = envelope(submitted()) if served.for_units else envelope(content, GATEWAY)
    answer = door_of(role)(data)
    assert "VP015" not in answer.text
    assert ("VP007" not in answer.text) == (role in served.callers)
