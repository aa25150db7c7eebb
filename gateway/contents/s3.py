"""Bytes kept in a bucket of a store that speaks S3 (DOMAIN D4)."""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from tempfile import TemporaryFile
from typing import IO

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from gateway.contents.checked import CHUNK, LOST, MARK, checked
from gateway.domain.content import Stored
from gateway.domain.errors import ContentAway, ContentLost
from gateway.flow.contents import Lying


@dataclass(frozen=True, slots=True)
class Bucket:
    """Where a bucket is, and who we are there; `prefix` goes before every name in it."""

    endpoint: str
    name: str
    region: str
    access_key: str = field(repr=False)
    secret_key: str = field(repr=False)
    prefix: str = ""


class S3Contents:
    """Objects named by their digests, after the first two digits of those."""

    def __init__(self, bucket: Bucket) -> None:
        """Set up, without connecting yet."""
        self._store = S3Store(
            bucket.name,
            prefix=bucket.prefix or None,
            config={
                "endpoint": bucket.endpoint,
                "region": bucket.region,
                "access_key_id": bucket.access_key,
                "secret_access_key": bucket.secret_key,
                "virtual_hosted_style_request": False,
            },
            client_options={
                "connect_timeout": _CONNECT,
                "read_timeout": _SILENCE,
                "timeout": _WHOLE,
                "allow_http": bucket.endpoint.startswith("http://"),
            },
            retry_config={"max_retries": 2, "retry_timeout": _RETRY_FOR},
        )

    def owner(self) -> str | None:
        """Read the mark."""
        with _in_our_words(), suppress(FileNotFoundError):
            found = bytes(obstore.get(self._store, MARK).bytes())
            return found.decode(errors="replace").strip()
        return None

    def mark(self, owner: str) -> None:
        """Send it, which is one step."""
        with _in_our_words():
            obstore.put(self._store, MARK, f"{owner}\n".encode())

    def put(self, chunks: Iterable[bytes]) -> Stored:
        """Gather the parts where no name leads to them, and send them when the digest is known."""
        with _room(), TemporaryFile() as gathered:
            digest, size = _gather(chunks, gathered)
            with _in_our_words():
                obstore.put(self._store, _path(digest), gathered)
        return Stored(digest, size, self.open)

    def open(self, digest: str) -> Iterator[bytes]:
        """Read the object, under either of its names."""
        return checked(digest, self._read(digest))

    def lying(self, shelf: str) -> list[Lying]:
        """List what begins with those two digits."""
        with _in_our_words():
            return [
                _lying(one["path"], one["last_modified"])
                for some in obstore.list(self._store, prefix=shelf, chunk_size=1000)
                for one in some
            ]

    def put_aside(self, digest: str) -> None:
        """Copy it, which gives it the time of now, and delete the first."""
        self._move(_path(digest), _aside(digest))

    def bring_back(self, digest: str) -> None:
        """Copy it back; what was put anew meanwhile is the same."""
        self._move(_aside(digest), _path(digest))

    def remove(self, digest: str) -> None:
        """Delete what lies aside."""
        with _in_our_words(), suppress(FileNotFoundError):
            obstore.delete(self._store, _aside(digest))

    def _move(self, origin: str, to: str) -> None:
        with _in_our_words(), suppress(FileNotFoundError):
            obstore.copy(self._store, origin, to)
            obstore.delete(self._store, origin)

    def _read(self, digest: str) -> Iterator[bytes]:
        # Between two looks it may be brought back.
        for path in (_path(digest), _aside(digest), _path(digest)):
            with _in_our_words(), suppress(FileNotFoundError):
                found = obstore.get(self._store, path)
                for part in found.stream(min_chunk_size=CHUNK):
                    yield bytes(part)
                return
        raise ContentLost(LOST)


# A store that hangs must not hang us for ever; whoever fetches a file may be slow to take it.
_CONNECT = "5s"
_SILENCE = "15s"
_WHOLE = "1h"
_RETRY_FOR = timedelta(seconds=10)


def _path(digest: str) -> str:
    return f"{digest[:2]}/{digest}"


def _aside(digest: str) -> str:
    return f"{_path(digest)}.aside"


def _gather(chunks: Iterable[bytes], gathered: IO[bytes]) -> tuple[str, int]:
    counted, size = hashlib.sha256(), 0
    for chunk in chunks:
        counted.update(chunk)
        size += gathered.write(chunk)
    gathered.seek(0)
    return counted.hexdigest(), size


@contextmanager
def _room() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        words = f"the folder of temporary files cannot be used: {error.strerror}"
        raise ContentAway(words) from None


def _lying(path: str, since: datetime) -> Lying:
    digest, _, aside = path.rpartition("/")[2].partition(".")
    return Lying(digest, since, is_aside=bool(aside))


@contextmanager
def _in_our_words() -> Iterator[None]:
    # `from None`: the words of the library carry addresses.
    try:
        yield
    except (BaseError, OSError) as error:
        words = f"the bucket of attachments cannot be used: {type(error).__name__}"
        raise ContentAway(words) from None
