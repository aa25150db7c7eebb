"""Take what a case's holder says, once, and put it in the citizen's inbox (DOMAIN D1, D2)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from uuid_utils.compat import uuid7

from gateway.domain.errors import Fault, Refusal, Rule, Unavailable
from gateway.domain.law import Limits, case_message_faults
from gateway.domain.lifecycle import case_after
from gateway.domain.message import CaseMessage, InboxMessage, MessageKind
from gateway.domain.notation import case_message_to_json
from gateway.flow.caller import Caller, Role, require
from gateway.flow.fingerprint import fingerprint
from gateway.flow.intake import UNKNOWN_CASE, USED_BEFORE, kept_or_refused
from gateway.flow.ports import (
    Ambiguous,
    CaseName,
    CaseRecord,
    Cases,
    Change,
    Conflicting,
    Kept,
    Received,
    UnmatchedMessage,
)
from gateway.flow.timeline import Entry, Step
from gateway.flow.watching import SILENT, Watching
from gateway.flow.words import INBOX_KIND, told_text


@dataclass(frozen=True, slots=True)
class Replies:
    """The verb of external case systems and of staff: post a message on a case they hold."""

    cases: Cases
    clock: Callable[[], datetime]
    limits: Limits
    watching: Watching = SILENT

    def post(self, message: CaseMessage, caller: Caller) -> Kept:
        """
        Take a message; the answer means that it is on disk and in the citizen's inbox.

        Only the holder may post. A repeat changes nothing and gets the same answer. A message
        that names no known case is refused, and kept where operators see it.
        """
        require(caller, Role.CASE_SYSTEM, Role.STAFF)
        faults = case_message_faults(message, self.limits)
        if faults:
            raise Refusal(*faults)
        now = self.clock()
        kept = posted(self.cases, message, caller, now)
        if kept is None:
            raise self._not_known(message, caller, now)
        taken = kept_or_refused(kept)
        if not taken.repeated:
            self.watching.reply_accepted(message.kind)
        return taken

    def _not_known(self, message: CaseMessage, caller: Caller, now: datetime) -> Exception:
        if message.case_number is None and self.cases.awaits_name(caller.hsa_id):
            # Its answer to our delivery, which names the case, may still be on its way to us.
            words = "no case of that name is known yet, and one is on its way to you"
            return Unavailable(words)
        return self._unmatched(message, caller, now)

    def _unmatched(self, message: CaseMessage, caller: Caller, now: datetime) -> Refusal:
        reason = UNKNOWN_CASE.message
        kept = self.cases.keep_unmatched(UnmatchedMessage(caller.hsa_id, message, now, reason))
        return Refusal(UNKNOWN_CASE if kept else USED_BEFORE)


# What a timeline calls the id that a message had in quarantine.
UNMATCHED = "unmatchedMessageId"


@dataclass(frozen=True, slots=True)
class Found:
    """The case that somebody has found for a message that named none."""

    case_number: str
    by: str
    key: str


def posted(
    cases: Cases, message: CaseMessage, sender: Caller, at: datetime, found: Found | None = None
) -> Kept | Conflicting | Ambiguous | None:
    """Put a message on the case that it names, or on the one that was found for it."""
    decide = _Posting(message, sender, at, found).decide
    name = CaseName(found.case_number) if found else _name(message, sender)
    # A repeat says what the sender said, also when the case was found by another.
    return cases.change(name, _received(message, sender, at), decide)


def _name(message: CaseMessage, caller: Caller) -> CaseName:
    external = message.external_case_id
    return CaseName(message.case_number, (caller.hsa_id, external) if external else None)


def _received(message: CaseMessage, caller: Caller, now: datetime) -> Received:
    # A repeat may be stamped with the time of the repeat; it says the same all the same.
    content = case_message_to_json(replace(message, sent_at=_ANY_TIME))
    return Received(caller.hsa_id, message.message_id, fingerprint(content), now)


@dataclass(frozen=True, slots=True)
class _Posting:
    """A holder's message, decided when the case is known and locked."""

    message: CaseMessage
    caller: Caller
    at: datetime
    found: Found | None = None

    def decide(self, case: CaseRecord) -> Change:
        if not self.caller.acts_for(case.holder) and self.caller.role is Role.STAFF:
            # As when reading: to staff a stranger's case does not even exist.
            raise Refusal(UNKNOWN_CASE)
        if not self.caller.acts_for(case.holder):
            words = f"the case is not held by {self.caller.hsa_id}; only its holder may post"
            raise Refusal(Fault(Rule.NOT_THE_HOLDER, "caseNumber", words))
        if self.message.kind is MessageKind.FORWARD:
            raise Refusal(Fault(Rule.EVENT_NOT_ACCEPTED, "messageKind", _NO_FORWARD))
        state = case_after(case.state, self.message.kind)
        if state is None:
            words = f"the case is {case.state.value}; {self.message.kind.value} is not legal now"
            raise Refusal(Fault(Rule.STEP_NOT_LEGAL, "messageKind", words))
        return Change(state, self._entry(), self._inbox(case), None, self.message.external_case_id)

    def _entry(self) -> Entry:
        details: dict[str, str | int | None] = {
            "messageKind": self.message.kind.value,
            "messageId": self.message.message_id,
            "attachments": len(self.message.attachments),
            **self.caller.behind,
        }
        if self.found:
            details |= {"attachedBy": self.found.by, UNMATCHED: self.found.key}
        return Entry(Step.MESSAGE_ACCEPTED, self.at, self.caller.hsa_id.text, details)

    def _inbox(self, case: CaseRecord) -> InboxMessage:
        return InboxMessage(
            message_id=str(uuid7()),
            case_number=case.number,
            kind=INBOX_KIND[self.message.kind],
            sent_at=self.at,
            sender=case.unit,
            sender_name=case.unit_name,
            text=told_text(self.message),
            attachments=self.message.attachments,
        )


_ANY_TIME = datetime(1970, 1, 1, tzinfo=UTC)
_NO_FORWARD = "forwarding is not open yet; answer the case, or close it with a word to the citizen"
