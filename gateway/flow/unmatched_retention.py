"""Dispose of messages that never found a case, when their time is over (DOMAIN D2, E4)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from gateway.domain.hsa import HsaId
from gateway.domain.retention import due_at, ended_before
from gateway.flow.access import Verb, require_verb
from gateway.flow.caller import Caller

# How many are read at a time; each is disposed of in a transaction of its own.
_PAGE = 200


@dataclass(frozen=True, slots=True)
class OldMessage:
    """A message in quarantine, without what it says."""

    key: str
    sender: HsaId
    received_at: datetime


@dataclass(frozen=True, slots=True)
class MessageDisposal:
    """The proof that a message was disposed of, without anything personal."""

    message: OldMessage
    disposed_at: datetime
    rule: str
    by: str


class UnmatchedRetention(Protocol):
    """What is kept of messages in quarantine; each method is one transaction."""

    def older(self, before: datetime, after: OldMessage | None, limit: int) -> list[OldMessage]:
        """Read a page of those received before an instant, in the order they came."""
        ...

    def dispose(self, disposal: MessageDisposal) -> bool:
        """
        Remove what the message says, its files and what its case is called; keep the proof.

        Its sender's repeats go on being taken, and are not kept anew. False when it is gone.
        """
        ...

    def disposals(self, after: str | None, limit: int) -> list[MessageDisposal]:
        """Read a page of the proofs in the order of their keys; `after` is one."""
        ...


@dataclass(frozen=True, slots=True)
class RetainingUnmatched:
    """
    The verbs, as for cases; without `months` all is kept.

    No legal hold stops it: it is a case that is held, and these are on none.
    """

    kept: UnmatchedRetention
    months: int | None
    clock: Callable[[], datetime]

    def due(self, caller: Caller) -> Iterator[tuple[OldMessage, datetime]]:
        """List what is due now, and since when; a dry run of `dispose`."""
        require_verb(caller, Verb.DISPOSE)
        months = self.months
        if months is None:
            return iter(())
        found = self._older(ended_before(self.clock(), months))
        return ((message, due_at(message.received_at, months)) for message in found)

    def dispose(self, caller: Caller) -> Iterator[MessageDisposal]:
        """Dispose of all that is due, one after the other; gives what went."""
        now, rule = self.clock(), f"unmatched {self.months} months"
        for message, _ in self.due(caller):
            disposal = MessageDisposal(message, now, rule, caller.acts_as)
            if self.kept.dispose(disposal):
                yield disposal

    def disposals(self, caller: Caller, after: str | None, limit: int) -> list[MessageDisposal]:
        """Read a page of the proofs."""
        require_verb(caller, Verb.DISPOSE)
        return self.kept.disposals(after, limit)

    def _older(self, before: datetime) -> Iterator[OldMessage]:
        last: OldMessage | None = None
        while page := self.kept.older(before, last, _PAGE):
            yield from page
            last = page[-1]
