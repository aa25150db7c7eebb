"""Bytes kept as files in a folder, which all nodes share (DOMAIN D4)."""

import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex

from gateway.contents.checked import CHUNK, LOST, MARK, checked
from gateway.domain.content import Stored
from gateway.domain.errors import ContentAway, ContentLost
from gateway.flow.contents import Lying


@dataclass(frozen=True, slots=True)
class FolderContents:
    """
    Files named by their digests, in folders named by the first two digits of those.

    For the eyes of the gateway only: folders have mode 0700 and files 0600. What is half written
    lies aside under a name that nobody else has: what a crash leaves goes as all that lies there.
    """

    folder: Path

    def owner(self) -> str | None:
        """Read the mark."""
        with _in_our_words(), suppress(FileNotFoundError):
            return (self.folder / MARK).read_text(errors="replace").strip()
        return None

    def mark(self, owner: str) -> None:
        """Write it aside, and give it its name in one step."""
        with _in_our_words():
            _make(self.folder)
            made = self.folder / f"{token_hex(32)}{_ASIDE}"
            with os.fdopen(os.open(made, _NEW, 0o600), "wb") as file:
                file.write(f"{owner}\n".encode())
                file.flush()
                os.fsync(file.fileno())
            made.rename(self.folder / MARK)
            _sync(self.folder)

    def put(self, chunks: Iterable[bytes]) -> Stored:
        """Write it aside, have it on disk, and give it its name in one step."""
        with _in_our_words():
            made = self._aside(token_hex(32))
            _make(made.parent)
            try:
                return self._kept(made, chunks)
            except BaseException:
                made.unlink(missing_ok=True)
                raise

    def open(self, digest: str) -> Iterator[bytes]:
        """Read the file, where it lies."""
        return checked(digest, self._read(digest))

    def lying(self, shelf: str) -> list[Lying]:
        """List one of the folders."""
        with _in_our_words(), suppress(FileNotFoundError), os.scandir(self.folder / shelf) as all_:
            return [_lying(entry) for entry in all_ if _OURS.fullmatch(entry.name)]
        return []

    def put_aside(self, digest: str) -> None:
        """Rename it, with the time of now."""
        with _in_our_words(), suppress(FileNotFoundError):
            # First: a crash between the two leaves a file that is only younger than it was.
            os.utime(self._path(digest))
            self._path(digest).rename(self._aside(digest))

    def bring_back(self, digest: str) -> None:
        """Rename it back; what was put anew meanwhile is the same."""
        with _in_our_words(), suppress(FileNotFoundError):
            self._aside(digest).rename(self._path(digest))

    def remove(self, digest: str) -> None:
        """Delete what lies aside."""
        with _in_our_words():
            self._aside(digest).unlink(missing_ok=True)

    def _path(self, digest: str) -> Path:
        return self.folder / digest[:2] / digest

    def _aside(self, digest: str) -> Path:
        return self.folder / digest[:2] / f"{digest}{_ASIDE}"

    def _kept(self, made: Path, chunks: Iterable[bytes]) -> Stored:
        counted, size = hashlib.sha256(), 0
        with os.fdopen(os.open(made, _NEW, 0o600), "wb") as file:
            for chunk in chunks:
                counted.update(chunk)
                size += file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        path = self._path(counted.hexdigest())
        _make(path.parent)
        made.rename(path)
        _sync(path.parent)
        return Stored(path.name, size, self.open)

    def _read(self, digest: str) -> Iterator[bytes]:
        # Between two looks it may be brought back.
        places = self._path(digest), self._aside(digest), self._path(digest)
        with _in_our_words():
            for path in places:
                with suppress(FileNotFoundError), path.open("rb") as file:
                    while chunk := file.read(CHUNK):
                        yield chunk
                    return
        raise ContentLost(LOST)


_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL
_ASIDE = ".aside"
_OURS = re.compile(r"[0-9a-f]{64}(\.aside)?")


def _lying(entry: os.DirEntry[str]) -> Lying:
    digest, _, aside = entry.name.partition(".")
    since = datetime.fromtimestamp(entry.stat().st_mtime, UTC)
    return Lying(digest, since, is_aside=bool(aside))


def _make(folder: Path) -> None:
    """Have a folder on disk, with those above it."""
    if not folder.is_dir():
        _make(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        _sync(folder.parent)


def _sync(folder: Path) -> None:
    """Have the names in a folder on disk, and not only the files."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _in_our_words() -> Iterator[None]:
    # `from None`: the words of the system carry paths.
    try:
        yield
    except OSError as error:
        words = f"the folder of attachments cannot be used: {error.strerror}"
        raise ContentAway(words) from None
