"""The demo's cases: every path that a case can take, with the official test persons only."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from gateway.demo.sending import Door
from gateway.domain.case import (
    AnswerWanted,
    Attachment,
    Case,
    Kind,
    Patient,
    Receiver,
    ReceiverType,
    Relation,
    Submitter,
    Supplement,
)
from gateway.domain.content import InMemory
from gateway.domain.hsa import HsaId
from gateway.domain.person import PERSONNUMMER_OID, PersonId


class Path(StrEnum):
    """A path through the gateway, in the words of the story."""

    INBOX = "unit with the built-in inbox"
    SOAP_SYSTEM = "unit with a SOAP system"
    REST_SYSTEM = "unit with a REST system"
    COORDINATOR = "coordinator for many units"
    COMMITTEE = "committee, free-text place"
    GUARDIAN = "guardian for a child"
    REPRESENTATIVE = "power of attorney"
    FEEDBACK = "general feedback"
    SWITCHED = "unit with a new route today"
    ROUND_TRIP = "forwarded: inbox, system, inbox"
    ONWARD = "forwarded: SOAP to REST system"
    ASKED = "asked for a picture"
    LEFT = "left to people who sign in"
    UNKNOWN = "unknown unit, refused"


@dataclass(frozen=True, slots=True)
class Planned:
    """
    One case that the e-service will send, and what it does then.

    `again` is the door that the same case comes through once more, after its receipt.
    `supplement` follows at once, and `asked` when the holder has asked for it.
    """

    path: Path
    door: Door
    case: Case
    again: Door | None = None
    supplement: Supplement | None = None
    asked: Supplement | None = None


ROUNDS = 3
# Until yesterday it had the inbox; the demo's copy of the rules connects it to the system today.
SWITCHING_UNIT = "SE2321009101-HCGR"
UNKNOWN_UNIT = "SE2321009101-NOWHERE"
# Who writes this is waited for: the case is answered, but not closed.
MORE_TO_COME = "Jag skickar ett brev senare."
# Who writes this is asked for the picture: the case is answered when it has come.
PICTURE_OFFERED = "Jag har en bild som jag kan skicka."
# Who writes this is left to the people who sign in to the pages.
FOR_A_PERSON = "Jag vill få svar av en människa."
# Who writes this is sent on, from one unit to the next, until nobody knows a better one.
WRONG_UNIT = "Jag tror att jag har valt fel mottagning."
NEXT_UNIT = {
    "SE2321009202-VCHAMN": "SE2321009101-HCBJ",
    "SE2321009101-HCBJ": "SE2321009101-5A1L",
    "SE2321009101-HJRT": "SE2321009202-PSYK",
}
# Whose built-in inboxes the demo's staff work in: units, the committee, and two coordinators.
STAFFED_UNITS = (
    "SE2321009101-5A1L",
    "SE2321009101-FAST",
    "SE2321009101-PATN",
    "SE2321009101-KVALTAND",
    "SE2321009202-VCHAMN",
    "SE2321009202-KVALSJH",
)

_PATHS = (
    (Path.INBOX, "SE2321009202-VCHAMN"),
    (Path.SOAP_SYSTEM, "SE2321009101-HCBJ"),
    (Path.REST_SYSTEM, "SE2321009202-VCLJUNG"),
    (Path.COORDINATOR, "SE2321009101-FTAL"),
    (Path.COMMITTEE, "SE2321009101-PATN"),
    (Path.GUARDIAN, "SE2321009101-LY7G"),
    (Path.REPRESENTATIVE, "SE2321009202-VCHAMN"),
    (Path.FEEDBACK, "SE2321009202-KIRSYD"),
    (Path.SWITCHED, SWITCHING_UNIT),
    (Path.COORDINATOR, "SE2321009101-3K7M"),
    (Path.REST_SYSTEM, "SE2321009202-PSYK"),
    (Path.COMMITTEE, "SE2321009202-PATN"),
    (Path.INBOX, "SE2321009101-5A1L"),
    (Path.SOAP_SYSTEM, "SE2321009101-HJRT"),
    (Path.FEEDBACK, "SE2321009101-FAST"),
    (Path.GUARDIAN, "SE2321009202-VCLJUNG"),
    (Path.ROUND_TRIP, "SE2321009202-VCHAMN"),
    (Path.ONWARD, "SE2321009101-HJRT"),
    (Path.ASKED, "SE2321009101-HCBJ"),
    (Path.ASKED, "SE2321009202-VCHAMN"),
)
_LEFT = (
    "SE2321009202-VCHAMN",
    "SE2321009202-VCHAMN",
    "SE2321009101-FTAL",
    "SE2321009101-FTAL",
)

_CHILD = PersonId(PERSONNUMMER_OID, "200208012393")
_RELATIVE = PersonId(PERSONNUMMER_OID, "189310229803")
CITIZENS = tuple(
    PersonId(PERSONNUMMER_OID, number)
    for number in ("191212121212", "188803099368", "196711222940", "191001319803")
)

# The smallest picture there is.
_PICTURE = Attachment(
    "bild.png",
    "image/png",
    InMemory(
        bytes.fromhex(
            "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
            "0000000a49444154789c636000000002000148afa4710000000049454e44ae426082"
        )
    ),
)


def planned(today: date) -> list[Planned]:
    """Give every case that the e-service will send; the same day, the very same cases."""
    return [*_accepted(today), _unknown(today, Door.SOAP), _unknown(today, Door.REST)]


def _accepted(today: date) -> Iterator[Planned]:
    for number in range(ROUNDS * len(_PATHS)):
        turn, place = divmod(number, len(_PATHS))
        path, hsa_id = _PATHS[place]
        door = Door.SOAP if (turn + place) % 2 == 0 else Door.REST
        again = {1: door, 4: door.other}.get(number % 6)
        case = _case(number, path, hsa_id, today)
        supplement = _SUPPLEMENT if MORE_TO_COME in case.description else None
        asked = _ASKED_FOR if PICTURE_OFFERED in case.description else None
        yield Planned(path, door, case, again, supplement, asked)
    for number, hsa_id in enumerate(_LEFT, ROUNDS * len(_PATHS)):
        door = Door.SOAP if number % 2 == 0 else Door.REST
        yield Planned(Path.LEFT, door, _case(number, Path.LEFT, hsa_id, today))


def _case(number: int, path: Path, hsa_id: str, today: date) -> Case:
    is_feedback = path is Path.FEEDBACK
    return Case(
        case_id=f"demo-{number + 1:02}",
        kind=Kind.FEEDBACK if is_feedback else Kind.COMPLAINT,
        receiver=_receiver(path, hsa_id),
        event_date=today - timedelta(days=number % 30),
        answer_wanted=AnswerWanted.NONE if is_feedback else AnswerWanted.INBOX,
        submitter=Submitter(CITIZENS[number % len(CITIZENS)], name="Tolvan Tolvansson"),
        patient=_PATIENTS.get(path),
        description=_description(number, path),
        attachments=(_PICTURE,) if number % 4 == 3 else (),
    )


def _receiver(path: Path, hsa_id: str) -> Receiver:
    if path is Path.COMMITTEE:
        place = "På ambulansen mellan Norrfors och Tallvik"
        return Receiver(ReceiverType.COMMITTEE, HsaId(hsa_id), place=place)
    return Receiver(ReceiverType.CARE, HsaId(hsa_id))


def _description(number: int, path: Path) -> str:
    more = _SAID_BESIDES.get(path) or (MORE_TO_COME if number % 5 == 2 else "")
    return f"{_DESCRIPTIONS[number % len(_DESCRIPTIONS)]} {more}".strip()


def _unknown(today: date, door: Door) -> Planned:
    case = Case(
        case_id=f"demo-unknown-{door.value.lower()}",
        kind=Kind.COMPLAINT,
        receiver=Receiver(ReceiverType.CARE, HsaId(UNKNOWN_UNIT)),
        event_date=today,
        answer_wanted=AnswerWanted.INBOX,
        submitter=Submitter(CITIZENS[0]),
        description="Till en enhet som inte finns.",
    )
    return Planned(Path.UNKNOWN, door, case)


# Without a file: nobody has allowed files in the case yet (DOMAIN A10).
_SUPPLEMENT = Supplement("Jag minns nu att det var på kvällen.")
_ASKED_FOR = Supplement("Här är bilden.", (_PICTURE,))
_SAID_BESIDES = {
    Path.ROUND_TRIP: WRONG_UNIT,
    Path.ONWARD: WRONG_UNIT,
    Path.ASKED: PICTURE_OFFERED,
    Path.LEFT: FOR_A_PERSON,
}
_PATIENTS = {
    Path.GUARDIAN: Patient(_CHILD, Relation.GUARDIAN, power_of_attorney=False),
    Path.REPRESENTATIVE: Patient(_RELATIVE, Relation.REPRESENTATIVE, power_of_attorney=True),
}

_DESCRIPTIONS = (
    "Jag fick vänta i sex timmar utan att någon sade varför.",
    "Ingen lyssnade när jag berättade om mina besvär.",
    "Remissen skickades aldrig, trots att jag fick höra det.",
    "Väntrummet var kallt, men personalen var vänlig.",
    "Jag fick fel besked om min medicin.",
)
