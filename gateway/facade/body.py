"""Read the body of a request, and stop as soon as it is larger than the door takes."""

from starlette.types import Receive

from gateway.domain.errors import Fault, Refusal, Rule
from gateway.facade.head import Head, first


async def read_body(head: Head, receive: Receive, largest: int) -> bytes:
    """
    Give the whole body; `largest` is in bytes.

    What Content-Length says is believed only when it is too much: the bytes that come are counted.
    Raises Refusal when there are more of them, when they are compressed (a few can unfold to
    gigabytes), or when the caller hangs up on the way.
    """
    if _is_encoded(head):
        words = "send the request uncompressed, without this header"
        raise Refusal(Fault(Rule.UNREADABLE, "Content-Encoding", words))
    declared = first(head, "content-length") or ""
    if declared.isascii() and declared.isdigit() and int(declared[:20]) > largest:
        raise _too_large(largest)
    chunks: list[bytes] = []
    size, more = 0, True
    while more:
        part = await receive()
        if part["type"] == "http.disconnect":
            words = "the connection was closed before the whole request had come; send it again"
            raise Refusal(Fault(Rule.UNREADABLE, "body", words))
        chunks.append(part.get("body", b""))
        size, more = size + len(chunks[-1]), part.get("more_body", False)
        if size > largest:
            raise _too_large(largest)
    return b"".join(chunks)


def _is_encoded(head: Head) -> bool:
    codings = ",".join(head.get("content-encoding", ())).lower().split(",")
    return any(coding.strip() not in {"", "identity"} for coding in codings)


def _too_large(largest: int) -> Refusal:
    words = f"the request is larger than {largest} bytes; send fewer or smaller attachments"
    return Refusal(Fault(Rule.TOO_LARGE, "body", words))
