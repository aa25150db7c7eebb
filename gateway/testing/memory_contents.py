"""A place of attachments in memory, for tests."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from gateway.domain.content import InMemory, Stored
from gateway.domain.errors import ContentAway, ContentLost
from gateway.flow.contents import Lying
from gateway.flow.file_intake import FileIntake
from gateway.scanner import recognise


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class MemoryContents:
    """What lies there by digest, and what lies aside; while `gone`, nothing can be done."""

    clock: Callable[[], datetime] = _now
    there: dict[str, bytes] = field(default_factory=dict)
    aside: dict[str, bytes] = field(default_factory=dict)
    since: dict[str, datetime] = field(default_factory=dict)
    gone: bool = False
    marked: str | None = None

    def owner(self) -> str | None:
        """Tell whose mark is here."""
        self._look()
        return self.marked

    def mark(self, owner: str) -> None:
        """Leave a mark."""
        self._look()
        self.marked = owner

    def put(self, chunks: Iterable[bytes]) -> Stored:
        """Keep bytes."""
        content = InMemory(b"".join(chunks))
        self._look()
        self.there[content.digest] = content.data
        self.since[content.digest] = self.clock()
        return Stored(content.digest, content.size, self.open)

    def open(self, digest: str) -> Iterator[bytes]:
        """Read what was put, if it is still the same."""
        self._look()
        data = self.there.get(digest, self.aside.get(digest))
        if data is None or InMemory(data).digest != digest:
            raise ContentLost("an attachment is lost from our own place of attachments")
        yield data

    def lying(self, shelf: str) -> list[Lying]:
        """Tell all that begins with those two digits."""
        self._look()
        parts = ((self.there, False), (self.aside, True))
        return [
            Lying(digest, self.since[digest], is_aside)
            for part, is_aside in parts
            for digest in part
            if digest.startswith(shelf)
        ]

    def put_aside(self, digest: str) -> None:
        """Take it out of the way."""
        self._look()
        if digest in self.there:
            self.aside[digest] = self.there.pop(digest)
            self.since[digest] = self.clock()

    def bring_back(self, digest: str) -> None:
        """Undo that."""
        self._look()
        if digest in self.aside:
            self.there[digest] = self.aside.pop(digest)

    def remove(self, digest: str) -> None:
        """Let go of what lies aside."""
        self._look()
        self.aside.pop(digest, None)

    def _look(self) -> None:
        if self.gone:
            raise ContentAway("the place of attachments is gone")


def make_file_intake() -> FileIntake:
    """Let files in, to a place in memory, by what their bytes say and unscanned."""
    return FileIntake(MemoryContents(), recognise)
