"""Take what a case's holder says, once, and put it in the citizen's inbox (DOMAIN D1, D2)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from uuid_utils.compat import uuid7

from gateway.domain.errors import Fault, NameAwaited, Refusal, Rule
from gateway.domain.hsa import HsaId
from gateway.domain.law import Limits, case_message_faults
from gateway.domain.lifecycle import CaseState, case_after
from gateway.domain.message import CaseMessage, InboxMessage, MessageKind
from gateway.domain.notation import case_message_to_json
from gateway.domain.person import without_numbers
from gateway.domain.routing import RouteTable
from gateway.flow.access import UNKNOWN_CASE, Verb, admit, require_on_case, require_verb
from gateway.flow.caller import INBOX_ROLES, Caller
from gateway.flow.file_intake import FileIntake
from gateway.flow.fingerprint import fingerprint
from gateway.flow.forwarding import Forward
from gateway.flow.handling.correcting import require_at_committee
from gateway.flow.handling.said import Said
from gateway.flow.intake import USED_BEFORE, kept_or_refused
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

    table: Callable[[], RouteTable]
    cases: Cases
    clock: Callable[[], datetime]
    limits: Limits
    files: FileIntake
    watching: Watching = SILENT

    def post(self, message: CaseMessage, caller: Caller, seen: int | None = None) -> Kept:
        """
        Take a message; the answer means that it is on disk and in the citizen's inbox.

        Only the holder may post. A repeat changes nothing and gets the same answer. A message
        that names no known case is refused, and kept where operators see it. `seen` is the last
        entry on the timeline that the caller saw: a case changed since is left as it is.
        """
        admit(caller, VERBS[message.kind])
        posting = Posting(message, caller, self.clock(), self.table(), seen=seen)
        # Files that were looked at are not looked at again: nobody may be able to now, or what
        # was learnt since would refuse what the citizen has.
        if message.attachments and (before := self.cases.answered_before(posting.received)):
            return kept_or_refused(before)
        posting = replace(posting, message=self._let_in(message))
        kept = posted(self.cases, posting)
        if kept is None:
            raise self._not_known(posting)
        taken = kept_or_refused(kept)
        if not taken.repeated:
            self.watching.reply_accepted(message.kind)
        return taken

    def _let_in(self, message: CaseMessage) -> CaseMessage:
        faults = case_message_faults(message, self.limits)
        if faults:
            raise Refusal(*faults)
        files = self.files.taken(message.attachments, "attachments")
        return replace(message, attachments=files)

    def set_aside(self, message: CaseMessage, caller: Caller, why: Refusal) -> None:
        """
        Keep the text of a reply whose files are refused, when its sender does not hear that.

        It waits where operators see it, with the reason; the files stay with their sender.
        """
        text = replace(message, attachments=())
        kept = UnmatchedMessage(caller.hsa_id, text, self.clock(), str(why), is_tried_again=False)
        self.cases.keep_unmatched(kept)

    def _not_known(self, posting: "Posting") -> Exception:
        message, caller = posting.message, posting.caller
        if caller.role in INBOX_ROLES:
            return Refusal(UNKNOWN_CASE)
        if message.case_number is None and self.cases.awaits_name(caller.hsa_id):
            # Its answer to our delivery, which names the case, may still be on its way to us.
            return NameAwaited(_NAME_AWAITED)
        reason = UNKNOWN_CASE.message
        unmatched = UnmatchedMessage(caller.hsa_id, message, posting.at, reason)
        kept = self.cases.keep_unmatched(unmatched)
        return Refusal(UNKNOWN_CASE if kept else USED_BEFORE)


# What it takes to say this about a case.
VERBS: dict[MessageKind, Verb] = {
    MessageKind.RECEIVED: Verb.REPLY,
    MessageKind.IN_PROGRESS: Verb.REPLY,
    MessageKind.PARTIAL_REPLY: Verb.REPLY,
    MessageKind.FINAL_REPLY: Verb.REPLY,
    MessageKind.COUNTER_QUESTION: Verb.REQUEST_SUPPLEMENT,
    MessageKind.SUPPLEMENT_REQUEST: Verb.REQUEST_SUPPLEMENT,
    MessageKind.FORWARD: Verb.FORWARD,
    MessageKind.CLOSED: Verb.CLOSE,
}

_NAME_AWAITED = (
    "no case is called that yet, and one is on its way to you whose name we do not know; "
    "name the case by its caseNumber, or send the same again later"
)

# What a timeline calls the id that a message had in quarantine.
UNMATCHED = "unmatchedMessageId"


@dataclass(frozen=True, slots=True)
class Found:
    """The case that somebody has found for a message that named none."""

    case_number: str
    by: str
    key: str


def posted(cases: Cases, posting: "Posting") -> Kept | Conflicting | Ambiguous | None:
    """Put a message on the case that it names, or on the one that was found for it."""
    return cases.change(posting.case_name, posting.received, posting.decide)


@dataclass(frozen=True, slots=True)
class Posting:
    """
    A holder's message, decided when the case is known and locked.

    `found` is the case when it names none that is known, and `seen` the last entry on the
    timeline that the caller saw.
    """

    message: CaseMessage
    caller: Caller
    at: datetime
    table: RouteTable
    found: Found | None = None
    seen: int | None = None

    @property
    def case_name(self) -> CaseName:
        """How the case is named."""
        if self.found:
            return CaseName(self.found.case_number)
        external = self.message.external_case_id
        named = (self.caller.hsa_id, external) if external else None
        return CaseName(self.message.case_number, named)

    @property
    def received(self) -> Received:
        """What a repeat is recognised by: it says what the sender said, whoever found the case."""
        # A repeat may be stamped with the time of the repeat; it says the same all the same.
        always = replace(self.message, sent_at=_ANY_TIME)
        content = case_message_to_json(always, with_content=False)
        said = fingerprint(content, self.message.attachments)
        return Received(self.caller.hsa_id, self.message.message_id, said, self.at, self.seen)

    def decide(self, case: CaseRecord) -> Change:
        """Tell what becomes of the case; raises Refusal."""
        self._check_may(case)
        if self.message.forward_to is not None:
            return self._forward(self.message.forward_to).decide(case, self.table)
        state = case_after(case.state, self.message.kind)
        if state is None:
            words = f"the case is {case.state.value}; {self.message.kind.value} is not legal now"
            raise Refusal(Fault(Rule.STEP_NOT_LEGAL, "messageKind", words))
        # Whoever takes a case back need not say what it was about.
        is_staff = self.caller.role in INBOX_ROLES and case.state is not CaseState.WITHDRAWN
        return Change(
            state,
            self._entry(),
            self._inbox(case),
            external_case_id=self.message.external_case_id,
            handled=Said(self.message, self.at, must_be_classified=is_staff).handled,
        )

    def _check_may(self, case: CaseRecord) -> None:
        require_on_case(self.caller, VERBS[self.message.kind], case)
        if self.message.classification is not None:
            require_verb(self.caller, Verb.CLASSIFY)
        if self.message.care_unit is not None:
            require_verb(self.caller, Verb.CORRECT_UNIT)
            require_at_committee(self.table, case)

    def _forward(self, to: HsaId) -> Forward:
        message, actor = self.message, self.caller.hsa_id.text
        files = message.attachments
        return Forward(to, message.text, self.at, actor, self._told(), attachments=files)

    def _entry(self) -> Entry:
        return Entry(Step.MESSAGE_ACCEPTED, self.at, self.caller.hsa_id.text, self._told())

    def _told(self) -> dict[str, str | int | None]:
        details: dict[str, str | int | None] = {
            "messageKind": self.message.kind.value,
            "messageId": without_numbers(self.message.message_id),
            "attachments": len(self.message.attachments),
            **self.caller.behind,
        }
        if self.found:
            details |= {"attachedBy": self.found.by, UNMATCHED: self.found.key}
        return details

    def _inbox(self, case: CaseRecord) -> InboxMessage:
        return InboxMessage(
            message_id=str(uuid7()),
            case_number=case.number,
            kind=INBOX_KIND[self.message.kind],
            sent_at=self.at,
            sender=case.at.hsa_id,
            sender_name=case.at.name,
            text=told_text(self.message),
            attachments=self.message.attachments,
        )


_ANY_TIME = datetime(1970, 1, 1, tzinfo=UTC)
