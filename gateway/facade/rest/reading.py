"""Read the JSON body of a request, as large as the gateway takes it."""

from email.message import Message

from starlette.requests import Request

from gateway.domain.errors import Fault, Refusal, Rule
from gateway.domain.notation import Json
from gateway.facade.abreast import abreast
from gateway.facade.body import read_body
from gateway.facade.head import read_head
from gateway.facade.rest.entrance import visit_of
from gateway.shapes.reading import read_shape
from gateway.shapes.shape import Shape


async def read_json(request: Request, shape: type[Shape]) -> Json:
    """
    Read the body and give its notation, what is left out left out.

    Refuses what is too large, is not JSON, or has another shape; every fault of the shape is told.
    """
    _check_media_type(request)
    head = read_head(request.scope["headers"])
    body = await read_body(head, request.receive, visit_of(request).doors.largest_request)
    await abreast()
    return read_shape(body, shape)


def _check_media_type(request: Request) -> None:
    header = request.headers.get("content-type", "")
    # The usual spelling first: parsing a header costs more than all the rest of this.
    if header == "application/json":
        return
    message = Message()
    message["content-type"] = header
    charset = message.get_param("charset", "utf-8")
    if message.get_content_type() != "application/json" or str(charset).lower() != "utf-8":
        words = "send application/json in UTF-8, and say so in this header"
        raise Refusal(Fault(Rule.MEDIA_TYPE_NOT_ACCEPTED, "Content-Type", words))
