"""Our files of the standard's contracts say what the standard says: names, types, how many."""

from pathlib import Path

import pytest
import zeep
from lxml import etree

CONTRACTS = Path(__file__).parents[2] / "wsdl"
XS = "http://www.w3.org/2001/XMLSchema"
NS = {
    "w": "http://schemas.xmlsoap.org/wsdl/",
    "s": "http://schemas.xmlsoap.org/wsdl/soap/",
    "xs": XS,
}
REGISTRY = "urn:riv:itintegration:registry"
REGISTRY_2 = "urn:riv:infrastructure:itintegration:registry"
MONITORING = "urn:riv:itintegration:monitoring"
VAGVAL = "urn:skl:tp:vagvalsinfo:v2"
SUPPORTED, ADDRESSEES = "GetSupportedServiceContracts", "GetLogicalAddresseesByServiceContract"
PING = "PingForConfiguration"
# How types are written below.
PREFIXES = {
    XS: "xs",
    f"{REGISTRY}:1": "registry",
    f"{REGISTRY_2}:2": "registry2",
    f"{MONITORING}:1": "monitoring",
    "urn:skl:tp:core:v1": "core",
}
ANY = "any ##other lax 0..*"
_CONTRACT = ["ServiceContractNamespace xs:anyURI 1..1", ANY]

# INTEROP §3.8–3.10: what each complex type holds, in order; elements stand under "".
STANDARD = {
    f"{REGISTRY}:1": {
        "": ["LogicalAddress registry:LogicalAddressType"],
        "ServiceContractNamespaceType": _CONTRACT,
    },
    f"{REGISTRY_2}:2": {
        "": ["LogicalAddress registry2:LogicalAddressType"],
        "ServiceContractNamespaceType": _CONTRACT,
    },
    f"{REGISTRY}:{SUPPORTED}Responder:1": {
        "": [
            f"{SUPPORTED} tns:{SUPPORTED}Type",
            f"{SUPPORTED}Response tns:{SUPPORTED}ResponseType",
        ],
        f"{SUPPORTED}Type": [
            "serviceConsumerHsaId registry:HsaIdType 1..1",
            "logicalAdress registry:LogicalAddressType 1..1",
            ANY,
        ],
        f"{SUPPORTED}ResponseType": [
            "serviceContractNamespace registry:ServiceContractNamespaceType 0..*",
            ANY,
        ],
    },
    f"{REGISTRY_2}:{SUPPORTED}Responder:2": {
        "": [
            f"{SUPPORTED} tns:{SUPPORTED}Type",
            f"{SUPPORTED}Response tns:{SUPPORTED}ResponseType",
        ],
        f"{SUPPORTED}Type": [
            "serviceConsumerHsaId registry2:HsaIdType 0..1",
            "logicalAdress registry2:LogicalAddressType 1..1",
            ANY,
        ],
        f"{SUPPORTED}ResponseType": [
            "serviceContractNamespace registry2:ServiceContractNamespaceType 0..*",
            ANY,
        ],
    },
    f"{REGISTRY}:{ADDRESSEES}Responder:1": {
        "": [
            f"{ADDRESSEES} tns:{ADDRESSEES}Type",
            f"{ADDRESSEES}Response tns:{ADDRESSEES}ResponseType",
        ],
        f"{ADDRESSEES}Type": [
            "serviceConsumerHsaId registry:HsaIdType 1..1",
            "serviceContractNameSpace registry:ServiceContractNamespaceType 1..1",
            ANY,
        ],
        f"{ADDRESSEES}ResponseType": ["logicalAddress registry:LogicalAddressType 0..*", ANY],
    },
    f"{REGISTRY_2}:{ADDRESSEES}Responder:2": {
        "": [
            f"{ADDRESSEES} tns:{ADDRESSEES}Type",
            f"{ADDRESSEES}Response tns:{ADDRESSEES}ResponseType",
        ],
        f"{ADDRESSEES}Type": [
            "serviceConsumerHsaId registry2:HsaIdType 1..1",
            "serviceContractNameSpace registry2:ServiceContractNamespaceType 1..1",
            ANY,
        ],
        f"{ADDRESSEES}ResponseType": [
            "logicalAddressRecord tns:LogicalAddresseeRecordType 0..*",
            ANY,
        ],
        "LogicalAddresseeRecordType": [
            "logicalAddress registry2:LogicalAddressType 1..1",
            "filter tns:FilterType 0..*",
            ANY,
        ],
        "FilterType": ["serviceDomain xs:anyURI 1..1", "categorization xs:string 0..*", ANY],
    },
    f"{MONITORING}:{PING}Responder:1": {
        "": [f"{PING} tns:{PING}Type", f"{PING}Response tns:{PING}ResponseType"],
        f"{PING}Type": [
            "serviceContractNamespace xs:anyURI 1..1",
            "logicalAddress xs:anyURI 1..1",
            ANY,
        ],
        f"{PING}ResponseType": [
            "version xs:string 1..1",
            "pingDateTime monitoring:TS 1..1",
            "configuration tns:ConfigurationType 0..*",
            ANY,
        ],
        "ConfigurationType": ["name xs:string 1..1", "value xs:string 1..1", ANY],
    },
    VAGVAL: {
        "": [
            "hamtaAllaTjanstekontrakt nillable",
            "hamtaAllaTjanstekontraktResponse tns:hamtaAllaTjanstekontraktResponseType",
            "hamtaAllaVirtualiseringar nillable",
            "hamtaAllaVirtualiseringarResponse tns:hamtaAllaVirtualiseringarResponseType",
            "hamtaAllaAnropsBehorigheter nillable",
            "hamtaAllaAnropsBehorigheterResponse tns:hamtaAllaAnropsBehorigheterResponseType",
            "hamtaAllaTjanstekomponenter nillable",
            "hamtaAllaTjanstekomponenterResponse tns:hamtaAllaTjanstekomponenterResponseType",
            "tjanstekontraktInfo tns:tjanstekontraktInfoType",
            "virtualiseringsInfo tns:virtualiseringsInfoType",
            "anropsBehorighetsInfo tns:anropsBehorighetsInfoType",
            "tjanstekomponentInfo tns:tjanstekomponentInfoType",
        ],
        "hamtaAllaTjanstekontraktResponseType": ["ref tns:tjanstekontraktInfo 0..*"],
        "hamtaAllaVirtualiseringarResponseType": ["ref tns:virtualiseringsInfo 0..*"],
        "hamtaAllaAnropsBehorigheterResponseType": ["ref tns:anropsBehorighetsInfo 1..*"],
        "hamtaAllaTjanstekomponenterResponseType": ["ref tns:tjanstekomponentInfo 0..*"],
        "virtualiseringsInfoIdType": ["extends core:UUID"],
        "anropsBehorighetsInfoIdType": ["extends core:UUID"],
        "virtualiseringsInfoType": [
            "virtualiseringsInfoId tns:virtualiseringsInfoIdType 1..1",
            "receiverId xs:string 1..1",
            "rivProfil xs:NCName 1..1",
            # The standard has xs:NCName, of which no name of a contract is one.
            "tjansteKontrakt xs:string 1..1",
            "fromTidpunkt xs:dateTime 1..1",
            "tomTidpunkt xs:dateTime 1..1",
            "adress xs:string 1..1",
            ANY,
        ],
        "anropsBehorighetsInfoType": [
            "anropsBehorighetsInfoId tns:anropsBehorighetsInfoIdType 1..1",
            "receiverId xs:string 1..1",
            "senderId xs:string 1..1",
            "tjansteKontrakt xs:string 1..1",
            "fromTidpunkt xs:dateTime 1..1",
            "tomTidpunkt xs:dateTime 1..1",
            "filterInfo tns:filterInfoType 0..* nillable",
            ANY,
        ],
        "filterInfoType": [
            "serviceDomain xs:anyURI 1..1",
            "categorization xs:string 0..* nillable",
            ANY,
        ],
        "tjanstekontraktInfoType": [
            "namnrymd xs:string 1..1",
            "majorVersion xs:string 1..1",
            "minorVersion xs:string 1..1",
            "beskrivning xs:string 1..1",
            ANY,
        ],
        "tjanstekomponentInfoType": [
            "hsaId xs:string 1..1",
            "beskrivning xs:string 1..1",
            "anropsAdressInfo tns:anropsAdressInfoType 0..* nillable",
            "anropsbehorighetInfo tns:anropsbehorighetInfoForTjanstekomponentType 0..* nillable",
            ANY,
        ],
        "anropsAdressInfoType": [
            "adress xs:string 1..1",
            "rivtaProfilNamn xs:string 1..1",
            "vagvalsInfo tns:vagvalsInfoType 0..* nillable",
            ANY,
        ],
        "vagvalsInfoType": [
            "fromTidpunkt xs:dateTime 1..1",
            "tomTidpunkt xs:dateTime 1..1",
            "tjanstekontraktNamnrymd xs:string 1..1",
            "logiskAdressHsaId xs:string 1..1",
            "logiskAdressBeskrivning xs:string 1..1",
            ANY,
        ],
        "anropsbehorighetInfoForTjanstekomponentType": [
            "fromTidpunkt xs:dateTime 1..1",
            "tomTidpunkt xs:dateTime 1..1",
            "integrationsavtal xs:string 1..1",
            "tjanstekontraktNamnrymd xs:string 1..1",
            "logiskAdressHsaId xs:string 1..1",
            "logiskAdressBeskrivning xs:string 1..1",
            ANY,
        ],
    },
}
_CORE = {
    f"{REGISTRY}:1": "itintegration_registry_1.0.xsd",
    f"{REGISTRY_2}:2": "itintegration_registry_2.0.xsd",
}
FILES = {
    **{namespace: f"core_components/{name}" for namespace, name in _CORE.items()},
    **{
        f"{urn}:{x}Responder:{major}": f"interactions/{x}Interaction/{x}Responder_{major}.0.xsd"
        for x in (SUPPORTED, ADDRESSEES)
        for urn, major in ((REGISTRY, 1), (REGISTRY_2, 2))
    },
    f"{MONITORING}:{PING}Responder:1": f"interactions/{PING}Interaction/{PING}Responder_1.0.xsd",
    VAGVAL: "interactions/vagvalsInfo/vagvalsinfo-sokvagvalsinfo-2.0.xsd",
}


def structure(root):
    """Write what a schema declares: each type's parts in order, and the elements under ""."""
    declared = {"": [_part(e) for e in root.iterfind(f"{{{XS}}}element")]}
    for one in root.iterfind(f"{{{XS}}}complexType"):
        extended = one.find(f"{{{XS}}}simpleContent/{{{XS}}}extension")
        parts = [] if extended is not None else [_part(e) for e in one.iterfind("*/*")]
        parts = [p for p in parts if p] or [f"extends {_type(extended, 'base')}"]
        declared[one.get("name")] = parts
    return declared


def _part(element):
    if element.tag not in (f"{{{XS}}}element", f"{{{XS}}}any"):
        return ""
    told = [element.get("name")]
    if element.tag == f"{{{XS}}}any":
        told = ["any", element.get("namespace"), element.get("processContents")]
    elif element.get("ref"):
        told = ["ref", _type(element, "ref")]
    elif element.get("type"):
        told.append(_type(element, "type"))
    if element.getparent().tag != f"{{{XS}}}schema":
        most = element.get("maxOccurs", "1").replace("unbounded", "*")
        told.append(f"{element.get('minOccurs', '1')}..{most}")
    return " ".join([*told, *(["nillable"] if element.get("nillable") == "true" else [])])


def _type(element, attribute):
    prefix, _, name = element.get(attribute).rpartition(":")
    namespace = element.nsmap[prefix or None]
    own = element.getroottree().getroot().get("targetNamespace") == namespace
    of_core = namespace in (f"{REGISTRY}:1", f"{REGISTRY_2}:2")
    return f"{'tns' if own and not of_core else PREFIXES[namespace]}:{name}"


@pytest.mark.parametrize("namespace", STANDARD)
def test_a_schema_declares_what_the_standard_does(namespace):
    """INTEROP §1.3, §3.8–3.10: names, types, order and how many of each."""
    root = etree.parse(CONTRACTS / FILES[namespace]).getroot()
    head = [root.get("targetNamespace"), root.get("elementFormDefault")]
    found = structure(root)
    found.pop("ServiceContractType", None)  # the message box's own word for the same
    assert head == [namespace, "qualified"]
    assert {name: sorted(parts) if not name else parts for name, parts in found.items()} == {
        name: sorted(parts) if not name else parts for name, parts in STANDARD[namespace].items()
    }


@pytest.mark.parametrize(
    ("x", "urn", "major", "registry"),
    [
        (SUPPORTED, REGISTRY, 1, f"{REGISTRY}:1"),
        (SUPPORTED, REGISTRY_2, 2, f"{REGISTRY_2}:2"),
        (ADDRESSEES, REGISTRY, 1, f"{REGISTRY}:1"),
        (ADDRESSEES, REGISTRY_2, 2, f"{REGISTRY_2}:2"),
        (PING, MONITORING, 1, f"{REGISTRY}:1"),
    ],
)
def test_a_wsdl_is_named_as_the_standard_is(x, urn, major, registry):
    """INTEROP §1.2: all that a client is built from."""
    file = CONTRACTS / f"interactions/{x}Interaction/{x}Interaction_{major}.0_RIVTABP21.wsdl"
    assert _names(etree.parse(file).getroot()) == {
        "namespace": f"{urn}:{x}:{major}:rivtabp21",
        "messages": {
            f"{x}Request": [
                ("LogicalAddress", f"{{{registry}}}LogicalAddress"),
                ("parameters", f"{{{urn}:{x}Responder:{major}}}{x}"),
            ],
            f"{x}Response": [("parameters", f"{{{urn}:{x}Responder:{major}}}{x}Response")],
        },
        "portType": [f"{x}ResponderInterface"],
        "binding": [f"{x}ResponderBinding"],
        "operations": {x: f"{urn}:{x}Responder:{major}:{x}"},
        "service": [f"{x}ResponderService"],
        "port": [f"{x}ResponderPort"],
        "headers": ["LogicalAddress"],
    }


def test_the_catalogue_is_named_as_the_standards():
    """INTEROP §3.8: the exact names that a platform's client looks for; no header, no action."""
    operations = [name for name in STANDARD[VAGVAL] if name.startswith("hamtaAlla")]
    operations = [name.removesuffix("ResponseType") for name in operations]
    file = CONTRACTS / "interactions/vagvalsInfo/vagvalsinfo-sokvagvalsinfo-2.0.wsdl"
    found = _names(etree.parse(file).getroot())
    messages = found.pop("messages")
    assert found == {
        "namespace": VAGVAL,
        "portType": ["SokVagvalsInfoInterface"],
        "binding": ["SokVagvalsInfoInterfaceSoap11DocLitBinding"],
        "operations": dict.fromkeys(operations, ""),
        "service": ["SokVagvalsServiceSoap11LitDocService"],
        "port": ["SokVagvalsSoap11LitDocPort"],
        "headers": [],
    }
    for name in operations:
        start = name[0].upper() + name[1:]
        assert messages[f"{start}Request"] == [("parameters", f"{{{VAGVAL}}}{name}")]
        assert messages[f"{start}Response"] == [("response", f"{{{VAGVAL}}}{name}Response")]


def test_zeep_loads_the_catalogues_wsdl_from_disk():
    """INTEROP §3.8."""
    file = CONTRACTS / "interactions/vagvalsInfo/vagvalsinfo-sokvagvalsinfo-2.0.wsdl"
    (service,) = zeep.Client(str(file)).wsdl.services.values()
    (port,) = service.ports.values()
    assert len(port.binding.all()) == 4


def _names(root):
    def all_of(path):
        return root.xpath(path, namespaces=NS)

    def element(part):
        prefix, _, name = part.get("element").partition(":")
        return part.get("name"), f"{{{part.nsmap[prefix]}}}{name}"

    return {
        "namespace": root.get("targetNamespace"),
        "messages": {
            message.get("name"): [element(part) for part in message.iterfind("w:part", NS)]
            for message in all_of("w:message")
        },
        "portType": all_of("w:portType/@name"),
        "binding": all_of("w:binding/@name"),
        "operations": {
            one.get("name"): one.xpath("string(s:operation/@soapAction)", namespaces=NS)
            for one in all_of("w:binding/w:operation")
        },
        "service": all_of("w:service/@name"),
        "port": all_of("w:service/w:port/@name"),
        "headers": all_of("//s:header/@part"),
    }
