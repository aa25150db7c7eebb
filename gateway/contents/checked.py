"""What is read is what was put: nothing is told to be whole before its digest says so."""

import hashlib
from collections.abc import Iterable, Iterator

from gateway.domain.errors import ContentLost

# Bytes in one part of what is read or written.
CHUNK = 1024 * 1024

# What the mark of the database is called, beside the shelves and on none of them.
MARK = "owner"

LOST = "an attachment is lost from our own place of attachments; bring it back from a back-up"
CHANGED = "an attachment was changed in our own place of attachments; bring it back from a back-up"


def checked(digest: str, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Give the parts; the last one only when all of them are right, else raises ContentLost."""
    counted, held = hashlib.sha256(), b""
    for chunk in chunks:
        counted.update(chunk)
        if held:
            yield held
        held = chunk
    if counted.hexdigest() != digest:
        raise ContentLost(CHANGED)
    if held:
        yield held
