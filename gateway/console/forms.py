"""Read what a form sends: bounded, in memory, and only what a form of ours can send."""

import re
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from gateway.domain.case import Attachment
from gateway.domain.errors import Fault, Refusal, Rule

_UNSPEAKABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
# In characters, as over REST; what is not named here is a line.
_LONGEST = {"text": 20_000, "handler_name": 216}
_LONGEST_LINE = 255
# A form of ours has fewer.
_MOST_FIELDS = 200
_MOST_FILES = 100


@dataclass(frozen=True, slots=True)
class Form:
    """What was filled in: blanks at the ends are gone, and lines end as elsewhere."""

    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    files: tuple[Attachment, ...] = ()

    def text(self, name: str) -> str:
        """Give what stands in a field; empty when nothing does."""
        return (self.fields.get(name) or ("",))[0]

    def texts(self, name: str) -> tuple[str, ...]:
        """Give everything that was marked under a name."""
        return tuple(one for one in self.fields.get(name, ()) if one)

    def check_lengths(self) -> None:
        """Refuse what is longer than any field of ours may be."""
        for name, values in self.fields.items():
            longest = _LONGEST.get(name, _LONGEST_LINE)
            if any(len(value) > longest for value in values):
                words = f"has more than {longest} characters; shorten it"
                raise Refusal(Fault(Rule.SCHEMA, name, words))


EMPTY = Form()


async def read_form(request: Request, largest: int) -> Form:
    """Read a form; `largest` is in bytes. Raises Refusal for what is larger, or no form."""
    headers = request.headers
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    stream = _bounded(request, largest)
    try:
        if kind == "multipart/form-data":
            limits = {"max_files": _MOST_FILES, "max_fields": _MOST_FIELDS}
            parsed = await _InMemory(headers, stream, max_part_size=largest, **limits).parse()
        elif kind == "application/x-www-form-urlencoded":
            parsed = await FormParser(headers, stream).parse()
        else:
            raise _unreadable("this is no form")
    except (MultiPartException, HTTPException, ClientDisconnect, ValueError):
        raise _unreadable("the form cannot be read; send it again") from None
    try:
        return await _form(parsed)
    finally:
        await parsed.close()


async def _form(parsed: FormData) -> Form:
    fields: dict[str, tuple[str, ...]] = {}
    files: list[Attachment] = []
    for name, value in parsed.multi_items():
        if isinstance(value, UploadFile):
            files.extend([await _file(value)] if value.filename else [])
        else:
            fields[name] = (*fields.get(name, ()), _tidy(value))
    return Form(fields, tuple(files))


class _InMemory(MultiPartParser):
    """Keeps files in memory, where nothing personal is left behind; the whole is bounded."""

    spool_max_size = 0  # never on disk


async def _bounded(request: Request, largest: int) -> AsyncGenerator[bytes, None]:
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > largest:
            words = f"the form is larger than {largest} bytes; send fewer or smaller files"
            raise Refusal(Fault(Rule.TOO_LARGE, "body", words))
        yield chunk


async def _file(sent: UploadFile) -> Attachment:
    media_type = (sent.content_type or "application/octet-stream").partition(";")[0].strip()
    return Attachment(_tidy(sent.filename or ""), media_type.lower(), await sent.read())


def _tidy(text: str) -> str:
    """Leave out what XML cannot carry: what is pasted may hold it, and nobody sees it there."""
    return _UNSPEAKABLE.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _unreadable(words: str) -> Refusal:
    return Refusal(Fault(Rule.UNREADABLE, "body", words))
