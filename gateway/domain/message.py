"""What travels: the message to a case's holder, the holder's message back, the citizen's inbox."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from gateway.domain.case import Attachment, Case, CaseEvent, Supplement
from gateway.domain.hsa import HsaId


class MessageKind(StrEnum):
    """What a case's holder says about it (CONTRACT, ProcessCaseMessage)."""

    RECEIVED = "RECEIVED"
    IN_PROGRESS = "IN_PROGRESS"
    PARTIAL_REPLY = "PARTIAL_REPLY"
    FINAL_REPLY = "FINAL_REPLY"
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
    {MessageKind.PARTIAL_REPLY, MessageKind.FINAL_REPLY, MessageKind.SUPPLEMENT_REQUEST}
)


@dataclass(frozen=True, slots=True)
class Message:
    """
    One thing a destination must know about a case.

    `message_id` is the same on every attempt, so a receiver can recognise repeats. `case` is the
    case as submitted; its attachments come only with an event that brings the case to its holder,
    who has them when something more happens. `supplement` is what the citizen has added.
    """

    message_id: str
    event: CaseEvent
    case_number: str
    created_at: datetime
    unit: HsaId
    case: Case
    supplement: Supplement | None = None


@dataclass(frozen=True, slots=True)
class CaseMessage:
    """
    What a holder posts about a case (DOMAIN D2); `message_id` is the holder's own.

    The case is named by Växel's number, or by the id that the holder gave it.
    """

    message_id: str
    kind: MessageKind
    sent_at: datetime
    case_number: str | None = None
    external_case_id: str | None = None
    text: str | None = field(default=None, repr=False)
    attachments: tuple[Attachment, ...] = ()
    forward_to: HsaId | None = None


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
