"""Messages that named no known case, as the store keeps them (DOMAIN D2)."""

from typing import Protocol

from gateway.flow.records import UnmatchedMessage


class UnmatchedMessages(Protocol):
    """What is in quarantine; each method is one transaction and raises Unavailable."""

    def matching(self, limit: int) -> list[tuple[str, UnmatchedMessage]]:
        """Read messages whose case their sender's id names now, each with its key."""
        ...

    def one(self, key: str) -> UnmatchedMessage | None:
        """Read one; None when there is none of that key."""
        ...

    def settle(self, key: str, refused: str | None) -> None:
        """Let it go, since it is on its case; or keep it with why not, not to be tried again."""
        ...
