"""Files sent by themselves, before the messages that they go with (DOMAIN D4)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from uuid_utils.compat import uuid7

from gateway.domain.case import Attachment
from gateway.domain.content import Lapsed
from gateway.domain.errors import Fault, Refusal, Rule
from gateway.domain.hsa import HsaId
from gateway.domain.law import Limits, file_faults
from gateway.flow.access import Verb, require_verb
from gateway.flow.caller import Caller
from gateway.flow.file_intake import NOT_THERE, FileIntake
from gateway.flow.intake import USED_BEFORE
from gateway.flow.places import Places

# So long its sender may name it, counted from when all of it had come.
KEPT_FOR = timedelta(hours=24)
# So much longer a message that was kept with it is recognised when it comes again.
RECOGNISED_FOR = timedelta(days=7)
# Each holds a thread while its sender sends: what a process has of them is for more than files.
MOST_AT_ONCE = 16
MOST_OF_ONE = 4
# Of what has expired, so many at a time.
_STEP = 500


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that its sender alone may name, until it expires; `key` is the sender's own of it."""

    id: UUID
    sender: HsaId
    key: str
    file: Attachment
    expires_at: datetime


class UploadShelf(Protocol):
    """What was sent by itself; each method is one transaction and raises Unavailable."""

    def add(self, upload: Upload, now: datetime) -> Upload | None:
        """
        Keep one; a repeat of its key gets the first.

        None when the key stands for another file, which has not expired.
        """
        ...

    def find(self, sender: HsaId, ids: Sequence[UUID]) -> dict[UUID, Upload]:
        """Read those of this sender's that it has, expired or not; others are not there."""
        ...

    def expire(self, now: datetime, used_before: datetime, limit: int) -> int:
        """
        Let go of some that have expired; tells how many.

        What a message has named goes when it expired at `used_before` or earlier.
        """
        ...


@dataclass(frozen=True, slots=True)
class Coming:
    """A file on its way in: its sender's key of it, and what it is said to be."""

    key: str
    file_name: str = field(repr=False)
    media_type: str
    parts: Iterable[bytes] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Uploads:
    """The verb of those who send files, and how their files are named later."""

    shelf: UploadShelf
    files: FileIntake
    clock: Callable[[], datetime]
    limits: Limits
    _places: Places = field(default_factory=lambda: Places(MOST_AT_ONCE, MOST_OF_ONE))

    def receive(self, coming: Coming, caller: Caller) -> tuple[Upload, bool]:
        """
        Take in a file part by part; the answer means that it is on disk, and was looked at.

        A repeat of its key with the same file gets the first, and True. Nothing is read of a file
        whose name or type is refused; the parts themselves refuse to be too many.
        """
        require_verb(caller, Verb.SEND_FILES)
        faults = [*file_faults(coming.file_name, coming.media_type, "file", self.limits)]
        if faults:
            raise Refusal(*faults)
        with self._places.taken(caller.hsa_id.key):
            content = self.files.kept(coming.media_type, coming.parts, "file")
        now, file = self.clock(), Attachment(coming.file_name, coming.media_type, content)
        new = Upload(uuid7(), caller.hsa_id, coming.key, file, now + KEPT_FOR)
        kept = self.shelf.add(new, now)
        if kept is None:
            raise Refusal(USED_BEFORE)
        return kept, kept.id != new.id

    def named(self, ids: Sequence[str | None], where: str, caller: Caller) -> list[Attachment]:
        """
        Give the files that a message names by their ids, in that order; None names none.

        Those of another caller are not there (422 attachment-unknown). One that has expired is
        Lapsed: it goes with no new message, and a repeat is recognised by it.
        """
        wanted = {text: UUID(text) for text in ids if text is not None and _is_id(text)}
        found = self.shelf.find(caller.hsa_id, [*wanted.values()])
        faults = [
            Fault(Rule.ATTACHMENT_UNKNOWN, f"{where}/{number}/attachmentId", NOT_THERE)
            for number, text in enumerate(ids, 1)
            if text is not None and wanted.get(text) not in found
        ]
        if faults:
            raise Refusal(*faults)
        now = self.clock()
        return [_file(found[wanted[text]], now) for text in ids if text is not None]

    def expire(self) -> bool:
        """Let go of what has expired, a step at a time; tells whether there may be more."""
        now = self.clock()
        return self.shelf.expire(now, now - RECOGNISED_FOR, _STEP) == _STEP


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def _file(upload: Upload, now: datetime) -> Attachment:
    if upload.expires_at > now:
        return upload.file
    content = upload.file.content
    return replace(upload.file, content=Lapsed(content.digest, content.size))
