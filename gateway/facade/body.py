"""Read the body of a request, and stop as soon as it is larger than the door takes."""

from starlette.requests import ClientDisconnect, Request

from gateway.domain.errors import Fault, Refusal, Rule


async def read_body(request: Request, largest: int) -> bytes:
    """
    Give the whole body; `largest` is in bytes.

    What Content-Length says is believed only when it is too much: the bytes that come are counted.
    Raises Refusal when there are more of them, when they are compressed (a few can unfold to
    gigabytes), or when the caller hangs up on the way.
    """
    if _is_encoded(request):
        words = "send the request uncompressed, without this header"
        raise Refusal(Fault(Rule.UNREADABLE, "Content-Encoding", words))
    declared = request.headers.get("content-length", "")
    if declared.isascii() and declared.isdigit() and int(declared[:20]) > largest:
        raise _too_large(largest)
    chunks: list[bytes] = []
    size = 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if size > largest:
                raise _too_large(largest)
            chunks.append(chunk)
    except ClientDisconnect:
        words = "the connection was closed before the whole request had come; send it again"
        raise Refusal(Fault(Rule.UNREADABLE, "body", words)) from None
    return b"".join(chunks)


def _is_encoded(request: Request) -> bool:
    codings = ",".join(request.headers.getlist("content-encoding")).lower().split(",")
    return any(coding.strip() not in {"", "identity"} for coding in codings)


def _too_large(largest: int) -> Refusal:
    words = f"the request is larger than {largest} bytes; send fewer or smaller attachments"
    return Refusal(Fault(Rule.TOO_LARGE, "body", words))
