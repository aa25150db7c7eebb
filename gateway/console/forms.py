"""Read what a form sends: bounded, in memory, and only what a form of ours can send."""

import re
from collections.abc import AsyncGenerator, Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from starlette.datastructures import FormData, Headers, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from gateway.domain.case import Attachment
from gateway.domain.content import InMemory
from gateway.domain.errors import Fault, Refusal, Rule

_UNSPEAKABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
# In characters, as over REST; what is not named here is a line.
_LONGEST = {"text": 20_000, "handler_name": 216, "reason": 500, "desired": 20_000}
_LONGEST |= {"place": 1000, "name": 216, "patient_name": 216, "phone": 64, "email": 254}
_LONGEST_LINE = 255
# All that is written in a form together, in bytes: more than the longest texts have in any
# letters, and no more than a page can be shown again with, whoever sends it.
LARGEST_TEXT = 262_144
# A form of ours has fewer.
_MOST_FIELDS = 200
_MOST_FILES = 100


@dataclass(frozen=True, slots=True)
class Form:
    """
    What was filled in: blanks at the ends are gone, and lines end as elsewhere.

    `had_files` tells of files also where they were too large to be taken in.
    """

    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    files: tuple[Attachment, ...] = ()
    had_files: bool = False

    def text(self, name: str) -> str:
        """Give what stands in a field; empty when nothing does."""
        return (self.fields.get(name) or ("",))[0]

    def texts(self, name: str) -> tuple[str, ...]:
        """Give everything that was marked under a name."""
        return tuple(one for one in self.fields.get(name, ()) if one)

    def check_lengths(self) -> None:
        """Refuse what is longer than any field of ours may be."""
        name = self.too_long
        if name is not None:
            words = f"has more than {_longest(name)} characters; shorten it"
            raise Refusal(Fault(Rule.SCHEMA, name, words))

    @property
    def too_long(self) -> str | None:
        """The name of the first field that holds more than one of ours may."""
        found = self.fields.items()
        return next(
            (name for name, values in found if max(map(len, values)) > _longest(name)), None
        )


EMPTY = Form()


def one_line(form: Form, name: str) -> str:
    """Read a line that has to be filled in; raises Refusal."""
    line = " ".join(form.text(name).split())
    if not line:
        raise Refusal(Fault(Rule.TEXT_MISSING, name, "is empty; fill it in"))
    return line


class FormTooLarge(Refusal):
    """A form was larger than is taken in; `form` is the fields that stood before that."""

    def __init__(self, largest: int, fields: Mapping[str, tuple[str, ...]]) -> None:
        words = f"the form is larger than {largest} bytes; send fewer or smaller files"
        super().__init__(Fault(Rule.TOO_LARGE, "body", words))
        self.form = Form(fields, had_files=True)


class TextTooLong(Refusal):
    """More was written in a form than is taken in; whoever goes back in the browser has it."""

    def __init__(self) -> None:
        words = "more is written in the form than can be taken in; shorten it"
        super().__init__(Fault(Rule.TOO_LARGE, "body", words))


async def read_form(request: Request, largest: int, heard: int) -> Form:
    """
    Read a form: `largest` bytes of it are taken in, and `heard` are listened to.

    Raises FormTooLarge, TextTooLong, or Refusal for what is no form.
    """
    headers = request.headers
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        if kind == "multipart/form-data":
            return await _parts(headers, _bounded(request, largest, heard), largest)
        if kind == "application/x-www-form-urlencoded":
            return await _fields_alone(_bounded(request, min(largest, LARGEST_TEXT), heard))
    except (MultiPartException, HTTPException, ClientDisconnect, ValueError):
        raise _unreadable("the form cannot be read; send it again") from None
    raise _unreadable("this is no form")


async def _fields_alone(stream: AsyncGenerator[bytes, None]) -> Form:
    try:
        body = b"".join([chunk async for chunk in stream])
    except _TooMuch:
        raise TextTooLong from None
    text = body.decode("latin-1")
    return Form(_fields(parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS)))


async def _parts(headers: Headers, stream: AsyncGenerator[bytes, None], largest: int) -> Form:
    limits = {"max_files": _MOST_FILES, "max_fields": _MOST_FIELDS, "max_part_size": LARGEST_TEXT}
    parser = _InMemory(headers, stream, **limits)
    try:
        parsed = await parser.parse()
    except _TooMuch:
        if parser.is_too_long or parser.is_in_text:
            raise TextTooLong from None
        raise FormTooLarge(largest, _fields(parser.items)) from None
    try:
        if parser.is_too_long:
            raise TextTooLong
        return await _form(parsed)
    finally:
        await parsed.close()


async def _form(parsed: FormData) -> Form:
    sent = [value for _, value in parsed.multi_items() if isinstance(value, UploadFile)]
    files = [await _file(value) for value in sent if value.filename]
    return Form(_fields(parsed.multi_items()), tuple(files), bool(files))


def _longest(name: str) -> int:
    return _LONGEST.get(name, _LONGEST_LINE)


def _fields(items: Iterable[tuple[str, str | UploadFile]]) -> dict[str, tuple[str, ...]]:
    fields: dict[str, tuple[str, ...]] = {}
    for name, value in items:
        if isinstance(value, str):
            fields[name] = (*fields.get(name, ()), _tidy(value))
    return fields


class _TooMuch(Exception):
    """More has come than is taken in."""


class _InMemory(MultiPartParser):
    """Keeps files in memory, where nothing personal is left behind; what is written is bounded."""

    spool_max_size = 0  # never on disk
    _written = 0

    @property
    def is_too_long(self) -> bool:
        """Tell whether more was written than is kept."""
        return self._written > LARGEST_TEXT

    @property
    def is_in_text(self) -> bool:
        """Tell whether what was read last is of a text."""
        return self._current_part.file is None and bool(self._current_part.field_name)

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        """Take a piece of a file or of a text; of what is too long the rest is let go."""
        if self._current_part.file is None:
            self._written += end - start
            if self.is_too_long:
                return
        super().on_part_data(data, start, end)


async def _bounded(request: Request, largest: int, heard: int) -> AsyncGenerator[bytes, None]:
    """Give what comes, and let go of what is too much: browsers read answers when all is sent."""
    size = 0
    async for chunk in request.stream():
        if size < largest:
            yield chunk[: largest - size]
        size += len(chunk)
        if size > heard:
            break
    if size > largest:
        raise _TooMuch


async def _file(sent: UploadFile) -> Attachment:
    media_type = (sent.content_type or "application/octet-stream").partition(";")[0].strip()
    content = InMemory(await sent.read())
    return Attachment(_tidy(sent.filename or ""), media_type.lower(), content)


def _tidy(text: str) -> str:
    """Leave out what XML cannot carry: what is pasted may hold it, and nobody sees it there."""
    return _UNSPEAKABLE.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _unreadable(words: str) -> Refusal:
    return Refusal(Fault(Rule.UNREADABLE, "body", words))
