"""A fetched file: its own bytes, or JSON for a caller that asks for it."""

from base64 import b64encode
from typing import ClassVar
from urllib.parse import quote

from anyio.to_thread import run_sync
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from gateway.domain.case import Attachment
from gateway.domain.content import begun
from gateway.domain.notation import Json
from gateway.facade.rest.answers import told
from gateway.facade.rest.resource import Answer
from gateway.facade.rest.shape import Told
from gateway.shapes.case_message import AttachmentBody


class FileAnswer(Told):
    """A file whole."""

    file_name: str = Field(examples=["brev.txt"])
    media_type: str = Field(examples=["text/plain"])
    content: str = Field(
        description="The bytes, in base64.",
        examples=["SGVq"],
        json_schema_extra={"contentEncoding": "base64"},
    )

    EXAMPLE: ClassVar[Json] = AttachmentBody.EXAMPLE


FILE = Answer(
    200,
    "The file, in its own media type; as JSON to a caller that accepts `application/json`.",
    FileAnswer,
    headers=("Content-Disposition",),
    as_file=True,
)


async def fetched(request: Request, attachment: Attachment) -> Response:
    """Answer with a file, a part at a time, which a browser saves and never shows."""
    disposition = f"attachment; filename*=UTF-8''{quote(attachment.file_name, safe='')}"
    headers = {"Content-Disposition": disposition}
    if "application/json" in request.headers.get("accept", ""):
        return told(await run_sync(_as_json, attachment), headers=headers)
    headers |= {
        # As a header: as `media_type`, text would be said to be UTF-8, which nobody knows.
        "Content-Type": attachment.media_type,
        "Content-Length": str(attachment.content.size),
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    return StreamingResponse(await run_sync(begun, attachment.content), headers=headers)


def _as_json(attachment: Attachment) -> FileAnswer:
    return FileAnswer(
        file_name=attachment.file_name,
        media_type=attachment.media_type,
        content=b64encode(attachment.read()).decode(),
    )
