"""
Read an MTOM package: an envelope, with attachments beside it as they are (INTEROP §2.2).

What comes out is the envelope as if the attachments had stood in it. A package is taken whole or
not at all: what nothing refers to would be lost, so it is refused.
"""

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesHeaderParser
from urllib.parse import unquote

from lxml import etree

from gateway.domain.errors import Fault, Refusal, Rule
from gateway.facade.soap.envelope import Envelope, read_envelope

# More than any case may have attachments, and the envelope.
MOST_PARTS = 101
LARGEST_PART_HEAD = 4096
# Characters; reading a longer one takes more time than it is worth.
LONGEST_CONTENT_TYPE = 1000


def is_package(media_type: str) -> bool:
    """Tell whether a Content-Type says that there are several parts."""
    return media_type[:10].lower() == "multipart/"


def read_package(media_type: str, data: bytes) -> Envelope:
    """Read the envelope with each attachment in its place; raises Refusal, and NotUnderstood."""
    if len(media_type) > LONGEST_CONTENT_TYPE:
        raise _unreadable(f"the Content-Type has more than {LONGEST_CONTENT_TYPE} characters")
    told = Message()
    told["content-type"] = media_type
    parts = _by_id(_parts(data, _boundary(told)))
    root = parts.pop(_root_id(told, parts))
    envelope = read_envelope(root.whole())
    _put_in_place(envelope.content, parts)
    return envelope


@dataclass(frozen=True, slots=True)
class _Part:
    id: str
    encoding: str
    data: memoryview = field(repr=False)

    def whole(self) -> bytes:
        """Give the bytes that were put in it."""
        if self.encoding in _AS_IT_IS:
            return bytes(self.data)
        if self.encoding != "base64":
            raise _unreadable("send each part as binary (Content-Transfer-Encoding)")
        try:
            return base64.b64decode(b"".join(bytes(self.data).split()), validate=True)
        except binascii.Error:
            raise _unreadable("a part says that it is base64, and is not") from None


_AS_IT_IS = frozenset({"binary", "8bit", "7bit"})
_INCLUDE = "{http://www.w3.org/2004/08/xop/include}Include"
# RFC 2046 §5.1.1.
_BOUNDARY = re.compile(r"[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]")
_PADDING = re.compile(rb"[ \t]{0,64}\r\n")


def _boundary(told: Message) -> bytes:
    kind, root = told.get_content_type(), _parameter(told, "type").lower()
    if (kind, root) != ("multipart/related", "application/xop+xml"):
        raise _unreadable("of the multipart types only multipart/related with XOP (MTOM) is taken")
    boundary = _parameter(told, "boundary")
    if not _BOUNDARY.fullmatch(boundary):
        raise _unreadable("the Content-Type has no proper boundary")
    return boundary.encode()


def _parameter(told: Message, name: str) -> str:
    value = told.get_param(name)
    return value if isinstance(value, str) else ""


def _parts(data: bytes, boundary: bytes) -> Iterator[_Part]:
    """Cut a body at its boundaries; what stands before the first and after the last is none."""
    line, view = b"\r\n--" + boundary, memoryview(data)
    begins = len(line) - 2 if data.startswith(line[2:]) else data.find(line) + len(line)
    for _ in range(MOST_PARTS):
        padding = _PADDING.match(data, begins)
        ends = data.find(line, begins)
        if padding is None or ends < 0:
            raise _unreadable("the parts are not as the boundary says")
        yield _part(view[padding.end() : ends])
        begins = ends + len(line)
        if data.startswith(b"--", begins):
            return
    raise _unreadable(f"there are more than {MOST_PARTS} parts")


def _part(view: memoryview) -> _Part:
    start = bytes(view[:LARGEST_PART_HEAD])
    head, between, _ = start.partition(b"\r\n\r\n")
    if not between:
        raise _unreadable("a part has no head, or one that is too large")
    told = BytesHeaderParser().parsebytes(head)
    encoding = str(told.get("content-transfer-encoding", "binary")).strip().lower()
    name = str(told.get("content-id", "")).strip()
    return _Part(name.removeprefix("<").removesuffix(">"), encoding, view[len(head) + 4 :])


def _by_id(parts: Iterator[_Part]) -> dict[str, _Part]:
    found: dict[str, _Part] = {}
    for part in parts:
        # Only the first, when nothing refers to it, needs no name.
        if part.id in found or not (part.id or not found):
            raise _unreadable("each part needs a Content-ID of its own")
        found[part.id] = part
    return found


def _root_id(told: Message, parts: Mapping[str, _Part]) -> str:
    start = _parameter(told, "start").strip().removeprefix("<").removesuffix(">")
    found = start or next(iter(parts))
    if found not in parts:
        raise _unreadable("the part that `start` names is not there")
    return found


def _put_in_place(content: etree._Element, parts: dict[str, _Part]) -> None:
    for include in list(content.iter(_INCLUDE)):
        parent, part = include.getparent(), parts.pop(_content_id(include), None)
        if part is None:
            raise _unreadable("an Include refers to no part, or to one that another has taken")
        if parent is None or len(parent) > 1 or _has_text(parent.text, include.text, include.tail):
            raise _unreadable("an element with an Include must hold nothing else")
        parent.remove(include)
        parent.text = base64.b64encode(part.whole()).decode("ascii")
    if parts:
        raise _unreadable(f"nothing refers to {len(parts)} of the parts; refer to each, once")


def _content_id(include: etree._Element) -> str:
    scheme, _, name = (include.get("href") or "").partition(":")
    return unquote(name) if scheme.lower() == "cid" else ""


def _has_text(*texts: str | None) -> bool:
    return any(text and text.strip() for text in texts)


def _unreadable(words: str) -> Refusal:
    return Refusal(Fault(Rule.UNREADABLE, "package", words))
