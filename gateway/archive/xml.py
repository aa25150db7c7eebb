"""Plain JSON values as XML: keys become elements, in their order, and lists become many."""

import re

from lxml import etree

from gateway.domain.notation import Json

NAMESPACE = "urn:vaxel:case-file:1"
# What one member of a list is called.
_MEMBERS = {
    "attachments": "attachment",
    "forwards": "forward",
    "messages": "message",
    "problems": "problem",
    "supplements": "supplement",
}
# What no XML can carry.
_UNSPEAKABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def to_xml(name: str, values: Json) -> bytes:
    """Write an object as a document whose root is `name`."""
    root = etree.Element(f"{{{NAMESPACE}}}{name}", nsmap={None: NAMESPACE})
    _fill(root, values)
    etree.indent(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8") + b"\n"


def _fill(parent: etree._Element, value: object) -> None:
    if isinstance(value, dict):
        for key, member in value.items():
            _fill(etree.SubElement(parent, f"{{{NAMESPACE}}}{key}"), member)
    elif isinstance(value, list):
        name = _MEMBERS[etree.QName(parent).localname]
        for member in value:
            _fill(etree.SubElement(parent, f"{{{NAMESPACE}}}{name}"), member)
    else:
        parent.text = _UNSPEAKABLE.sub("\ufffd", _written(value))


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
