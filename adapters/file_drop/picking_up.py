"""Pick replies up from a folder: each is moved away when it is on disk with us, or refused."""

import codecs
import os
import time
from base64 import b64decode
from collections.abc import Iterator
from contextlib import suppress
from errno import ENOTDIR
from itertools import chain, count
from pathlib import Path
from typing import Annotated, Literal

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    field_validator,
)
from pydantic.alias_generators import to_camel

from gateway.adapter import CaseMessage, Unavailable, case_message_from_json

# As much as a request over REST may have (bytes).
LARGEST_REPLY = 16 * 1024 * 1024
# Far more than a reply has; each too many is a fault to be told.
MOST_COLONS = 30_000
MOST_FAULTS = 5
# Whoever writes a file in place, and not by renaming it, is still at it (seconds).
SETTLED_S = 2.0


class PickingUp:
    """
    Replies as files that end with `.json`, oldest name first.

    `taken/` and `rejected/` are made beside them. What begins with a dot is not looked at.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._given: dict[str, Path] = {}

    def waiting(self) -> Iterator[CaseMessage]:
        """
        Give what lies there; what is no reply is rejected.

        Raises Unavailable, after all the others, when something is not ours to read.
        """
        trouble: OSError | None = None
        for path in self._found():
            try:
                message = self._read_or_reject(path)
            except OSError as error:
                # One that cannot be read or moved stops no other.
                trouble = error
                continue
            if message is None:
                continue
            self._given[message.message_id] = path
            yield message
        if trouble is not None:
            raise Unavailable(f"a reply cannot be read: {_words(trouble)}")

    def move_away(self, message_id: str, refusal: str | None) -> None:
        """Move the file of this reply to where it belongs now."""
        path = self._given.pop(message_id, None)
        if path is not None:
            where = "taken" if refusal is None else "rejected"
            try:
                self._move(path, where, refusal)
            except OSError as error:
                words = f"a reply cannot be moved to {where}/: {_words(error)}"
                raise Unavailable(words) from None

    def _read_or_reject(self, path: Path) -> CaseMessage | None:
        try:
            return _read(path)
        except _Unreadable as unreadable:
            self._move(path, "rejected", str(unreadable))
        except FileNotFoundError:
            """Taken by another worker meanwhile."""
        return None

    def _found(self) -> list[Path]:
        settled = time.time() - SETTLED_S
        try:
            with os.scandir(self._folder) as entries:
                return sorted(Path(entry) for entry in entries if _is_reply(entry, settled))
        except OSError as error:
            words = f"settings.replies_folder cannot be read: {_words(error)}"
            raise Unavailable(words) from None

    def _move(self, path: Path, where: str, reason: str | None) -> None:
        folder = self._folder / where
        folder.mkdir(exist_ok=True)
        if folder.is_symlink():
            # Whoever writes replies could send them to another system's folder, or anywhere.
            raise NotADirectoryError(ENOTDIR, f"{where} is a link, and must be a folder")
        with suppress(FileNotFoundError):  # another worker has moved it
            target = _free_name(folder, path)
            if reason is not None:
                _write_new(folder / f"{target.name}.reason.txt", f"{reason}\n")
            path.replace(target)


class _Unreadable(Exception):
    """A file is no reply; its words tell where and why, and no value."""


def _words(error: OSError) -> str:
    return error.strerror or type(error).__name__


def _free_name(folder: Path, path: Path) -> Path:
    """Give a name there that no earlier reply has: some systems use theirs again."""
    stem = _short(path.stem)
    names = chain([f"{stem}.json"], (f"{stem}-{n}.json" for n in count(2)))
    return next(folder / name for name in names if not (folder / name).exists())


def _short(stem: str) -> str:
    """Leave room in a name for what is put after it; a name has at most 255 bytes."""
    return os.fsencode(stem)[:200].decode(errors="ignore")


def _write_new(path: Path, text: str) -> None:
    """Write a file that is not there, and follow no link to another."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640), "w") as file:
        file.write(text)


def _is_reply(entry: os.DirEntry[str], settled: float) -> bool:
    named = entry.name.endswith(".json") and not entry.name.startswith(".")
    return (
        named
        and entry.is_file(follow_symlinks=False)
        and entry.stat(follow_symlinks=False).st_mtime <= settled
    )


def _read(path: Path) -> CaseMessage:
    if path.stat().st_size > LARGEST_REPLY:
        raise _Unreadable(f"the file is larger than {LARGEST_REPLY} bytes; send less")
    # Windows puts a byte order mark before; RFC 8259 §8.1 lets us pass over it.
    content = path.read_bytes().removeprefix(codecs.BOM_UTF8)
    if content.count(b":") + content.count(b",") > MOST_COLONS:
        raise _Unreadable(f"there are more than {MOST_COLONS} colons and commas; send less")
    try:
        reply = _Reply.model_validate_json(content)
    except ValidationError as error:
        told = error.errors(include_input=False, include_url=False, include_context=False)
        words = (f"{_where(d['loc'])}: {d['msg']}" for d in told[:MOST_FAULTS])
        raise _Unreadable("\n".join(words)) from None
    return case_message_from_json(reply.model_dump(mode="json", by_alias=True, exclude_none=True))


def _where(loc: tuple[int | str, ...]) -> str:
    return "/".join(map(str, loc)) or "the file"


# The kinds of text and their lengths are those of the contracts (CONTRACT, ProcessCaseMessage).
_SPEAKABLE = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]*$"
_Words = Annotated[str, StringConstraints(pattern=_SPEAKABLE, max_length=20_000)]
_Short = Annotated[str, StringConstraints(pattern=_SPEAKABLE, min_length=1, max_length=255)]
_Id = Annotated[str, StringConstraints(pattern=r"^\S([^\x00-\x1f\x7f]*\S)?$", max_length=256)]


class _Shape(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", hide_input_in_errors=True)


class _File(_Shape):
    file_name: _Short
    media_type: _Short
    content: str

    @field_validator("content")
    @classmethod
    def _is_base64(cls, content: str) -> str:
        b64decode(content, validate=True)
        return content


class _Reply(_Shape):
    message_id: _Id
    message_kind: Literal[
        "RECEIVED",
        "IN_PROGRESS",
        "PARTIAL_REPLY",
        "FINAL_REPLY",
        "SUPPLEMENT_REQUEST",
        "FORWARD",
        "CLOSED",
    ]
    sent_time: AwareDatetime
    case_number: _Id | None = None
    external_case_id: _Id | None = None
    text: _Words | None = None
    attachments: list[_File] = Field(default=[], max_length=100)
    forward_to: _Short | None = None
