"""Files sent by themselves, in memory."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from gateway.domain.case import Attachment
from gateway.domain.hsa import HsaId
from gateway.flow.uploads import Upload
from gateway.testing.books import Books
from gateway.testing.memory_files import files_in


class MemoryUploads:
    """What was sent by itself."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self._uploads: dict[UUID, Upload] = {}

    def add(self, upload: Upload, now: datetime) -> Upload | None:
        """Keep one; a repeat of its key gets the first, and None is for another file."""
        with self._books:
            mine = [one for one in self._of(upload.sender, now) if one.key == upload.key]
            if not mine:
                self._uploads[upload.id] = upload
                return upload
            return mine[0] if mine[0].file == upload.file else None

    def find(self, sender: HsaId, ids: Sequence[UUID]) -> dict[UUID, Upload]:
        """Read those of this sender's that it has, expired or not."""
        with self._books:
            all_ = self._uploads.values()
            return {one.id: one for one in all_ if one.sender == sender and one.id in ids}

    def expire(self, now: datetime, used_before: datetime, limit: int) -> int:
        """Let go of some that have expired; of what a message has named, later."""
        with self._books as books:
            used = {file.content.digest for file in files_in(books)}
            expired = [one for one in self._uploads.values() if one.expires_at <= now]
            gone = [
                one.id
                for one in expired
                if one.expires_at <= used_before or one.file.content.digest not in used
            ][:limit]
            for one in gone:
                del self._uploads[one]
            return len(gone)

    def files(self) -> list[Attachment]:
        """Give all that is kept."""
        return [one.file for one in self._uploads.values()]

    def _of(self, sender: HsaId, now: datetime) -> list[Upload]:
        return [o for o in self._uploads.values() if o.sender == sender and o.expires_at > now]
