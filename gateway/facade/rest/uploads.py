"""Files sent by themselves: streamed, and named in a message afterwards (DOMAIN D4)."""

import time
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from email.message import Message
from typing import ClassVar

from anyio import CapacityLimiter
from anyio.from_thread import run
from anyio.to_thread import run_sync
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from gateway.domain.errors import Fault, Refusal, Rule
from gateway.domain.notation import Json, attachment_from_json
from gateway.facade.body import parts_of
from gateway.facade.head import read_head
from gateway.facade.rest.answers import told
from gateway.facade.rest.entrance import known_caller, visit_of
from gateway.facade.rest.parameters import IdempotencyKey
from gateway.facade.rest.reading import read_json
from gateway.facade.rest.resource import BODY_RULES, Answer, Resource
from gateway.facade.rest.shape import Time, Told
from gateway.flow.uploads import Coming, Upload
from gateway.shapes.case_message import AttachmentBody

# From the first byte to the last: a file comes at once, or not at all.
LONGEST_S = 600.0
# Of all that its sender is waited for: a while, and then so many bytes a second.
PATIENCE_S = 20.0
SLOWEST = 4096
# In characters, as in a message.
_LONGEST_NAME, _LONGEST_TYPE = 255, 127


class UploadAnswer(Told):
    """A file that is kept until it expires, for messages of who sent it."""

    attachment_id: str = Field(
        description="What messages name it by.", examples=["0198f0a4-7c1e-7d3a-9b52-3f6f0c0a1b2c"]
    )
    media_type: str = Field(examples=["text/plain"])
    size: int = Field(description="In bytes.", examples=[3])
    digest: str = Field(
        description="SHA-256 of the bytes, in hexadecimal.",
        examples=["1b58ee375b42e41f0e48ef2ff27d10a5b1f6924a9acdcdba7cae868e7adce6bf"],
    )
    expires_time: Time

    EXAMPLE: ClassVar[Json] = {
        "attachmentId": "0198f0a4-7c1e-7d3a-9b52-3f6f0c0a1b2c",
        "mediaType": "text/plain",
        "size": 3,
        "digest": "1b58ee375b42e41f0e48ef2ff27d10a5b1f6924a9acdcdba7cae868e7adce6bf",
        "expiresTime": "2026-03-03T08:30:00Z",
    }


async def upload_attachment(request: Request, key: IdempotencyKey) -> Response:
    """Send a file by itself.

    The body is the file, with its media type as Content-Type and its name in Content-Disposition;
    or JSON, with all three. The answer means that the file is on disk, and was looked at. Messages
    of the same caller name it in `attachments` by its `attachmentId`, once or more, until it
    expires. A file may be larger here than a whole request elsewhere.
    """
    doors, caller = visit_of(request).doors, known_caller(request)
    if _media_type(request) == "application/json":
        file = attachment_from_json(await read_json(request, AttachmentBody))
        whole = Coming(key, file.file_name, file.media_type, file.content.chunks())
        return _told(await run_sync(doors.uploads.receive, whole, caller))
    largest = doors.uploads.limits.attachment_bytes
    head = read_head(request.scope["headers"])
    parts = parts_of(head, request.receive, largest, _too_large)
    async with aclosing(parts):
        coming = Coming(key, _file_name(request), _media_type(request), _drawn(parts))
        # A thread of its own, besides those that all the others share: it waits for its sender.
        own = CapacityLimiter(1)
        return _told(await run_sync(doors.uploads.receive, coming, caller, limiter=own))


def _drawn(parts: AsyncIterator[bytes]) -> Iterator[bytes]:
    """Draw the parts from the event loop, one at a time: no more is held than is being kept."""
    until, waited, size = time.monotonic() + LONGEST_S, 0.0, 0
    while True:
        asked = time.monotonic()
        part = run(anext, parts, None)
        if part is None:
            return
        now = time.monotonic()
        waited, size = waited + now - asked, size + len(part)
        if now > until or size < (waited - PATIENCE_S) * SLOWEST:
            raise Refusal(Fault(Rule.UNREADABLE, "body", _TOO_SLOW))
        yield part


def _too_large(largest: int) -> Refusal:
    words = f"the file is larger than {largest} bytes, which is as large as a file may be"
    return Refusal(Fault(Rule.ATTACHMENT_TOO_LARGE, "body", words))


def _media_type(request: Request) -> str:
    written = request.headers.get("content-type", "").strip()
    if not written or not written.isascii() or len(written) > _LONGEST_TYPE:
        words = "say in this header what the file is, such as application/pdf"
        raise Refusal(Fault(Rule.MEDIA_TYPE_NOT_ACCEPTED, "Content-Type", words))
    return written


def _file_name(request: Request) -> str:
    header = request.headers.get("content-disposition", "")
    name = _written_name(header) if header.isascii() else None
    if not name or "\ufffd" in name or len(name) > _LONGEST_NAME:
        raise Refusal(Fault(Rule.FILE_NAME_NOT_ACCEPTED, "Content-Disposition", _NAME_WORDS))
    return name


def _written_name(header: str) -> str | None:
    message = Message()
    message["content-disposition"] = header
    try:
        return message.get_filename()
    except (LookupError, ValueError):  # in a character set that nobody knows
        return None


def _told(sent: tuple[Upload, bool]) -> Response:
    upload, is_repeat = sent
    answer = UploadAnswer(
        attachment_id=str(upload.id),
        media_type=upload.file.media_type,
        size=upload.file.content.size,
        digest=upload.file.content.digest,
        expires_time=upload.expires_at,
    )
    return told(answer, 200 if is_repeat else 201)


_TOO_SLOW = "the file came too slowly; send it again, over a faster connection"
_NAME_WORDS = (
    "name the file in this header as RFC 6266 does, in at most 255 characters: "
    "attachment; filename*=UTF-8''r%C3%B6ntgen.pdf"
)

UPLOADS = (
    Resource(
        "POST",
        "/attachments",
        upload_attachment,
        (
            Answer(201, "The file is on disk.", UploadAnswer),
            Answer(200, "A repeat: the answer of the first time.", UploadAnswer),
        ),
        (*BODY_RULES, Rule.NOT_PERMITTED, Rule.IDEMPOTENCY_CONFLICT),
        body=AttachmentBody,
        headers=(
            {
                "name": "Content-Disposition",
                "in": "header",
                "required": False,
                "description": "The name of the file (RFC 6266); JSON has it in `fileName`.",
                "schema": {
                    "type": "string",
                    "examples": ["attachment; filename*=UTF-8''r%C3%B6ntgen.pdf"],
                },
            },
        ),
        takes_file=True,
    ),
)
