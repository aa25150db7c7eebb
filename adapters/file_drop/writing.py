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
    root = etree.Element(f"{{{_RESPONDER}}}ProcessCase", nsmap={"p": _RESPONDER, "c": _DOMAIN})
    _fill(root, message_to_json(message), _RESPONDER)
    text = etree.tostring(root, xml_declaration=True, encoding="utf-8")
    return {"message.xml": text} | _attachments(message)


_RESPONDER = "urn:riv-application:complaints:casehandling:ProcessCaseResponder:1"
_DOMAIN = "urn:riv-application:complaints:casehandling:1"


def _fill(parent: etree._Element, values: Mapping[str, Any], space: str) -> None:
    """Write the notation as the contract does: a list is its repeated item."""
    for key, value in values.items():
        name = "attachment" if key == "attachments" else key
        for one in value if isinstance(value, list) else [value]:
            child = etree.SubElement(parent, f"{{{space}}}{name}")
            if isinstance(one, dict):
                _fill(child, one, _DOMAIN)
            else:
                child.text = str(one).lower() if isinstance(one, bool) else str(one)


def _attachments(message: Message) -> dict[str, bytes]:
    """Number the files: the citizen's own names may not suit a disk, or be there twice."""
    added = message.supplement.attachments if message.supplement else ()
    came = enumerate((*message.case.attachments, *added), start=1)
    return {f"attachment-{n}{_ending(one)}": one.content for n, one in came}


def _ending(attachment: Attachment) -> str:
    ending = Path(attachment.file_name).suffix.lower()
    return ending if re.fullmatch(r"\.[a-z0-9]{1,8}", ending) else ""


# How a message is written, by `settings.format`; raises ValueError when it cannot be.
WRITERS: dict[str, Callable[[Message], dict[str, bytes]]] = {"json": _as_json, "xml": _as_xml}
