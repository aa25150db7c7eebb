"""The bytes of a file: how many, which by their digest, and a way to read them when wanted."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import Protocol

from gateway.domain.errors import ContentLost


class Content(Protocol):
    """
    What a file holds; two are the same when their digests are.

    `size` is in bytes; `digest` is the SHA-256 of them all, in hexadecimal.
    """

    @property
    def size(self) -> int:
        """How many bytes there are."""
        ...

    @property
    def digest(self) -> str:
        """Which bytes they are."""
        ...

    def chunks(self) -> Iterator[bytes]:
        """
        Read it from the beginning, a part at a time.

        Of what is kept, raises Unavailable when its place does not answer now, and ContentLost
        when it is not there or not what was put there: the last part is given when all are right.
        """
        ...


@dataclass(frozen=True)
class InMemory:
    """Bytes that have come and are not kept yet; the digest is counted once, when asked for."""

    data: bytes = field(repr=False)

    @property
    def size(self) -> int:
        """How many bytes there are."""
        return len(self.data)

    @cached_property
    def digest(self) -> str:
        """Which bytes they are."""
        return hashlib.sha256(self.data).hexdigest()

    def chunks(self) -> Iterator[bytes]:
        """Give them all at once."""
        yield self.data


@dataclass(frozen=True, slots=True)
class Stored:
    """Bytes that stand in the place of attachments, found by their digest."""

    digest: str
    size: int
    opened: Callable[[str], Iterator[bytes]] = field(repr=False, compare=False)

    def chunks(self) -> Iterator[bytes]:
        """Read them from there."""
        return self.opened(self.digest)


@dataclass(frozen=True, slots=True)
class Lapsed:
    """Bytes that are not to be had any more; which they were recognises a repeat."""

    digest: str
    size: int

    def chunks(self) -> Iterator[bytes]:
        """Raise ContentLost."""
        raise ContentLost("the file has expired")


def begun(content: Content) -> Iterator[bytes]:
    """Read the first part now: what is lost or away is told before anything is answered."""
    chunks = content.chunks()
    return chain((next(chunks, b""),), chunks)
