"""Write a message as files: JSON or XML, and its attachments beside it."""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from lxml import etree

from gateway.adapter import Attachment, Message, message_to_json


def _as_json(message: Message) -> dict[str, bytes]:
    text = json.dumps(message_to_json(message), indent=2)
    return {"message.json": text.encode()} | _attachments(message)


def _as_xml(message: Message) -> dict[str, bytes]:
    root = etree.Element(f"{{{_RESPONDER}}}ProcessCase", nsmap=_NAMES)
    _fill(root, message_to_json(message), _RESPONDER)
    text = etree.tostring(root, xml_declaration=True, encoding="utf-8")
    return {"message.xml": text} | _attachments(message)


_RESPONDER = "urn:riv-application:complaints:casehandling:ProcessCaseResponder:1"
_DOMAIN = "urn:riv-application:complaints:casehandling:1"
# What a minor version added has a namespace of its own, where it stands and one step below.
_EXTENSION = f"{_RESPONDER}.1"
_EXTENDED = frozenset({"forwardedTo", "history"})


_NAMES = {"p": _RESPONDER, "c": _DOMAIN, "m1": _EXTENSION}


def _fill(parent: etree._Element, values: Mapping[str, Any], space: str) -> None:
    """Write the notation as the contract does: a list is its repeated item."""
    for key, value in values.items():
        name = "attachment" if key == "attachments" else key
        home = _EXTENSION if key in _EXTENDED else space
        for one in value if isinstance(value, list) else [value]:
            child = etree.SubElement(parent, f"{{{home}}}{name}")
            if isinstance(one, dict):
                _fill(child, one, _EXTENSION if key in _EXTENDED else _DOMAIN)
            else:
                child.text = str(one).lower() if isinstance(one, bool) else str(one)


def _attachments(message: Message) -> dict[str, bytes]:
    """Number the files: the citizen's own names may not suit a disk, or be there twice."""
    came = enumerate(message.attachments, start=1)
    return {f"attachment-{n}{_ending(one)}": one.read() for n, one in came}


def _ending(attachment: Attachment) -> str:
    ending = Path(attachment.file_name).suffix.lower()
    return ending if re.fullmatch(r"\.[a-z0-9]{1,8}", ending) else ""


# How a message is written, by `settings.format`; raises ValueError when it cannot be.
WRITERS: dict[str, Callable[[Message], dict[str, bytes]]] = {"json": _as_json, "xml": _as_xml}
