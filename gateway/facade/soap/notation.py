"""
XML ↔ the one notation (gateway/domain/notation.py): an element's name is its key.

Children of the body's element are in the contract's namespace, all below them in the domain's.
Whatever else stands in a request is an extension that we do not know, and is passed over.
"""

import base64
import binascii
import re
from collections.abc import Callable
from functools import lru_cache

from lxml import etree

from gateway.domain.errors import Fault, Refusal, Rule
from gateway.domain.notation import Json

DOMAIN_NAMESPACE = "urn:riv-application:complaints:casehandling:1"
# What a minor version added to a contract: in a namespace of its own, and so is what is one step
# below it (INTEROP §1.2).
EXTENDED = frozenset({"forwardedTo", "history", "next"})
# What a minor version lets others ask by; the rest of what it added only we say.
ASKED_BY = frozenset({"after", "limit"})


def read_content(element: etree._Element, namespace: str) -> Json:
    """Read the children of an element that the contract's schema has let through."""
    content: Json = {}
    for child in element:
        name = _name(str(child.tag), namespace)
        if name is None:
            continue
        value = read_content(child, DOMAIN_NAMESPACE) if len(child) else _leaf(name, child)
        if name in _LISTS:
            content.setdefault(_LISTS[name], []).append(value)
        else:
            content[name] = value
    return content


# There are some fifty in all contracts; whatever else is sent is forgotten with the next.
@lru_cache(maxsize=128)
def _name(tag: str, namespace: str) -> str | None:
    """Give the name of an element that says something here, None of any other."""
    space, _, name = tag.removeprefix("{").partition("}")
    added = space == f"{namespace}.1" and name in ASKED_BY
    return name if added or space == namespace else None


def read_values(element: etree._Element, namespace: str) -> Json:
    """Read the value of each child; a contract is one value, in an element of its own."""
    values = {}
    for child in element:
        name = etree.QName(child)
        if name.namespace == namespace:
            values[name.localname] = (child[0] if len(child) else child).text or ""
    return values


def write_content(name: str, namespace: str, content: Json) -> str:
    """Write the body's element: keys in the order of the contract's schema, None is left out."""
    inside = "".join(_written(_home(key, "r"), key, value) for key, value in content.items())
    more = f' xmlns:m1="{namespace}.1"' if EXTENDED & content.keys() else ""
    names = f'xmlns:r="{namespace}" xmlns:c="{DOMAIN_NAMESPACE}"{more}'
    return f"<r:{name} {names}>{inside}</r:{name}>"


def _home(key: str, prefix: str) -> str:
    return "m1" if key in EXTENDED else prefix


def escaped(text: str) -> str:
    """Write text so that every XML parser reads the same text back, whatever stands in it."""
    return _SPECIAL.sub(_as_xml, text)


# What cannot stand as it is; all but the first four no XML 1.0 document can carry at all.
_SPECIAL = re.compile("[&<>\r]|[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPED = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}


def _as_xml(special: re.Match[str]) -> str:
    return _ESCAPED.get(special[0], "\N{REPLACEMENT CHARACTER}")


def _leaf(name: str, element: etree._Element) -> object:
    text = element.text or ""
    read = _READ.get(name)
    return read(text) if read else text


def _base64(text: str) -> str:
    # libxml2 lets much through as base64Binary that is not.
    digits = "".join(text.split())
    try:
        base64.b64decode(digits, validate=True)
    except (binascii.Error, ValueError):
        words = "the content is not base64"
        raise Refusal(Fault(Rule.SCHEMA, "attachment/content", words)) from None
    return digits


def _boolean(text: str) -> bool:
    return text.strip() in ("true", "1")


# In XML each stands for itself, in JSON all are a list.
_LISTS = {"attachment": "attachments", "problem": "problems"}

# XML lets blanks stand around values that are not strings.
_READ: dict[str, Callable[[str], object]] = {
    "eventDate": str.strip,
    "sentTime": str.strip,
    "receivedTime": str.strip,
    "since": str.strip,
    "after": str.strip,
    "limit": str.strip,
    "powerOfAttorney": _boolean,
    "attachmentsAllowed": _boolean,
    "content": _base64,
}


def _written(prefix: str, name: str, value: object) -> str:
    match value:
        case None:
            return ""
        case list():
            return "".join(_written(prefix, name, one) for one in value)
        case bool():
            inside = str(value).lower()
        case dict():
            below = _home(name, "c")
            inside = "".join(_written(below, key, one) for key, one in value.items())
        case _:
            inside = escaped(str(value))
    return f"<{prefix}:{name}>{inside}</{prefix}:{name}>"
