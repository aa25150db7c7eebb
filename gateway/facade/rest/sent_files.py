"""Files in the body of a message: sent with it, or named by the ids under which they were sent."""

from anyio.to_thread import run_sync
from starlette.requests import Request

from gateway.domain.notation import Json
from gateway.facade.rest.entrance import known_caller, visit_of
from gateway.facade.rest.reading import read_json
from gateway.shapes.shape import Shape


async def read_message(request: Request, shape: type[Shape]) -> Json:
    """Read a body that may have files, as `read_json` does; those that it names stand in it."""
    body = await read_json(request, shape)
    holder, where = (body["case"], "case/attachments") if "case" in body else (body, "attachments")
    files = holder.get("attachments", ())
    ids = [file.get("attachmentId") for file in files]
    if any(ids):
        uploads, caller = visit_of(request).doors.uploads, known_caller(request)
        found = iter(await run_sync(uploads.named, ids, where, caller))
        holder["attachments"] = [
            next(found) if sent else file for sent, file in zip(ids, files, strict=True)
        ]
    return body
