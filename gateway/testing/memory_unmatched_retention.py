"""Old messages in quarantine, and the proofs of those disposed of, in memory."""

from dataclasses import dataclass
from datetime import datetime

from gateway.flow.unmatched_retention import MessageDisposal, OldMessage
from gateway.testing.books import Books
from gateway.testing.memory_unmatched import by_key


@dataclass(frozen=True, slots=True)
class MemoryUnmatchedRetention:
    """What is kept of messages in quarantine, over the same books."""

    books: Books

    def older(self, before: datetime, after: OldMessage | None, limit: int) -> list[OldMessage]:
        """Read a page of those received before an instant, in the order they came."""
        with self.books as books:
            found = [
                OldMessage(key, one.sender, one.received_at)
                for key, one in sorted(by_key(books).items())
                if one.received_at < before and (after is None or key > after.key)
            ]
            return found[:limit]

    def dispose(self, disposal: MessageDisposal) -> bool:
        """Remove what the message says; keep the proof."""
        with self.books as books:
            found = by_key(books).get(disposal.message.key)
            if found is None:
                return False
            place = found.sender, found.message.message_id
            books.unmatched[place] = None
            books.disposed_messages[place] = disposal
            return True

    def disposals(self, after: str | None, limit: int) -> list[MessageDisposal]:
        """Read a page of the proofs."""
        with self.books as books:
            proofs = sorted(books.disposed_messages.values(), key=lambda one: one.message.key)
            return [one for one in proofs if after is None or one.message.key > after][:limit]
