"""Which files are named, in memory."""

from collections.abc import Collection
from uuid import uuid4

from gateway.testing.books import Books
from gateway.testing.memory_files import files_in
from gateway.testing.memory_uploads import MemoryUploads


class MemoryReferences:
    """What is named by a case, by what was said about it, or by what waits for either."""

    def __init__(self, books: Books, uploads: MemoryUploads) -> None:
        self._books = books
        self._uploads = uploads
        self._identity = str(uuid4())

    def identity(self) -> str:
        """Tell whose rows these are."""
        with self._books:
            return self._identity

    def named(self, digests: Collection[str]) -> set[str]:
        """Tell which of these are named."""
        named = {file.content.digest for file in self._uploads.files()}
        with self._books as books:
            named |= {file.content.digest for file in files_in(books)}
        return named & {*digests}
