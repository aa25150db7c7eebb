"""Find the SOAP body in an answer, in whatever package and encoding it came."""

from contextlib import suppress
from email.message import Message
from email.parser import BytesParser

import httpx
from lxml import etree

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"


def soap_body(answer: httpx.Response) -> etree._Element | None:
    """Read the body; None when there is no envelope, or none that can be read."""
    part = _envelope_part(answer)
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return None
    envelope = _parsed(content, part.get_content_charset())
    if envelope is None or envelope.getroottree().docinfo.doctype:
        return None
    return envelope.find(f"{{{SOAP}}}Body")


def _envelope_part(answer: httpx.Response) -> Message:
    """
    Give the part that has the envelope: the answer itself, or the root of a package (RFC 2387).

    Where MTOM is on, some stacks (CXF) answer in a package though nothing stands beside the
    envelope. What may stand there says nothing of the case.
    """
    head = f"Content-Type: {answer.headers.get('Content-Type', 'text/xml')}\r\n\r\n"
    whole = BytesParser().parsebytes(head.encode() + answer.content)
    _, *parts = whole.walk()
    start = whole.get_param("start")
    named = [part for part in parts if start and part["Content-ID"] == start]
    return (named or parts or [whole])[0]


def _parsed(content: bytes, charset: str | None) -> etree._Element | None:
    # What can be read as UTF-8 is UTF-8, whatever is said of it: heads and prologs that say
    # otherwise occur in real traffic (INTEROP §2.2). Then the prolog and a byte order mark are
    # believed, and the head at last.
    for encoding in ("utf-8", None, charset):
        with suppress(etree.XMLSyntaxError, LookupError, ValueError):
            return etree.fromstring(content, _parser(encoding))
    return None


def _parser(encoding: str | None) -> etree.XMLParser:
    return etree.XMLParser(
        encoding=encoding,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
    )
