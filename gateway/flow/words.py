"""What the citizen reads that no handler wrote: fixed Swedish texts (DOMAIN A7, D3)."""

from gateway.domain.case import AnswerWanted, Case, Kind
from gateway.domain.forwarding import Hop
from gateway.domain.message import CaseMessage, InboxKind, MessageKind
from gateway.domain.period import SWEDEN
from gateway.domain.registration import Channel, Registration
from gateway.domain.standard_texts import BY_CODE

_ANSWER = {
    Kind.COMPLAINT: "Du får ett svar, som regel inom fyra veckor.",
    Kind.FEEDBACK: "Synpunkter besvaras inte var för sig utan hanteras samlat.",
}

_CAME_IN = {
    Channel.PHONE: "per telefon",
    Channel.VISIT: "vid ett besök",
    Channel.LETTER: "med brev",
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
    # To e-services a question is a request like any other: the citizen answers it the same way.
    MessageKind.COUNTER_QUESTION: InboxKind.SUPPLEMENT_REQUEST,
    MessageKind.SUPPLEMENT_REQUEST: InboxKind.SUPPLEMENT_REQUEST,
    MessageKind.FORWARD: InboxKind.FORWARDED,
    MessageKind.CLOSED: InboxKind.CLOSED,
}


def confirmation_text(case: Case, number: str, unit_name: str) -> str:
    """Confirm a case to its citizen, whatever will handle it, and tell what to expect (A5, A7)."""
    wanted = case.answer_wanted is not AnswerWanted.NONE
    answer = _ANSWER[case.kind] if wanted else "Du har valt att inte få något svar."
    return f"Vi har tagit emot ditt ärende {number} till {unit_name}. {answer}"


def registered_text(registration: Registration, number: str, unit_name: str) -> str:
    """Confirm a case that its holder has registered, and tell what to expect (A7, A12)."""
    case = registration.case
    wanted = case.answer_wanted is not AnswerWanted.NONE
    answer = _ANSWER[case.kind] if wanted else "Du har valt att inte få något svar."
    day = registration.received_at.astimezone(SWEDEN).date().isoformat()
    came_in = f"som kom in {_CAME_IN[registration.channel]} {day},"
    return f"{unit_name} har registrerat ditt ärende {number}, {came_in} här. {answer}"


def forwarded_text(number: str, hop: Hop, words: str | None) -> str:
    """Tell the citizen who has the case now, with what the one before said (DOMAIN D6)."""
    origin, to = hop.origin, hop.to
    way = "" if origin.hsa_id == to.hsa_id else f" från {origin.name}"
    told = (
        f"Ditt ärende {number} har skickats vidare{way} till {to.name}, som har det nu. "
        "Du behöver inte göra något."
    )
    said = words and words.strip()
    return f"{told}\n\n{said}" if said else told


def told_text(message: CaseMessage) -> str:
    """Give what the citizen reads: the holder's words, a national text, or that of the kind."""
    if message.standard_text is not None:
        return BY_CODE[message.standard_text].swedish
    said = message.text
    return f"{said if said and said.strip() else STANDARD_TEXTS[message.kind]}{_how(message)}"


def reopened_text(number: str, unit_name: str, text: str | None) -> str:
    """Tell the citizen that a closed case goes on (DOMAIN E2)."""
    told = f"Ditt ärende {number} är öppnat igen och hanteras av {unit_name}."
    return f"{told} {text}" if text and text.strip() else told


def _how(message: CaseMessage) -> str:
    """Tell how the citizen answers what was asked (DOMAIN A10, D4)."""
    if message.kind is MessageKind.COUNTER_QUESTION:
        return "\n\nDu svarar genom att komplettera ditt ärende med text."
    if message.kind is MessageKind.SUPPLEMENT_REQUEST and message.attachments_allowed:
        return "\n\nDu kompletterar ditt ärende med text, och kan bifoga filer."
    return ""
