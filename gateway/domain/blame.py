"""Why deliveries are parked, told in few groups: whose it is to mend, and what is the same."""

import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum


class Blame(StrEnum):
    """Whose it is to mend (DOMAIN C4)."""

    OURS = "OURS"
    THEIRS = "THEIRS"
    CONFIGURATION = "CONFIGURATION"


@dataclass(frozen=True, slots=True)
class Cause:
    """
    What made a delivery stand still.

    `fingerprint` is the same for the same outcome and reason at the same destination, whatever
    numbers and ids the reason names; so one replay takes all that one mend was for.
    """

    fingerprint: str
    blame: Blame


def cause_of(destination: str, outcome: str, reason: str | None) -> Cause:
    """Give the cause of what is parked at a destination after this outcome."""
    said = normalised(reason or "")
    text = "\n".join((destination, outcome, said))
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Cause(digest[:_DIGITS], _blame(outcome, said))


def normalised(reason: str) -> str:
    """
    Take out of a reason what differs from one delivery to the next: ids and numbers.

    What the number tells by itself stays: an HTTP status and a VP code (INTEROP §2.6).
    """
    return _NUMBER.sub("#", _ID.sub("#", " ".join(reason.split())))


def _blame(outcome: str, said: str) -> Blame:
    known = (blame for words, blame in _BY_REASON if words.search(said))
    return next(known, _BY_OUTCOME.get(outcome, Blame.THEIRS))


_DIGITS = 16

_ID = re.compile(r"\b(?=\w*\d)(?=[\w-]*[A-Za-z-])(?!VP\d{3}\b)[\w-]{6,}\b")
_NUMBER = re.compile(r"(?<!HTTP )(?<!VP)\b\d[\d.,:-]*")

# What an adapter says first that fits; the words are those of the adapters that come with Växel.
# A system that cannot read what we wrote tells of a fault in what we wrote.
_BY_REASON: tuple[tuple[re.Pattern[str], Blame], ...] = (
    (
        re.compile(
            r"settings\.|secret|credential|certificate|permi(t|ssion)|HTTP 3\d\d|HTTP 40[135]"
            r"|HTTP 407|the network address we call from|the platform's route",
        ),
        Blame.CONFIGURATION,
    ),
    (
        re.compile(
            r"\braised\b|no outcome|worker stopped|our own|cannot be written"
            r"|HTTP 4(00|06|1[1-7]|22|31)|VALIDATION_ERROR|TRANSFORMATION_ERROR"
            r"|SOAP fault (Client|MustUnderstand|VersionMismatch)|cannot read the message"
        ),
        Blame.OURS,
    ),
)
_BY_OUTCOME: dict[str, Blame] = {
    "unreadable": Blame.OURS,
    "refused": Blame.THEIRS,
    "try-later": Blame.THEIRS,
    "expired": Blame.THEIRS,
    "unclear": Blame.THEIRS,
}
