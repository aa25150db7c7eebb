"""Case systems that read files: a folder for each message, and replies picked up from another."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import ClassVar

from pydantic import BaseModel

from adapters.file_drop.leaving import leave, lies_there
from adapters.file_drop.local import local_place
from adapters.file_drop.picking_up import PickingUp
from adapters.file_drop.place import NeverTaken, Opened, Unsure, told
from adapters.file_drop.settings import FileDropSettings
from adapters.file_drop.sftp import sftp_place
from adapters.file_drop.sftp_session import Access
from adapters.file_drop.writing import WRITERS
from gateway.adapter import (
    Can,
    CaseMessage,
    Delivered,
    Message,
    Outcome,
    Refused,
    Tools,
    TryLater,
    Unavailable,
    Unclear,
)

__all__ = ["FileDrop", "FileDropSettings"]


class FileDrop:
    """
    Leaves a folder for each message, all at once, and picks up replies.

    A folder has the message's id for its name: while it lies there, a repeat changes nothing.
    Whoever takes folders away must tell repeats by that name (DOMAIN C6).
    """

    can: ClassVar[Can] = Can(recognises_repeats=True)
    Settings: ClassVar[type[BaseModel]] = FileDropSettings

    def __init__(self, settings: FileDropSettings, tools: Tools) -> None:
        self._folder = settings.folder
        self._format = settings.format
        self._opened = _opener(settings, tools)
        self._replies = None
        if settings.replies_folder is not None:
            self._replies = PickingUp(self._opened, settings.replies_folder, tools.rejected)

    def deliver(self, message: Message) -> Outcome:
        """Write the folder under another name, and rename it when all of it is on disk."""
        try:
            files = WRITERS[self._format](message)
        except ValueError:
            # Control characters, for one. As JSON they were no fault.
            return Refused("the message cannot be written as XML: its text has odd characters")
        try:
            with self._opened() as place:
                leave(place, files, self._folder / message.message_id)
        except Unsure as error:
            return Unclear(str(error))
        except NeverTaken as error:
            return Refused(str(error))
        except OSError as error:
            return TryLater(told("settings.folder cannot be written", error))
        return Delivered()

    def find(self, message: Message) -> Delivered | None:
        """Look whether the folder lies there; a system that has taken it away knows its name."""
        try:
            with self._opened() as place:
                is_there = lies_there(place, self._folder / message.message_id)
        except OSError as error:
            raise Unavailable(told("settings.folder cannot be read", error)) from None
        return Delivered() if is_there else None

    def replies(self, since: datetime) -> Iterator[CaseMessage]:
        """Give what lies there, whatever its age: what was taken is taken away."""
        if self._replies is not None:
            yield from self._replies.waiting()

    def settle(self, message: CaseMessage, refusal: str | None) -> None:
        """Move the file of a reply away, with the reason when it is refused."""
        if self._replies is not None:
            self._replies.move_away(message.message_id, refusal)


def _opener(settings: FileDropSettings, tools: Tools) -> Opened:
    if settings.host is None or settings.username is None or settings.host_key is None:
        return local_place
    # The lent client has the time-outs of the destination's policy.
    patience = tools.http.timeout
    access = Access(
        host=settings.host,
        port=settings.port,
        username=settings.username,
        host_key=settings.host_key,
        key_file=settings.key_file,
        password=settings.password.get_secret_value() if settings.password else None,
        connect_s=patience.connect or 0.0,
        read_s=patience.read or 0.0,
    )
    return partial(sftp_place, access)
