"""National standard texts for replies, as data that regions cannot edit (DOMAIN D3)."""

from dataclasses import dataclass

from gateway.domain.message import MessageKind


@dataclass(frozen=True, slots=True)
class StandardText:
    """A text for replies of one kind; the citizen reads the Swedish."""

    code: str
    kind: MessageKind
    swedish: str
    english: str


_PARTIAL, _FINAL = MessageKind.PARTIAL_REPLY, MessageKind.FINAL_REPLY

STANDARD_REPLIES: tuple[StandardText, ...] = (
    StandardText(
        "BEING_INVESTIGATED",
        _PARTIAL,
        "Vi har läst ditt ärende och utreder nu vad som hände. Du får ett svar när utredningen är "
        "klar.",
        "We have read your case and are now finding out what happened. You get an answer when we "
        "are done.",
    ),
    StandardText(
        "TAKES_LONGER",
        _PARTIAL,
        "Det tar längre tid än vi räknade med att svara på ditt ärende. Vi arbetar med det och "
        "hör av oss igen.",
        "It takes us longer than we thought to answer your case. We are working on it and will be "
        "in touch again.",
    ),
    StandardText(
        "WILL_CALL",
        _PARTIAL,
        "Vi kommer att ringa dig om ditt ärende. Du behöver inte göra något själv.",
        "We will call you about your case. There is nothing that you need to do.",
    ),
    StandardText(
        "OFFERED_MEETING",
        _PARTIAL,
        "Vi vill gärna träffa dig och prata om det som hände. Vi hör av oss om en tid.",
        "We would like to meet you and talk about what happened. We will suggest a time.",
    ),
    StandardText(
        "ASKING_OTHERS",
        _PARTIAL,
        "Vi har bett den verksamhet som det gäller att berätta hur de ser på det som hände. "
        "Du får veta vad de svarar.",
        "We have asked those whom it concerns how they see what happened. You will be told what "
        "they answer.",
    ),
    StandardText(
        "ANSWERED_BY_PHONE",
        _FINAL,
        "Vi har pratat med dig om ditt ärende. Tack för att du hörde av dig; det hjälper oss att "
        "bli bättre.",
        "We have talked with you about your case. Thank you for telling us: we learn from it.",
    ),
    StandardText(
        "THANKS_FOR_FEEDBACK",
        _FINAL,
        "Tack för dina synpunkter. Vi går igenom dem tillsammans med andra som handlar om samma "
        "sak.",
        "Thank you for your feedback. We go through it together with what others say of the same.",
    ),
)

BY_CODE = {text.code: text for text in STANDARD_REPLIES}
