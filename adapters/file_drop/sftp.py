"""Files in folders of an SFTP server."""

import errno
import os
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import PurePath
from typing import Any, TypeVar

import asyncssh

from adapters.file_drop.place import Away, Entry, NeverTaken, Place, Told, Unsure
from adapters.file_drop.sftp_session import Access, Session, opened

T = TypeVar("T")

# More than any folder should have; whoever has as many is told to clear it.
MOST_ENTRIES = 100_000


@contextmanager
def sftp_place(access: Access) -> Iterator[Place]:
    """Open a server for one call; raises Away with what to do when it does not let us in."""
    with opened(access) as (session, client):
        yield SftpPlace(session, client)


class SftpPlace:
    """What a server has, by calls that every version of the protocol knows."""

    def __init__(self, session: Session, client: asyncssh.SFTPClient) -> None:
        self._session = session
        self._client = client
        self._is_away = False

    def entries(self, folder: PurePath) -> list[Entry]:
        """List a folder."""
        return self._do(self._listed(os.fsencode(folder)))

    def has(self, path: PurePath) -> bool:
        """Tell whether anything has this name."""
        return self._attributes(path) is not None

    def has_folder(self, path: PurePath) -> bool:
        """Tell whether this is a folder, and no link to one."""
        return _is_folder(self._attributes(path))

    def leads_to_folder(self, path: PurePath) -> bool:
        """Tell whether this is a folder, or a link to one."""
        try:
            return _is_folder(self._do(self._client.stat(os.fsencode(path))))
        except FileNotFoundError:
            return False

    def read(self, path: PurePath, most: int) -> bytes:
        """Give at most so many bytes of a plain file."""
        there = self._attributes(path)
        if there is None or there.type != asyncssh.FILEXFER_TYPE_REGULAR:
            raise FileNotFoundError(errno.ENOENT, "it is no plain file any more")
        size = most if there.size is None else min(there.size, most)
        return self._do(self._content(os.fsencode(path), size))[:most]

    def write(self, path: PurePath, content: bytes) -> None:
        """Write a new file; on disk where the server offers to say so, as OpenSSH does."""
        self._do(self._written(os.fsencode(path), content))

    def make_folder(self, path: PurePath, mode: int | None = None) -> None:
        """Make a folder; where the server has permissions of its own, it keeps those."""
        wanted = asyncssh.SFTPAttrs() if mode is None else asyncssh.SFTPAttrs(permissions=mode)
        self._do(self._client.mkdir(os.fsencode(path), wanted))
        if mode is not None:
            # The first was cut by the account's mask, with which they could not clear it away.
            with suppress(Told, PermissionError):
                self._do(self._client.chmod(os.fsencode(path), mode))

    def rename(self, old: PurePath, new: PurePath) -> None:
        """Give it another name; raises Unsure when no answer came."""
        try:
            self._do(self._client.rename(os.fsencode(old), os.fsencode(new)))
        except Away as error:
            raise Unsure(f"it was asked to show the files, and then: {error}") from None

    def remove(self, path: PurePath) -> None:
        """Remove a file or link."""
        with suppress(FileNotFoundError):
            self._do(self._client.remove(os.fsencode(path)))

    def remove_folder(self, path: PurePath) -> None:
        """Remove a folder of ours."""
        with suppress(OSError):
            for entry in self.entries(path):
                self.remove(path / entry.name)
            self._do(self._client.rmdir(os.fsencode(path)))

    def settle(self, folder: PurePath) -> None:
        """Promise nothing: the protocol has no word for it."""

    def _attributes(self, path: PurePath) -> asyncssh.SFTPAttrs | None:
        try:
            return self._do(self._client.lstat(os.fsencode(path)))
        except FileNotFoundError:
            return None

    async def _listed(self, folder: bytes) -> list[Entry]:
        found: list[Entry] = []
        async for one in self._client.scandir(folder):
            name = os.fsdecode(one.filename)
            if "/" not in name and name not in {"", ".", ".."}:
                is_file = one.attrs.type == asyncssh.FILEXFER_TYPE_REGULAR
                size, written_at = one.attrs.size or 0, float(one.attrs.mtime or 0)
                found.append(Entry(name, is_file, size, written_at))
            if len(found) > MOST_ENTRIES:
                raise Told(f"there are more than {MOST_ENTRIES} names in one folder; clear it")
        return found

    async def _content(self, path: bytes, size: int) -> bytes:
        async with self._client.open(path, "rb") as file:
            content: bytes = await file.read(size)
        return content

    async def _written(self, path: bytes, content: bytes) -> None:
        async with self._client.open(path, "xb") as file:
            await file.write(content)
            with suppress(asyncssh.SFTPOpUnsupported):
                await file.fsync()

    def _do(self, call: Coroutine[Any, Any, T]) -> T:  # what it sends and is sent is its own
        if self._is_away:
            call.close()
            raise Away("the SFTP server is away")
        try:
            with _in_words_of_the_disk():
                return self._session.run(call)
        except Away:
            self._is_away = True
            raise


def _is_folder(there: asyncssh.SFTPAttrs | None) -> bool:
    return there is not None and there.type == asyncssh.FILEXFER_TYPE_DIRECTORY


@contextmanager
def _in_words_of_the_disk() -> Iterator[None]:
    try:
        yield
    except (asyncssh.Error, TimeoutError, ConnectionError) as error:
        means = (make for kinds, make in _MEANS if isinstance(error, kinds))
        raise next(means)() from None


def _no_such_file() -> OSError:
    return FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))


def _not_permitted() -> OSError:
    words = "the SFTP server does not permit settings.username to do this there"
    return PermissionError(errno.EACCES, words)


# What a server's answer means, the first that fits; its own words may hold anything, and are not
# repeated. An answer that cannot be read says nothing of what was done.
_MEANS: tuple[tuple[tuple[type[Exception], ...], Callable[[], OSError]], ...] = (
    ((asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath), _no_such_file),
    ((asyncssh.SFTPPermissionDenied, asyncssh.SFTPWriteProtect), _not_permitted),
    (
        (asyncssh.SFTPNoSpaceOnFilesystem, asyncssh.SFTPQuotaExceeded),
        partial(Told, "the disk of the SFTP server is full, or our part of it"),
    ),
    (
        (asyncssh.SFTPInvalidFilename, asyncssh.SFTPFileCorrupt),
        partial(NeverTaken, "the SFTP server will not have such a file"),
    ),
    ((TimeoutError,), partial(Away, "the SFTP server did not do it within the time")),
    (
        (asyncssh.SFTPConnectionLost, asyncssh.SFTPNoConnection, asyncssh.SFTPBadMessage),
        partial(Away, "the SFTP server broke off"),
    ),
    (
        (asyncssh.SFTPError,),
        partial(Told, "the SFTP server says no, and not why; its disk may be full"),
    ),
    ((Exception,), partial(Away, "the SFTP server broke off")),
)
