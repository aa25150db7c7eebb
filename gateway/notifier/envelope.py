"""Write a call of one of the national inbox's contracts, and read the answer (INTEROP §5.1)."""

import re

import httpx
from lxml import etree

from gateway.domain.outcome import Refused, TryLater, Unclear, outcome_of_status

# What stands in an element: text, or elements by their names in the order of the schema.
Parts = dict[str, "str | Parts | None"]

CORE = "urn:riv:infrastructure:eservicesupply:patientportal:1"
_DOMAIN = "urn:riv:infrastructure:eservicesupply:patientportal"
_SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
_REGISTRY = "urn:riv:itintegration:registry:1"


def namespace_of(interaction: str) -> str:
    """Name the contract as a service address catalogue does."""
    return f"{_DOMAIN}:{interaction}Responder:1"


def envelope(interaction: str, logical_address: str, parts: Parts) -> bytes:
    """Write a call; what is None is left out. Raises ValueError for what XML cannot carry."""
    names = {"s": _SOAP, "i": _REGISTRY, "r": namespace_of(interaction), "c": CORE}
    root = etree.Element(f"{{{_SOAP}}}Envelope", nsmap=names)
    header = etree.SubElement(root, f"{{{_SOAP}}}Header")
    etree.SubElement(header, f"{{{_REGISTRY}}}LogicalAddress").text = logical_address
    body = etree.SubElement(root, f"{{{_SOAP}}}Body")
    asked = etree.SubElement(body, f"{{{names['r']}}}{interaction}")
    # The contract's own children are in its namespace, and all below them in the domain's.
    _write(asked, names["r"], parts)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def answered(
    answer: httpx.Response, interaction: str
) -> etree._Element | Refused | TryLater | Unclear:
    """Give the answer's element, or tell what came instead of it."""
    body = _soap_body(answer.content)
    if body is not None:
        fault = body.find(f"{{{_SOAP}}}Fault")
        if fault is not None:
            return _of_fault(fault)
    if answer.status_code != 200:
        return outcome_of_status(answer.status_code, answer.headers.get("Retry-After"))
    wanted = f"{{{namespace_of(interaction)}}}{interaction}Response"
    found = None if body is None else body.find(wanted)
    return Unclear(f"HTTP 200: the answer is no {interaction}Response") if found is None else found


def _write(element: etree._Element, namespace: str, parts: Parts) -> None:
    for name, value in parts.items():
        if value is None:
            continue
        child = etree.SubElement(element, f"{{{namespace}}}{name}")
        if isinstance(value, str):
            child.text = value
        else:
            _write(child, CORE, value)


def _soap_body(content: bytes) -> etree._Element | None:
    parser = etree.XMLParser(
        resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        return None
    return None if root.getroottree().docinfo.doctype else root.find(f"{{{_SOAP}}}Body")


def _of_fault(fault: etree._Element) -> Refused | TryLater | Unclear:
    # Only a platform's code is told: other words may hold whom the call was about.
    code = _VP_CODE.match(fault.findtext("faultstring") or "")
    if code:
        return _BY_VP_CODE.get(code[0], TryLater)(f"the platform answers {code[0]}")
    name = (fault.findtext("faultcode") or "").rpartition(":")[2].partition(".")[0].strip()
    if name == "Client":
        return Refused("SOAP fault Client: it does not take this call")
    return Unclear("SOAP fault: whether it took the call is not known")


# INTEROP §2.6: what is wrong with routes and permissions passes when it is mended.
_VP_CODE = re.compile(r"VP\d{3}")
_BY_VP_CODE: dict[str, type[Refused | TryLater | Unclear]] = {"VP009": Unclear, "VP015": Refused}
