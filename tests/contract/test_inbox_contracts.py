"""Our files of the national inbox's contracts say what the standard says (INTEROP §5.1)."""

from pathlib import Path

import pytest
import zeep
from lxml import etree

CONTRACTS = Path(__file__).parents[2] / "wsdl"
XS = "http://www.w3.org/2001/XMLSchema"
URN = "urn:riv:infrastructure:eservicesupply:patientportal"
ADD, ACTIVE = "AddMessageToPatientPortalInbox", "IsActiveUser"
CORE_FILE = "core_components/infrastructure_eservicesupply_patientportal_1.0.xsd"
ANY = "any 0..*"
PERSON = "subjectOfCareId core:SubjectOfCareIdType 1..1"

# What each type holds, in order.
TYPES = {
    f"interactions/{ADD}Interaction/{ADD}Responder_1.0.xsd": {
        f"{ADD}Type": [
            PERSON,
            "message core:MessageType 1..1",
            "notify xs:boolean 0..1",
            "sourceSystem xs:string 0..1",
            ANY,
        ],
        f"{ADD}ResponseType": [
            "messageThreadId xs:string 0..1",
            "notificationSent core:NotificationMethodType 0..*",
            "resultCode core:ResultCodeEnum 1..1",
            "resultText xs:string 0..1",
            ANY,
        ],
    },
    f"interactions/{ACTIVE}Interaction/{ACTIVE}Responder_1.0.xsd": {
        f"{ACTIVE}Type": [PERSON, ANY],
        f"{ACTIVE}ResponseType": [
            "status xs:boolean 1..1",
            "activeNotificationMethods core:NotificationMethodType 0..*",
            ANY,
        ],
    },
    CORE_FILE: {
        "MessageType": [
            "organisationUnit core:OrganisationUnitType 1..1",
            "messageThreadId xs:string 0..1",
            "messageDescription xs:string 0..1",
            "messageText xs:string 1..1",
            "ssoLink core:SSOLinkType 0..1",
        ],
        "OrganisationUnitType": [
            "unitId core:OrganisationUnitIdType 1..1",
            "unitName xs:string 1..1",
            "unitAddress xs:string 0..1",
            "unitPostalCode xs:string 0..1",
            "unitPostalCity xs:string 0..1",
            "unitTelephone xs:string 0..1",
        ],
        "SSOLinkType": [
            "systemId xs:string 1..1",
            "text xs:string 1..1",
            "queryString xs:string 0..1",
            "type core:LinkTypeType 1..1",
        ],
        "OrganisationUnitIdType": [],
    },
}
VALUES = {
    "NotificationMethodType": ["SMS", "Email", "Other"],
    "LinkTypeType": ["CurrentTarget", "Embedded", "Widget", "NewTarget"],
    "ResultCodeEnum": ["OK", "ERROR", "INFO"],
}


@pytest.mark.parametrize("file", TYPES)
def test_a_type_holds_what_the_standard_says_in_its_order(file):
    """INTEROP §1.3, §5.1: names, types, and how many of each."""
    root = etree.parse(CONTRACTS / file).getroot()
    types = root.iterfind(f"{{{XS}}}complexType")
    assert {
        one.get("name"): [*map(_part, one.iterfind(f"{{{XS}}}sequence/*"))]
        for one in _filled(types)
    } == {name: parts for name, parts in TYPES[file].items() if parts}
    assert root.get("elementFormDefault") == "qualified"


@pytest.mark.parametrize("name", VALUES)
def test_the_values_are_the_standards(name):
    """INTEROP §5.1."""
    root = etree.parse(CONTRACTS / CORE_FILE).getroot()
    found = root.xpath(
        f"//x:simpleType[@name='{name}']//x:enumeration/@value", namespaces={"x": XS}
    )
    assert found == VALUES[name]


@pytest.mark.parametrize("x", [ADD, ACTIVE])
def test_zeep_loads_the_wsdl_and_finds_the_operation(x):
    """INTEROP §1.2, §5.1: by the names that the standard gives everything."""
    file = CONTRACTS / f"interactions/{x}Interaction/{x}Interaction_1.0_RIVTABP21.wsdl"
    ((name, service),) = zeep.Client(str(file)).wsdl.services.items()
    ((port_name, port),) = service.ports.items()
    ((operation, bound),) = port.binding.all().items()
    assert (name, port_name) == (f"{x}ResponderService", f"{x}ResponderPort")
    assert (operation, bound.soapaction) == (x, f"{URN}:{x}Responder:1:{x}")
    assert etree.QName(bound.input.body.qname).namespace == f"{URN}:{x}Responder:1"


def _filled(types):
    return (one for one in types if one.find(f"{{{XS}}}sequence") is not None)


def _part(element):
    most = element.get("maxOccurs", "1").replace("unbounded", "*")
    many = f"{element.get('minOccurs', '1')}..{most}"
    if element.tag == f"{{{XS}}}any":
        return f"any {many}"
    # The core's own types are of its target namespace, and have the prefix of all such there.
    return f"{element.get('name')} {element.get('type').replace('tns:', 'core:')} {many}"
