"""Read an answer of SokVagvalsInfo v2 out of hostile bytes, a row at a time."""

from io import BytesIO

from lxml import etree

from gateway.routes.finding import Finding, Rule

NAMESPACE = "urn:skl:tp:vagvalsinfo:v2"
ENVELOPE_NAMESPACE = "http://schemas.xmlsoap.org/soap/envelope/"
_ANY = f"{{{NAMESPACE}}}*"


def read_answer(
    data: bytes, operation: str, row: str, findings: list[Finding]
) -> list[dict[str, object]]:
    """Read every `row` of what `operation` answers; what is no answer is told in `findings`."""
    rows: list[dict[str, object]] = []
    reader = _reader(data)
    try:
        for _, element in reader:
            if element.tag == f"{{{NAMESPACE}}}{row}":
                rows.append({_name(part): part.text or "" for part in element.iterchildren(_ANY)})
                _forget(element)
    except etree.XMLSyntaxError as error:
        words = f"is not XML (line {error.position[0]}); is the address that of SokVagvalsInfo v2?"
        findings.append(Finding(operation, 0, Rule.UNREADABLE, words))
        return []
    if fault := _fault(reader.root, operation):
        findings.append(Finding(operation, 0, Rule.UNREADABLE, fault))
        return []
    return rows


def _reader(data: bytes) -> "etree.iterparse[tuple[str, etree._Element]]":
    return etree.iterparse(
        BytesIO(data),
        events=("end",),
        tag=_ANY,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname


def _forget(element: etree._Element) -> None:
    """Let go of a row that has been read: a national TAK has hundreds of thousands."""
    element.clear()
    parent = element.getparent()
    while parent is not None and (before := element.getprevious()) is not None:
        parent.remove(before)


def _fault(root: etree._Element | None, operation: str) -> str | None:
    """Tell why the document is no answer."""
    if root is None or root.getroottree().docinfo.internalDTD is not None:
        return "has a document type declaration, which is not accepted"
    body = root.find(f"{{{ENVELOPE_NAMESPACE}}}Body")
    content = next(iter(body), None) if body is not None else None
    if content is None:
        return "is no SOAP 1.1 answer; is the address that of SokVagvalsInfo v2?"
    if content.tag == f"{{{ENVELOPE_NAMESPACE}}}Fault":
        return f"is a fault: {content.findtext('faultstring', '')[:200]!r}"
    if content.tag != f"{{{NAMESPACE}}}{operation}Response":
        return f"holds no {operation}Response of {NAMESPACE}"
    return None
