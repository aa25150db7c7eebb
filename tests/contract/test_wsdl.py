"""Our contracts follow RIV-TA BP 2.1: every rule of INTEROP §1.1–1.3, per file."""

import re
from pathlib import Path

import pytest
import zeep
from lxml import etree

from gateway.domain.case import AnswerWanted, CaseEvent, Kind, ReceiverType, Relation
from gateway.domain.forwarding import PastKind
from gateway.domain.lifecycle import CaseState
from gateway.domain.message import InboxKind, MessageKind
from gateway.domain.registration import Channel

CONTRACTS = Path(__file__).parents[2] / "wsdl"
DOMAIN = "complaints:casehandling"
URN = f"urn:riv-application:{DOMAIN}"
REGISTRY = "urn:riv:itintegration:registry:1"
INTERACTIONS = ["ProcessCase", "ProcessCaseMessage", "RegisterCase", "GetCaseMessages"]
NS = {
    "w": "http://schemas.xmlsoap.org/wsdl/",
    "s": "http://schemas.xmlsoap.org/wsdl/soap/",
    "xs": "http://www.w3.org/2001/XMLSchema",
}
ANY = {
    "namespace": "##other",
    "processContents": "lax",
    "minOccurs": "0",
    "maxOccurs": "unbounded",
}


# What minor versions added, each in a namespace of its own (INTEROP §1.2).
EXTENSIONS = {
    "ProcessCase": "ProcessCaseResponder_1.1_ext.xsd",
    "GetCaseMessages": "GetCaseMessagesResponder_1.1_ext.xsd",
}


def _folder(x):
    return CONTRACTS / "interactions" / f"{x}Interaction"


def _wsdl(x):
    return etree.parse(_folder(x) / f"{x}Interaction_1.0_RIVTABP21.wsdl")


def _one(tree, path):
    (found,) = tree.xpath(path, namespaces=NS)
    return found


def _all(tree, path):
    return tree.xpath(path, namespaces=NS)


# What the WSDL of interaction X says → what the profile wants it to say.
WSDL_RULES = {
    "definitions are named XInteraction": (
        lambda t: _one(t, "/w:definitions/@name"),
        lambda x: f"{x}Interaction",
    ),
    "target namespace is urn:domain:X:major:rivtabp21": (
        lambda t: _one(t, "/w:definitions/@targetNamespace"),
        lambda x: f"{URN}:{x}:1:rivtabp21",
    ),
    "one schema in types, in the target namespace": (
        lambda t: _all(t, "/w:definitions/w:types/xs:schema/@targetNamespace"),
        lambda x: [f"{URN}:{x}:1:rivtabp21"],
    ),
    "the schema in types only imports": (
        lambda t: {etree.QName(e).localname for e in _one(t, "//w:types/xs:schema")},
        lambda x: {"import"},
    ),
    "imports are the service schema and the registry schema": (
        lambda t: {
            e.get("namespace"): e.get("schemaLocation") for e in _all(t, "//w:types//xs:import")
        },
        lambda x: (
            {
                f"{URN}:{x}Responder:1": f"{x}Responder_1.0.xsd",
                REGISTRY: "../../core_components/itintegration_registry_1.0.xsd",
            }
            | ({f"{URN}:{x}Responder:1.1": EXTENSIONS[x]} if x in EXTENSIONS else {})
        ),
    ),
    "messages are XRequest and XResponse": (
        lambda t: _all(t, "//w:message/@name"),
        lambda x: [f"{x}Request", f"{x}Response"],
    ),
    "the request has LogicalAddress first, then parameters": (
        lambda t: _all(t, "//w:message[1]/w:part/@name"),
        lambda x: ["LogicalAddress", "parameters"],
    ),
    "LogicalAddress is the registry's element": (
        lambda t: _element(t, "//w:message[1]/w:part[1]"),
        lambda x: f"{{{REGISTRY}}}LogicalAddress",
    ),
    "the request's parameters are the element X": (
        lambda t: _element(t, "//w:message[1]/w:part[2]"),
        lambda x: f"{{{URN}:{x}Responder:1}}{x}",
    ),
    "the response has one part, parameters": (
        lambda t: _all(t, "//w:message[2]/w:part/@name"),
        lambda x: ["parameters"],
    ),
    "the response's parameters are the element XResponse": (
        lambda t: _element(t, "//w:message[2]/w:part"),
        lambda x: f"{{{URN}:{x}Responder:1}}{x}Response",
    ),
    "one portType, XResponderInterface": (
        lambda t: _all(t, "//w:portType/@name"),
        lambda x: [f"{x}ResponderInterface"],
    ),
    "one operation in the portType, X": (
        lambda t: _all(t, "//w:portType/w:operation/@name"),
        lambda x: [x],
    ),
    "no faults of its own": (lambda t: _all(t, "//w:fault"), lambda x: []),
    "one binding, XResponderBinding": (
        lambda t: _all(t, "//w:binding/@name"),
        lambda x: [f"{x}ResponderBinding"],
    ),
    "document style over SOAP 1.1 and HTTP": (
        lambda t: dict(_one(t, "//w:binding/s:binding").attrib),
        lambda x: {"style": "document", "transport": "http://schemas.xmlsoap.org/soap/http"},
    ),
    "every header and body is literal": (
        lambda t: set(_all(t, "//s:body/@use | //s:header/@use")),
        lambda x: {"literal"},
    ),
    "the header is bound in the input only": (
        lambda t: (
            _all(t, "//w:binding//w:input/s:header/@part"),
            _all(t, "//w:binding//w:output/s:header"),
        ),
        lambda x: (["LogicalAddress"], []),
    ),
    "the input's body is parameters": (
        lambda t: _all(t, "//w:binding//w:input/s:body/@parts"),
        lambda x: ["parameters"],
    ),
    "soapAction is the contract and the operation": (
        lambda t: _all(t, "//s:operation/@soapAction"),
        lambda x: [f"{URN}:{x}Responder:1:{x}"],
    ),
    "one service, XResponderService": (
        lambda t: _all(t, "//w:service/@name"),
        lambda x: [f"{x}ResponderService"],
    ),
    "one port, XResponderPort": (
        lambda t: _all(t, "//w:service/w:port/@name"),
        lambda x: [f"{x}ResponderPort"],
    ),
    "the address ends in domain, X, major and profile": (
        lambda t: "/".join(_one(t, "//s:address/@location").split("/")[-5:]),
        lambda x: f"complaints/casehandling/{x}/1/rivtabp21",
    ),
    "the contract, its address and its operation are documented": (
        lambda t: {
            etree.QName(e.getparent()).localname
            for e in _all(t, "//w:documentation[normalize-space()]")
        },
        lambda x: {"definitions", "part", "operation"},
    ),
}


def _element(tree, path):
    part = _one(tree, path)
    prefix, _, name = part.get("element").partition(":")
    return f"{{{part.nsmap[prefix]}}}{name}"


@pytest.mark.parametrize("rule", WSDL_RULES)
@pytest.mark.parametrize("x", INTERACTIONS)
def test_a_wsdl_is_named_as_the_profile_wants(x, rule):
    """INTEROP §1.1, §1.2; the file itself is found by its right name."""
    says, wants = WSDL_RULES[rule]
    assert says(_wsdl(x)) == wants(x)


_REGISTRY_FILE = "core_components/itintegration_registry_1.0.xsd"
NAMESPACES = {
    "core_components/complaints_casehandling_1.0.xsd": f"{URN}:1",
    _REGISTRY_FILE: REGISTRY,
} | {
    f"interactions/{x}Interaction/{x}Responder_1.0.xsd": f"{URN}:{x}Responder:1"
    for x in INTERACTIONS
}
ADDED = {
    f"interactions/{x}Interaction/{name}": f"{URN}:{x}Responder:1.1"
    for x, name in EXTENSIONS.items()
}
NAMESPACES |= ADDED

SCHEMAS = {name: CONTRACTS / name for name in NAMESPACES}

# What is wrong in a schema, by rule; each must find nothing.
SCHEMA_RULES = {
    "qualified elements": "/xs:schema[not(@elementFormDefault='qualified')]",
    "unqualified attributes": "/xs:schema[not(@attributeFormDefault='unqualified')]",
    "version m.n": "/xs:schema[not(@version='1.0' or @version='1.1' and $added)]",
    "only ASCII names": "//@name[translate(., $ascii, '')]",
    "only ASCII values of enumerations": "//xs:enumeration/@value[translate(., $ascii, '')]",
    "Venetian Blind: no nameless types": "//xs:element[xs:complexType or xs:simpleType]",
    "Venetian Blind: no references to elements": "//xs:element[@ref]",
    "Venetian Blind: every element has a type": "//xs:element[not(@type)]",
    "types end in Type or Enum": "//*[self::xs:complexType or self::xs:simpleType]"
    "[not(substring(@name, string-length(@name) - 3) = 'Type')]"
    "[not(substring(@name, string-length(@name) - 3) = 'Enum')]",
    "every complex type is a sequence": "//xs:complexType[not(xs:sequence)]",
    "every sequence ends in xs:any": "//xs:sequence[not(*[last()][self::xs:any])]",
    "xs:any is nowhere else": "//xs:any[following-sibling::*]",
    "no attributes": "//xs:attribute",
    "nothing is nillable": "//@nillable",
    "every value has words for those who get it wrong": "//xs:simpleType"
    "[not(xs:annotation/xs:documentation[normalize-space()])]",
}
ASCII = "".join(map(chr, range(0x20, 0x7F)))


def test_every_file_of_our_domain_is_held_to_the_rules():
    """INTEROP §1.2: file names and folders; a new contract must be added to this test."""
    files = [
        p for p in CONTRACTS.rglob("*.*") if f'targetNamespace="{URN}' in p.read_text("utf-8")
    ]
    wsdls = {_folder(x) / f"{x}Interaction_1.0_RIVTABP21.wsdl" for x in INTERACTIONS}
    assert wsdls | set(SCHEMAS.values()) == {*files, SCHEMAS[_REGISTRY_FILE]}


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_has_the_namespace_of_its_name(name):
    """INTEROP §1.2: the service schema's namespace is the contract in an address catalogue."""
    schema = etree.parse(SCHEMAS[name])
    assert schema.getroot().get("targetNamespace") == NAMESPACES[name]


@pytest.mark.parametrize("rule", SCHEMA_RULES)
@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_keeps_the_rules(name, rule):
    """INTEROP §1.3."""
    schema = etree.parse(SCHEMAS[name])
    found = schema.xpath(SCHEMA_RULES[rule], namespaces=NS, ascii=ASCII, added=name in ADDED)
    assert found == []


@pytest.mark.parametrize("name", SCHEMAS)
def test_an_extensible_type_takes_anything_of_others_at_its_end(name):
    """INTEROP §1.3: so that a minor version can add elements."""
    wildcards = etree.parse(SCHEMAS[name]).xpath("//xs:any", namespaces=NS)
    assert all(dict(wildcard.attrib) == ANY for wildcard in wildcards)


@pytest.mark.parametrize("x", INTERACTIONS)
def test_a_service_schema_has_the_elements_and_types_of_its_operation(x):
    """INTEROP §1.2: X and XResponse, of XType and XResponseType."""
    schema = etree.parse(_folder(x) / f"{x}Responder_1.0.xsd")
    elements = {e.get("name"): e.get("type") for e in _all(schema, "/xs:schema/xs:element")}
    assert elements == {x: f"tns:{x}Type", f"{x}Response": f"tns:{x}ResponseType"}


@pytest.mark.parametrize("x", INTERACTIONS)
def test_zeep_loads_the_wsdl_from_disk(x):
    """CONTRACT: an adapter builds its client from the same file."""
    wsdl = zeep.Client(str(_folder(x) / f"{x}Interaction_1.0_RIVTABP21.wsdl")).wsdl
    (service,) = wsdl.services.values()
    (port,) = service.ports.values()
    assert list(port.binding.all()) == [x]


@pytest.mark.parametrize("x", INTERACTIONS)
def test_the_schema_of_a_contract_compiles(x):
    """One compiled schema per contract is what the door checks requests with."""
    etree.XMLSchema(etree.parse(_folder(x) / f"{x}Responder_1.0.xsd"))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("KindEnum", Kind),
        ("ReceiverEnum", ReceiverType),
        ("AnswerWantedEnum", AnswerWanted),
        ("RelationEnum", Relation),
        ("CaseEventEnum", CaseEvent),
        ("ChannelEnum", Channel),
        # Of a disposed case nobody is left to be told.
        ("CaseStateEnum", [one for one in CaseState if one is not CaseState.DISPOSED]),
        ("MessageKindEnum", MessageKind),
        ("InboxKindEnum", InboxKind),
    ],
)
def test_enumerations_are_the_domains(name, words):
    """One word for one thing, from the wire to the store."""
    core = etree.parse(SCHEMAS["core_components/complaints_casehandling_1.0.xsd"])
    values = _all(core, f"//xs:simpleType[@name='{name}']//xs:enumeration/@value")
    assert values == [word.value for word in words]


def test_history_has_the_domains_kinds():
    """DOMAIN D6: what a minor version added knows all that was said before."""
    added = etree.parse(_folder("ProcessCase") / EXTENSIONS["ProcessCase"])
    assert _all(added, "//xs:enumeration/@value") == [kind.value for kind in PastKind]


def test_files_are_utf_8_without_a_byte_order_mark():
    """INTEROP §2.9: some tools stumble over a mark."""
    for path in SCHEMAS.values():
        assert re.match(rb'<\?xml version="1.0" encoding="UTF-8"\?>\n', path.read_bytes()), path
