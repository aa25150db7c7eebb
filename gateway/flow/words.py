"""What the citizen reads that no handler wrote: fixed Swedish texts (DOMAIN A7, D3)."""

from gateway.domain.case import AnswerWanted, Case, Kind
from gateway.domain.message import CaseMessage, InboxKind, MessageKind

_ANSWER = {
    Kind.COMPLAINT: "Du får ett svar, som regel inom fyra veckor.",
    Kind.FEEDBACK: "Synpunkter besvaras inte var för sig utan hanteras samlat.",
}

# What the citizen is told when the holder said it without words of its own.
STANDARD_TEXTS: dict[MessageKind, str] = {
    MessageKind.RECEIVED: "Ditt ärende har kommit fram till mottagaren.",
    MessageKind.IN_PROGRESS: "Ditt ärende är under handläggning.",
    MessageKind.CLOSED: "Ditt ärende är avslutat.",
}

INBOX_KIND: dict[MessageKind, InboxKind] = {
    MessageKind.RECEIVED: InboxKind.RECEIVED,
    MessageKind.IN_PROGRESS: InboxKind.IN_PROGRESS,
    MessageKind.PARTIAL_REPLY: InboxKind.PARTIAL_REPLY,
    MessageKind.FINAL_REPLY: InboxKind.FINAL_REPLY,
    MessageKind.SUPPLEMENT_REQUEST: InboxKind.SUPPLEMENT_REQUEST,
    MessageKind.FORWARD: InboxKind.FORWARDED,
    MessageKind.CLOSED: InboxKind.CLOSED,
}


def confirmation_text(case: Case, number: str, unit_name: str) -> str:
    """Confirm a case to its citizen, whatever will handle it, and tell what to expect (A5, A7)."""
    wanted = case.answer_wanted is not AnswerWanted.NONE
    answer = _ANSWER[case.kind] if wanted else "Du har valt att inte få något svar."
    return f"Vi har tagit emot ditt ärende {number} till {unit_name}. {answer}"


def told_text(message: CaseMessage) -> str:
    """Give what the citizen reads: the holder's words, or the fixed text of the kind."""
    said = message.text
    return said if said and said.strip() else STANDARD_TEXTS[message.kind]
