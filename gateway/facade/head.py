"""The head of an HTTP request as plain values, read once."""

from collections.abc import Iterable, Mapping, Sequence

# Names in lower case, each with all that stood under it.
Head = Mapping[str, Sequence[str]]


def read_head(headers: Iterable[tuple[bytes, bytes]]) -> Head:
    """Read the headers as the server hands them over (ASGI: names are in lower case)."""
    head: dict[str, list[str]] = {}
    for name, value in headers:
        head.setdefault(name.decode("latin-1"), []).append(value.decode("latin-1"))
    return head


def first(head: Head, name: str) -> str | None:
    """Give what stood first under a name, if anything did."""
    values = head.get(name)
    return values[0] if values else None
