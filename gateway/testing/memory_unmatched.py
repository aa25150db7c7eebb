"""The quarantine of the store in memory."""

from dataclasses import dataclass, replace
from uuid import UUID

from gateway.domain.hsa import HsaId
from gateway.flow.ports import UnmatchedMessage
from gateway.testing.books import Books

Key = tuple[HsaId, str]


@dataclass(frozen=True, slots=True)
class MemoryUnmatchedMessages:
    """What is in quarantine, over the same books."""

    books: Books

    def matching(self, limit: int) -> list[tuple[str, UnmatchedMessage]]:
        """Read messages whose case their sender's id names now."""
        with self.books as books:
            called = {case.called for case in books.cases.values()}
            found = [
                (key, one)
                for key, one in by_key(books).items()
                if one.is_tried_again
                and one.message.external_case_id
                and (one.sender, one.message.external_case_id) in called
                and key not in books.refused
            ]
            return found[:limit]

    def one(self, key: str) -> UnmatchedMessage | None:
        """Read one."""
        with self.books as books:
            return by_key(books).get(key)

    def settle(self, key: str, refused: str | None) -> None:
        """Let it go, or keep it with why not."""
        with self.books as books:
            one = by_key(books).get(key)
            if one is None:
                return
            place = one.sender, one.message.message_id
            if refused is None:
                books.unmatched[place] = None
            else:
                books.unmatched[place] = replace(one, reason=refused)
                books.refused.add(key)


def by_key(books: Books) -> dict[str, UnmatchedMessage]:
    """Give what is in quarantine in the order it came: a message's place is its key."""
    return {str(UUID(int=n)): one for n, one in enumerate(books.unmatched.values()) if one}
