"""Read an answer of SokVagvalsInfo v2 out of hostile bytes, a row at a time."""

from io import BytesIO

from lxml import etree

from gateway.flow.catalogue import VAGVALSINFO
from gateway.routes.finding import Finding, Rule
from gateway.routes.xml_rows import forget, xml_rows

ENVELOPE_NAMESPACE = "http://schemas.xmlsoap.org/soap/envelope/"
_ANY = f"{{{VAGVALSINFO}}}*"


def read_answer(
    data: bytes, operation: str, row: str, findings: list[Finding]
) -> list[dict[str, object]]:
    """Read every `row` of what `operation` answers; what is no answer is told in `findings`."""
    rows: list[dict[str, object]] = []
    reader = xml_rows(BytesIO(data), [_ANY])
    try:
        for _, element in reader:
            if element.tag == f"{{{VAGVALSINFO}}}{row}":
                rows.append({_name(part): part.text or "" for part in element.iterchildren(_ANY)})
                forget(element)
    except etree.XMLSyntaxError as error:
        words = f"is not XML (line {error.position[0]}); is the address that of SokVagvalsInfo v2?"
        findings.append(Finding(operation, 0, Rule.UNREADABLE, words))
        return []
    if fault := _fault(reader.root, operation):
        findings.append(Finding(operation, 0, Rule.UNREADABLE, fault))
        return []
    return rows


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname


def _fault(root: etree._Element | None, operation: str) -> str | None:
    """Tell why the document is no answer."""
    if root is not None and root.getroottree().docinfo.internalDTD is not None:
        return "has a document type declaration, which is not accepted"
    body = root.find(f"{{{ENVELOPE_NAMESPACE}}}Body") if root is not None else None
    content = next(iter(body), None) if body is not None else None
    if content is None:
        return "is no SOAP 1.1 answer; is the address that of SokVagvalsInfo v2?"
    if content.tag == f"{{{ENVELOPE_NAMESPACE}}}Fault":
        return f"is a fault: {content.findtext('faultstring', '')[:200]!r}"
    if content.tag != f"{{{VAGVALSINFO}}}{operation}Response":
        return f"holds no {operation}Response of {VAGVALSINFO}"
    return None
