"""Case systems that read files: a folder for each message, and replies picked up from another."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, Field

from adapters.file_drop.leaving import WRITERS, leave, on_disk, why
from adapters.file_drop.picking_up import PickingUp
from gateway.adapter import (
    AdapterSettings,
    Can,
    CaseMessage,
    Delivered,
    Message,
    Outcome,
    Refused,
    Tools,
    TryLater,
    Unclear,
)


def _whole_path(path: Path) -> Path:
    if not path.is_absolute():
        raise ValueError("give the whole path, from the root; the gateway may start anywhere")
    return path


Folder = Annotated[Path, AfterValidator(_whole_path)]


class FileDropSettings(AdapterSettings):
    """Where files are left and picked up."""

    folder: Folder = Field(description="Where messages are left; it must be there.")
    format: Literal["json", "xml"] = Field(
        default="json",
        description="How a message is written: as the body of a webhook, or as ProcessCase.",
    )
    replies_folder: Folder | None = Field(
        default=None,
        description="Where replies are picked up; left out, the system posts them itself.",
    )


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
        there = settings.replies_folder
        self._replies = PickingUp(there) if there is not None else None

    def deliver(self, message: Message) -> Outcome:
        """Write the folder under another name, and rename it when all of it is on disk."""
        try:
            files = WRITERS[self._format](message)
        except ValueError:
            # Control characters, for one. As JSON they were no fault.
            return Refused("the message cannot be written as XML: its text has odd characters")
        try:
            leave(files, self._folder / message.message_id)
        except OSError as error:
            return TryLater(f"settings.folder cannot be written: {why(error)}")
        try:
            on_disk(self._folder)
        except OSError as error:
            return Unclear(f"it is written, and may not be on disk: {why(error)}")
        return Delivered()

    def replies(self, since: datetime) -> Iterator[CaseMessage]:
        """Give what lies there, whatever its age: what was taken is taken away."""
        if self._replies is not None:
            yield from self._replies.waiting()

    def settle(self, message: CaseMessage, refusal: str | None) -> None:
        """Move the file of a reply away, with the reason when it is refused."""
        if self._replies is not None:
            self._replies.move_away(message.message_id, refusal)
