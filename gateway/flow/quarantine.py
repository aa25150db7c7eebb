"""Replies that named no known case: tried again, and put on their case by hand (DOMAIN D2)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from gateway.domain.errors import Fault, Refusal, Rule, Unavailable
from gateway.domain.routing import RouteTable
from gateway.flow.caller import Caller, Role, require
from gateway.flow.intake import kept_or_refused
from gateway.flow.ports import Cases, Conflicting, Kept, Receipt, UnmatchedMessage
from gateway.flow.replies import UNMATCHED, Found, Posting, posted
from gateway.flow.unmatched import UnmatchedMessages
from gateway.flow.watching import SILENT, Watching

_SENT_ANEW = Fault(
    Rule.IDEMPOTENCY_CONFLICT,
    "unmatchedMessage",
    "its sender has since sent another message with its id, and that one is kept: look whether "
    "the case has what it says; there is nothing more to do here",
)


@dataclass(frozen=True, slots=True)
class Quarantine:
    """
    The ways out of quarantine.

    Both go through the same door as any message: only the holder's are taken, and a repeat changes
    nothing. So it does no harm when a node stops between the case and the settling.
    """

    table: Callable[[], RouteTable]
    cases: Cases
    unmatched: UnmatchedMessages
    clock: Callable[[], datetime]
    watching: Watching = SILENT

    def attach(self, key: str, case_number: str, caller: Caller) -> Kept:
        """
        Put a message on the case that an operator has found for it; its sender must hold it.

        A repeat changes nothing and gets the same answer.
        """
        require(caller, Role.OPERATOR)
        found = self.unmatched.one(key)
        if found is None:
            return self._attached(key, case_number)
        return self._post(key, found, Found(case_number, caller.acts_as, key))

    def try_again(self, failed: Callable[[str, Exception], None], limit: int = 100) -> int:
        """
        Post those whose case is known now; tells how many found theirs.

        One that fails stops no other: `failed` is told its key and why, and it is tried again.
        """
        taken = 0
        for key, found in self.unmatched.matching(limit):
            try:
                self._post(key, found)
            except Refusal as refusal:
                # It waits for an operator now.
                self.unmatched.settle(key, str(refusal))
            except Unavailable:
                raise
            except Exception as error:  # noqa: BLE001 one that cannot be posted stops no other
                failed(key, error)
            else:
                taken += 1
        return taken

    def _attached(self, key: str, case_number: str) -> Kept:
        """Give the answer of before; the case's timeline has it, since the message is gone."""
        for link in self.cases.timeline(case_number):
            if link.entry.details.get(UNMATCHED) == key:
                return Kept(Receipt(case_number, link.entry.at), repeated=True)
        words = "no unmatched message of that id is kept here; it may be on another case already"
        raise Refusal(Fault(Rule.CASE_UNKNOWN, "unmatchedMessage", words))

    def _post(self, key: str, found: UnmatchedMessage, case: Found | None = None) -> Kept:
        # Checked when the message came; only the HSA-id is needed to tell the holder.
        sender = Caller(found.sender, found.sender.text, Role.CASE_SYSTEM)
        posting = Posting(found.message, sender, self.clock(), self.table(), case)
        answer = posted(self.cases, posting)
        if isinstance(answer, Conflicting):
            # Who lists it reads it too: it stays, as the only trace of what was said first.
            self.unmatched.settle(key, str(Refusal(_SENT_ANEW)))
            raise Refusal(_SENT_ANEW)
        kept = kept_or_refused(answer)
        self.unmatched.settle(key, None)
        if not kept.repeated:
            self.watching.reply_accepted(found.message.kind)
        return kept
