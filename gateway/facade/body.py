"""Read the body of a request, and stop as soon as it is larger than the door takes."""

from collections.abc import AsyncGenerator, Callable

from starlette.types import Message, Receive

from gateway.domain.errors import Fault, Refusal, Rule
from gateway.facade.head import Head, first

# Refuses a body, by the number of bytes that it may have.
TooLarge = Callable[[int], Refusal]


async def read_body(head: Head, receive: Receive, largest: int) -> bytes:
    """
    Give the whole body; `largest` is in bytes.

    What Content-Length says is believed only when it is too much: the bytes that come are counted.
    Raises Refusal when there are more of them, when they are compressed (a few can unfold to
    gigabytes), or when the caller hangs up on the way.
    """
    _check_head(head, largest, _too_large)
    chunks: list[bytes] = []
    size, more = 0, True
    while more:
        message = await receive()
        chunks.append(_part(message))
        size, more = size + len(chunks[-1]), message.get("more_body", False)
        if size > largest:
            raise _too_large(largest)
    return b"".join(chunks)


async def parts_of(
    head: Head, receive: Receive, largest: int, too_large: TooLarge
) -> AsyncGenerator[bytes, None]:
    """Give the body part by part, as `read_body` reads it, without ever holding all of it."""
    # Two loops: a generator would cost every small request more than all the rest of reading.
    _check_head(head, largest, too_large)
    size, more = 0, True
    while more:
        message = await receive()
        part = _part(message)
        size, more = size + len(part), message.get("more_body", False)
        if size > largest:
            raise too_large(largest)
        yield part


def _check_head(head: Head, largest: int, too_large: TooLarge) -> None:
    if _is_encoded(head):
        words = "send the request uncompressed, without this header"
        raise Refusal(Fault(Rule.UNREADABLE, "Content-Encoding", words))
    declared = first(head, "content-length") or ""
    if declared.isascii() and declared.isdigit() and int(declared[:20]) > largest:
        raise too_large(largest)


def _part(message: Message) -> bytes:
    if message["type"] == "http.disconnect":
        words = "the connection was closed before the whole request had come; send it again"
        raise Refusal(Fault(Rule.UNREADABLE, "body", words))
    part: bytes = message.get("body", b"")
    return part


def _is_encoded(head: Head) -> bool:
    codings = ",".join(head.get("content-encoding", ())).lower().split(",")
    return any(coding.strip() not in {"", "identity"} for coding in codings)


def _too_large(largest: int) -> Refusal:
    words = f"the request is larger than {largest} bytes; send fewer or smaller attachments"
    return Refusal(Fault(Rule.TOO_LARGE, "body", words))
