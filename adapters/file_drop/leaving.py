"""Write a message as files, and leave them in a folder all at once."""

import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lxml import etree

from gateway.adapter import Attachment, Message, message_to_json


def leave(files: Mapping[str, bytes], target: Path) -> None:
    """
    Make the folder `target` with these files and a manifest, all at once; a repeat does nothing.

    Raises OSError when it cannot be; then there is no such folder.
    """
    if not target.exists():
        with _filled(target.parent, target.name, files) as whole:
            _move_in(whole, target)


def on_disk(folder: Path) -> None:
    """Have the names in a folder on disk, and not only the files."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def why(error: OSError) -> str:
    """Tell what the system says, without its paths."""
    return error.strerror or type(error).__name__


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


@contextmanager
def _filled(folder: Path, name: str, files: Mapping[str, bytes]) -> Iterator[Path]:
    """Give a folder under another name with everything on disk, the manifest last."""
    for left in folder.glob(f".{name}.*"):
        # By a worker that was killed on the way.
        shutil.rmtree(left, ignore_errors=True)
    making = Path(tempfile.mkdtemp(prefix=f".{name}.", dir=folder))
    try:
        making.chmod(0o770)
        for file, content in files.items():
            _write(making / file, content)
        _write(making / "manifest.json", _manifest(files))
        on_disk(making)
        yield making
    finally:
        shutil.rmtree(making, ignore_errors=True)


def _manifest(files: Mapping[str, bytes]) -> bytes:
    listed = [
        {"file": file, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for file, content in files.items()
    ]
    return json.dumps({"files": listed}, indent=2).encode()


def _write(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _move_in(whole: Path, target: Path) -> None:
    try:
        whole.rename(target)
    except OSError:
        # A worker that was taken for dead may have left the very same there meanwhile.
        if not target.exists():
            raise


# How a message is written, by `settings.format`; raises ValueError when it cannot be.
WRITERS: dict[str, Callable[[Message], dict[str, bytes]]] = {"json": _as_json, "xml": _as_xml}
