"""What a file is by its bytes, whatever its sender calls it: told while they pass (DOMAIN D4)."""

import codecs
import re
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

# Media types by the signatures that a beginning has, each with the length of the longest.
Recognise = Callable[[bytes], Mapping[str, int]]

# So much of the beginning is looked at, and so much of the end: all that a ZIP's last record is.
HEAD_BYTES = 64 * 1024
TAIL_BYTES = 22 + 65_535


def kind_of(media_type: str) -> str:
    """Give a media type as it is compared: in lower case, without parameters."""
    return media_type.partition(";")[0].strip().lower()


def is_media_type(text: str) -> bool:
    """Tell whether it can stand in a header, with its parameters (RFC 9110 §8.3.1)."""
    return len(text) <= _LONGEST_TYPE and _MEDIA_TYPE.fullmatch(text) is not None


@dataclass(slots=True)
class Sniffer:
    """
    Sees the bytes of one file go by, and tells then whether they are what was said (DOMAIN D4).

    However large the file is, only its beginning and its end are held.
    """

    media_type: str
    recognise: Recognise
    _head: bytes = b""
    _tail: bytes = b""
    _text: "_Text" = field(default_factory=lambda: _Text())

    def see(self, part: bytes) -> None:
        """Look at the next part."""
        if len(self._head) < HEAD_BYTES:
            self._head += part[: HEAD_BYTES - len(self._head)]
        self._tail = (self._tail + part[-TAIL_BYTES:])[-TAIL_BYTES:]
        if self.media_type == "text/plain":
            self._text.see(part)

    def dispute(self) -> str | None:
        """Tell, when all has passed, why it is not of its media type; None when it is."""
        if self.media_type == "text/plain":
            return self._text.dispute() or self._disguised(self._head)
        if self.media_type not in _FORMS:
            known = self.media_type in self.recognise(self._head)
            return None if known else f"its bytes are not those of {self.media_type}"
        return _FORMS[self.media_type](self._head, self._tail)

    def _disguised(self, head: bytes) -> str | None:
        if _MARKUP.match(head.removeprefix(codecs.BOM_UTF8)) or _ACTIVE.search(head[:1024]):
            return "it is a page, a drawing or a program, and no plain text"
        found = [kind for kind, length in self.recognise(head).items() if length >= _CLEAR]
        other = next((kind for kind in found if kind.partition("/")[0] in _NO_TEXT), None)
        return f"it is {other}, and no plain text" if other else None


class _Form(Protocol):
    """Tells from beginning and end why something is not of a form."""

    def __call__(self, head: bytes, tail: bytes) -> str | None: ...


def _pdf(head: bytes, tail: bytes) -> str | None:
    # Readers find a header a little way in, and an end a little way before the end; what stands
    # around it there can be read as something else.
    if not head.startswith(b"%PDF-"):
        return "a PDF begins with %PDF-, and this does not"
    _, found, after = tail[-1024:].rpartition(b"%%EOF")
    if not found or after.strip(_BLANK):
        return "it does not end where its PDF ends; save it as a PDF again"
    return _packed(tail)


def _jpeg(head: bytes, tail: bytes) -> str | None:
    # What phones add after the picture is let through, when it is no file of another kind.
    if not head.startswith(b"\xff\xd8\xff"):
        return "it does not begin as a JPEG does"
    return _packed(tail) or _active(tail)


def _png(head: bytes, tail: bytes) -> str | None:
    if not head.startswith(b"\x89PNG\r\n\x1a\n") or head[12:16] != b"IHDR":
        return "it does not begin as a PNG does"
    if not tail.endswith(_PNG_END):
        return "it does not end where its picture ends; save it as a PNG again"
    return _packed(tail)


def _packed(tail: bytes) -> str | None:
    """Tell when it can be unpacked as well: a ZIP is read from its end."""
    entry = tail.find(b"PK\x01\x02")
    # Some programs take the last end for that of the ZIP, some the last that fits.
    for end in _ZIP_END.finditer(tail):
        (comment,) = struct.unpack("<H", end[1])
        if end.end(1) + comment <= len(tail) or 0 <= entry < end.start():
            return _TWO_FILES
    return None


def _active(tail: bytes) -> str | None:
    return _TWO_FILES if _ACTIVE.search(tail) else None


_ZIP_END = re.compile(rb"PK\x05\x06(?=.{16}(..))", re.DOTALL)
_TWO_FILES = "it is a file of another kind as well; save it again, and send that"
_FORMS: Mapping[str, _Form] = {
    "application/pdf": _pdf,
    "image/jpeg": _jpeg,
    "image/png": _png,
}
_BLANK = b"\x00\t\n\x0c\r "
_PNG_END = b"\x00\x00\x00\x00IEND\xaeB\x60\x82"

# As long as the contracts have it, in characters.
_LONGEST_TYPE = 127
_WORD = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_QUOTED = r'"(?:[ !#-\[\]-~]|\\[ -~])*"'
# The blanks are taken once and for all: to try them in every way would take for ever.
_MEDIA_TYPE = re.compile(rf"{_WORD}/{_WORD}(?: *+; *+(?:{_WORD}=(?:{_WORD}|{_QUOTED}))?)*+")

# What makes a browser, a shell or a word processor take a text for something to run or to draw.
_ACTIVE = re.compile(
    rb"<(?:script|html|svg|iframe|\?php|!doctype\s+(?:html|svg))[\s>/]|<\?php", re.IGNORECASE
)
_MARKUP = re.compile(
    rb"\s*(?:<!--|<\?xml|<!doctype|<(?:head|body|title|style|table|h1)[\s>]|#!|\{\\rtf|%!PS|%PDF-)",
    re.IGNORECASE,
)
# A shorter signature may be how somebody begins a letter.
_CLEAR = 6
_NO_TEXT = frozenset({"application", "audio", "image", "video"})


@dataclass(slots=True)
class _Text:
    """Tells whether bytes can be read as text, in UTF-8 or else in Windows-1252 (Latin-1)."""

    _utf8: codecs.IncrementalDecoder | None = field(
        default_factory=codecs.getincrementaldecoder("utf-8")
    )
    _is_western: bool = True
    _has_controls: bool = False

    def see(self, part: bytes) -> None:
        self._has_controls |= bool(_CONTROLS.search(part))
        self._is_western &= not _NOT_WESTERN.search(part)
        self._decode(part, final=False)

    def dispute(self) -> str | None:
        self._decode(b"", final=True)
        if self._has_controls or not (self._utf8 or self._is_western):
            return "it is no plain text; save it as text in UTF-8 and send that"
        return None

    def _decode(self, part: bytes, *, final: bool) -> None:
        if self._utf8 is None:
            return
        try:
            self._has_controls |= bool(_C1.search(self._utf8.decode(part, final)))
        except UnicodeDecodeError:
            self._utf8 = None


_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
# What Windows-1252 has no character for.
_NOT_WESTERN = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_C1 = re.compile(r"[\x80-\x84\x86-\x9f]")
