"""Read a SOAP 1.1 envelope out of hostile bytes; nothing of its content is told in an error."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from lxml import etree

from gateway.domain.errors import Fault, Refusal, Rule
from gateway.facade.soap.schema import told_name

ENVELOPE_NAMESPACE = "http://schemas.xmlsoap.org/soap/envelope/"

# A request of ours has some seventy elements. Telling what is wrong with each of many thousands
# would take libxml2 minutes, since every error counts its element's siblings.
MOST_NODES = 1000


class NotUnderstood(Exception):
    """A header block must be understood, and is not: nothing of the request may be done."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """
    What a request says before anything is known about its contract.

    `address` is the logical address exactly as written, None when there is none (INTEROP §2.2).
    """

    address: str | None
    # The namespace of the body's first child: it alone tells the contract (INTEROP §1.7).
    namespace: str
    content: etree._Element = field(repr=False)


def read_envelope(data: bytes) -> Envelope:
    """
    Parse a request in whatever encoding its prolog says; raises Refusal when it cannot be.

    Raises NotUnderstood for a header block that is for us, must be understood and is unknown here.
    """
    root = _parsed(data)
    if root.getroottree().docinfo.internalDTD is not None:
        raise _unreadable("a document type declaration is not accepted; leave it out")
    if _NODES(root) > MOST_NODES:
        raise _unreadable(f"there are more than {MOST_NODES} elements and attributes")
    if root.tag != _ENVELOPE:
        raise _unreadable(f"the root element must be Envelope in {ENVELOPE_NAMESPACE} (SOAP 1.1)")
    parts = list(root)
    header = next((part for part in parts if part.tag == _HEADER), None)
    _check_understood(() if header is None else list(header))
    content = _content([part for part in parts if part.tag == _BODY])
    return Envelope(_address(header), etree.QName(content).namespace or "", content)


_ENVELOPE = f"{{{ENVELOPE_NAMESPACE}}}Envelope"
_HEADER = f"{{{ENVELOPE_NAMESPACE}}}Header"
_BODY = f"{{{ENVELOPE_NAMESPACE}}}Body"
_NODES = etree.XPath("count(//*) + count(//@*)", smart_strings=False)


_MUST, _ACTOR = f"{{{ENVELOPE_NAMESPACE}}}mustUnderstand", f"{{{ENVELOPE_NAMESPACE}}}actor"
_FOR_US = frozenset({None, "", "http://schemas.xmlsoap.org/soap/actor/next"})
_ADDRESSES = ("LogicalAddress", "To")
_ADDRESSING = "http://www.w3.org/2005/08/addressing"


def _check_understood(blocks: Sequence[etree._Element]) -> None:
    """Refuse a block that is for us, must be understood and is not known (SOAP 1.1 §4.2.3)."""
    for block in blocks:
        name = etree.QName(block)
        known = name.localname in _ADDRESSES or name.namespace == _ADDRESSING
        if not known and block.get(_MUST) == "1" and block.get(_ACTOR) in _FOR_US:
            raise NotUnderstood(told_name(name.localname))


def _parsed(data: bytes) -> etree._Element:
    try:
        return etree.fromstring(data, _parser())
    except etree.XMLSyntaxError as error:
        first = error
    try:
        # A prolog that says UTF-16 before bytes in UTF-8 occurs in real traffic (INTEROP §2.2).
        return etree.fromstring(data, _parser("utf-8"))
    except etree.XMLSyntaxError as error:
        raise _unreadable(_where(max(first, error, key=lambda e: e.position))) from None


def _parser(encoding: str | None = None) -> etree.XMLParser:
    # A new parser for each request: faster than one that is kept, and nothing stays in it.
    return etree.XMLParser(
        encoding=encoding,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _where(error: etree.XMLSyntaxError) -> str:
    # The parser's own words quote the document, which may hold personal data.
    line, column = error.position
    last = error.error_log.last_error
    kind = last.type_name if last else "ERR_DOCUMENT_EMPTY"
    return f"not well-formed XML at line {line}, column {column} ({kind})"


def _address(header: etree._Element | None) -> str | None:
    if header is None:
        return None
    # One inside another block counts only when the header has none of its own.
    for blocks in (header, header.iterdescendants()):
        named = [(block, str(block.tag).rpartition("}")[2]) for block in blocks]
        for name in _ADDRESSES:
            found = [block for block, its_name in named if its_name == name]
            if len(found) > 1:
                raise _unreadable(f"the Header must have one {name}; it has {len(found)}")
            if found:
                return found[0].text or ""
    return None


def _content(bodies: list[etree._Element]) -> etree._Element:
    if len(bodies) != 1:
        raise _unreadable(f"the envelope must have one Body; it has {len(bodies)}")
    children = list(bodies[0])
    if len(children) != 1:
        raise _unreadable(f"the Body must have one child element; it has {len(children)}")
    return children[0]


def _unreadable(words: str) -> Refusal:
    return Refusal(Fault(Rule.UNREADABLE, "envelope", words))
