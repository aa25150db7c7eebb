"""Pick replies up from a folder: each is moved away when it is on disk with us, or refused."""

import codecs
import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from errno import ENOTDIR
from operator import attrgetter
from pathlib import PurePath

from adapters.file_drop.place import Entry, NotReached, Opened, Place, told
from gateway.adapter import CaseMessage, Refusal, Unavailable, read_case_message

# As much as a request over REST has, where the operator has set nothing else (bytes).
LARGEST_REPLY = 15 * 1024 * 1024
# Whoever writes a file in place, and not by renaming it, is still at it (seconds).
SETTLED_S = 2.0
# Of those that cannot be read so many are tried in a round.
MOST_LEFT = 5


class PickingUp:
    """
    Replies as files that end with `.json`, oldest name first.

    `taken/` and `rejected/` are made beside them. What begins with a dot is not looked at.
    """

    def __init__(
        self, opened: Opened, folder: PurePath, rejected: Callable[[str, str], None]
    ) -> None:
        self._opened = opened
        self._folder = folder
        self._rejected = rejected
        self._given: dict[str, PurePath] = {}

    def waiting(self) -> Iterator[CaseMessage]:
        """
        Give what lies there; what is no reply is rejected, and told once it is moved away.

        Raises Unavailable, after all the others, when something is not ours to read.
        """
        left: list[str] = []
        for entry in self._found():
            try:
                message = self._read_or_reject(entry)
            except NotReached as error:
                left.append(str(error))
                break
            except OSError as error:
                # One that cannot be read or moved stops no other, but each may take its time.
                left.append(f"{entry.name!r}: {told('it cannot be read', error)}")
                if len(left) == MOST_LEFT:
                    break
                continue
            if message is None:
                continue
            self._given[message.message_id] = self._folder / entry.name
            yield message
        if left:
            raise Unavailable("; ".join(left))

    def move_away(self, message_id: str, refusal: str | None) -> None:
        """Move the file of this reply to where it belongs now."""
        path = self._given.pop(message_id, None)
        if path is not None:
            where = "taken" if refusal is None else "rejected"
            try:
                with self._opened() as place:
                    _move(place, path, where, refusal)
            except OSError as error:
                words = told(f"a reply cannot be moved to {where}/", error)
                raise Unavailable(words) from None

    def _read_or_reject(self, entry: Entry) -> CaseMessage | None:
        path = self._folder / entry.name
        with self._reached() as place:
            try:
                return _read(place, path, entry.size)
            except _Unreadable as unreadable:
                _move(place, path, "rejected", str(unreadable))
                self._rejected(entry.name, str(unreadable))
            except FileNotFoundError:
                """Taken by another worker meanwhile."""
        return None

    @contextmanager
    def _reached(self) -> Iterator[Place]:
        with ExitStack() as opened:
            try:
                place = opened.enter_context(self._opened())
            except OSError as error:
                raise NotReached(told("the place cannot be opened", error)) from None
            yield place

    def _found(self) -> list[Entry]:
        replies, now = self._listed(), time.time()
        settled = {entry for entry in replies if entry.written_at <= now - SETTLED_S}
        # A clock there may be ahead: what stays as it is has been written, whatever that says.
        if ahead := {entry for entry in replies if entry.written_at > now}:
            time.sleep(SETTLED_S)
            settled |= ahead.intersection(self._listed())
        return sorted(settled, key=attrgetter("name"))

    def _listed(self) -> list[Entry]:
        try:
            with self._opened() as place:
                return [entry for entry in place.entries(self._folder) if _is_reply(entry)]
        except OSError as error:
            raise Unavailable(told("settings.replies_folder cannot be read", error)) from None


class _Unreadable(Exception):
    """A file is no reply; its words tell where and why, and no value."""


def _is_reply(entry: Entry) -> bool:
    # Some systems write all names in capitals.
    return entry.is_file and entry.name.lower().endswith(".json") and entry.name[0] != "."


def _move(place: Place, path: PurePath, where: str, reason: str | None) -> None:
    folder = path.parent / where
    if not place.has(folder):
        with suppress(FileExistsError):  # another worker has made it
            place.make_folder(folder)
    if not place.has_folder(folder):
        # Whoever writes replies could send them to another system's folder, or anywhere.
        raise NotADirectoryError(ENOTDIR, f"{where} is a link, and must be a folder")
    with suppress(FileNotFoundError):  # another worker has moved it
        target = folder / _free_name(place, folder, path)
        if reason is not None:
            _write_reason(place, folder / f"{target.name}.reason.txt", reason)
        place.rename(path, target)


def _free_name(place: Place, folder: PurePath, path: PurePath) -> str:
    """Give a name there that no earlier reply has: some systems use theirs again and again."""
    stem = _short(path.stem)
    if not place.has(folder / f"{stem}.json"):
        return f"{stem}.json"
    # By the time, and not by looking which are taken: nobody need ever clear them away.
    return f"{stem}-{datetime.now(UTC):%Y%m%dT%H%M%S%f}.json"


def _short(stem: str) -> str:
    """Leave room in a name for what is put after it; a name has at most 255 bytes."""
    return os.fsencode(stem)[:200].decode(errors="ignore") or "reply"


def _write_reason(place: Place, path: PurePath, reason: str) -> None:
    """Write a file that is not there, and follow no link to another."""
    place.remove(path)
    place.write(path, f"{reason}\n".encode())


def _read(place: Place, path: PurePath, size: int) -> CaseMessage:
    content = b"" if size > LARGEST_REPLY else place.read(path, LARGEST_REPLY + 1)
    if max(size, len(content)) > LARGEST_REPLY:
        raise _Unreadable(f"the file is larger than {LARGEST_REPLY} bytes; send less")
    # Windows puts a byte order mark before; RFC 8259 §8.1 lets us pass over it.
    content = content.removeprefix(codecs.BOM_UTF8)
    try:
        return read_case_message(content)
    except Refusal as refusal:
        words = (f"{_where(fault.where)}: {fault.message}" for fault in refusal.faults)
        raise _Unreadable("\n".join(words)) from None


def _where(where: str) -> str:
    return "the file" if where == "body" else where
