"""Files in folders of this machine, or of a share that is mounted on it."""

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath

from adapters.file_drop.place import Entry, Place


@contextmanager
def local_place() -> Iterator[Place]:
    """Open this machine: there is nothing to open."""
    yield LocalPlace()


class LocalPlace:
    """The disk, by its own calls."""

    def entries(self, folder: PurePath) -> list[Entry]:
        """List a folder."""
        with os.scandir(folder) as entries:
            return [_entry(entry) for entry in entries]

    def has(self, path: PurePath) -> bool:
        """Tell whether anything has this name."""
        return os.path.lexists(path)

    def has_folder(self, path: PurePath) -> bool:
        """Tell whether this is a folder, and no link to one."""
        return Path(path).is_dir() and not Path(path).is_symlink()

    def leads_to_folder(self, path: PurePath) -> bool:
        """Tell whether this is a folder, or a link to one."""
        try:
            return stat.S_ISDIR(os.stat(path).st_mode)
        except FileNotFoundError:
            return False

    def read(self, path: PurePath, most: int) -> bytes:
        """Give at most so many bytes; a link that came in its place meanwhile is an error."""
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
            return file.read(most)

    def write(self, path: PurePath, content: bytes) -> None:
        """Write a new file to the disk."""
        with Path(path).open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())

    def make_folder(self, path: PurePath, mode: int | None = None) -> None:
        """Make a folder, with these permissions whatever the process's mask is."""
        Path(path).mkdir(mode=0o777 if mode is None else 0o700)
        if mode is not None:
            Path(path).chmod(mode)

    def rename(self, old: PurePath, new: PurePath) -> None:
        """Give it another name; the disk tells whether it was done."""
        Path(old).rename(new)

    def remove(self, path: PurePath) -> None:
        """Remove a file or link."""
        Path(path).unlink(missing_ok=True)

    def remove_folder(self, path: PurePath) -> None:
        """Remove a folder of ours."""
        shutil.rmtree(path, ignore_errors=True)

    def settle(self, folder: PurePath) -> None:
        """Have the names in a folder on disk, and not only the files."""
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _entry(entry: os.DirEntry[str]) -> Entry:
    is_file = entry.is_file(follow_symlinks=False)
    try:
        there = entry.stat(follow_symlinks=False)
    except FileNotFoundError:
        # Gone meanwhile.
        return Entry(entry.name, is_file, 0, 0.0)
    return Entry(entry.name, is_file, there.st_size, there.st_mtime)
