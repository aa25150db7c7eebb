"""What travels: the message to a case's holder, the holder's message back, the citizen's inbox."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from gateway.domain.case import Attachment, Case, CaseEvent, Supplement
from gateway.domain.forwarding import Past
from gateway.domain.handling import Classification
from gateway.domain.hsa import HsaId


class MessageKind(StrEnum):
    """What a case's holder says about it (CONTRACT, ProcessCaseMessage)."""

    RECEIVED = "RECEIVED"
    IN_PROGRESS = "IN_PROGRESS"
    PARTIAL_REPLY = "PARTIAL_REPLY"
    FINAL_REPLY = "FINAL_REPLY"
    COUNTER_QUESTION = "COUNTER_QUESTION"
    SUPPLEMENT_REQUEST = "SUPPLEMENT_REQUEST"
    FORWARD = "FORWARD"
    CLOSED = "CLOSED"


class InboxKind(StrEnum):
    """What a message in the citizen's inbox is (DOMAIN A7, D1)."""

    CASE_CONFIRMATION = "CASE_CONFIRMATION"
    RECEIVED = "RECEIVED"
    IN_PROGRESS = "IN_PROGRESS"
    PARTIAL_REPLY = "PARTIAL_REPLY"
    FINAL_REPLY = "FINAL_REPLY"
    SUPPLEMENT_REQUEST = "SUPPLEMENT_REQUEST"
    FORWARDED = "FORWARDED"
    CLOSED = "CLOSED"


# Without words these would tell the citizen nothing.
KINDS_WITH_TEXT = frozenset(
    {
        MessageKind.PARTIAL_REPLY,
        MessageKind.FINAL_REPLY,
        MessageKind.COUNTER_QUESTION,
        MessageKind.SUPPLEMENT_REQUEST,
    }
)


@dataclass(frozen=True, slots=True)
class Message:
    """
    One thing a destination must know about a case.

    `message_id` is the same on every attempt, so a receiver can recognise repeats. `case` is the
    case as submitted; its attachments come only with an event that brings the case to its holder,
    who has them when something more happens. `supplement` is what the citizen has added.
    `forwarded_to` is where a case stands that does not stand at `unit`, the selected one, any
    more; `reason` and `history` come with FORWARDED: why, and what was said before (DOMAIN D6).
    """

    message_id: str
    event: CaseEvent
    case_number: str
    created_at: datetime
    unit: HsaId
    case: Case
    supplement: Supplement | None = None
    reason: str | None = field(default=None, repr=False)
    forwarded_to: HsaId | None = None
    history: tuple[Past, ...] = ()

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        """Every file that comes with it: of the case, of the supplement and of the history."""
        added = self.supplement.attachments if self.supplement else ()
        before = (file for past in self.history for file in past.attachments)
        return (*self.case.attachments, *added, *before)


@dataclass(frozen=True, slots=True)
class CaseMessage:
    """
    What a holder posts about a case (DOMAIN D2); `message_id` is the holder's own.

    The case is named by Växel's number, or by the id that the holder gave it. `standard_text` is
    the code of a national text, instead of `text`. `attachments_allowed` tells whether the citizen
    may attach files from now on; `classification` and `care_unit` are what the case was found to
    be about, and where it happened. What is None changes nothing.
    """

    message_id: str
    kind: MessageKind
    sent_at: datetime
    case_number: str | None = None
    external_case_id: str | None = None
    text: str | None = field(default=None, repr=False)
    attachments: tuple[Attachment, ...] = ()
    forward_to: HsaId | None = None
    standard_text: str | None = None
    attachments_allowed: bool | None = None
    classification: Classification | None = None
    care_unit: HsaId | None = None


@dataclass(frozen=True, slots=True)
class InboxMessage:
    """One message in the citizen's inbox; `sender` is the unit or committee that it comes from."""

    message_id: str
    case_number: str
    kind: InboxKind
    sent_at: datetime
    sender: HsaId
    sender_name: str
    text: str = field(repr=False)
    attachments: tuple[Attachment, ...] = ()
