"""What the readable document says, in Swedish, section by section (DOMAIN E3)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from gateway.archive import words
from gateway.archive.notation import instant
from gateway.domain.case import Case
from gateway.domain.classification import CATEGORIES
from gateway.domain.message import InboxKind
from gateway.domain.notation import Json
from gateway.domain.period import SWEDEN
from gateway.domain.person import is_anonymous
from gateway.flow.archive_package import CaseFile
from gateway.flow.timeline import Link

Row = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, what is told in rows, a text as it was written, and what came with it."""

    heading: str
    rows: tuple[Row, ...] = field(default=(), repr=False)
    text: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document; `at` is when it was made, and is told in it."""

    title: str
    at: datetime
    sections: tuple[Section, ...]


def document(file: CaseFile, whole: Json) -> Document:
    """Say all that `whole`, the same as plain values, says; nothing is left to be looked up."""
    title = f"Ärende {file.record.number}"
    return Document(title, file.at, tuple(_sections(file, whole)))


def _sections(file: CaseFile, whole: Json) -> Iterator[Section]:
    case = whole["case"]
    yield Section("Ärendet", _about(file))
    yield Section("Anmälare", _submitter(file.case, case["submitter"]))
    if "patient" in case:
        yield Section("Patient", (*_person(case["patient"]), *_relation(file.case)))
    yield Section("Vad som har hänt", _files(case), file.case.description)
    if file.case.desired_outcome:
        yield Section("Vad anmälaren önskar", (), file.case.desired_outcome)
    for added in whole.get("supplements", ()):
        rows = ("Kom in", _moment(added["addedTime"])), *_files(added)
        yield Section("Komplettering", rows, added["text"])
    for message in whole.get("messages", ()):
        yield _message(message)
    if "handling" in whole:
        yield Section("Handläggning", tuple(_handling(whole["handling"])))
    for hop in whole.get("forwards", ()):
        yield Section("Vidarebefordrat", tuple(_hop(hop)), hop.get("reason", ""))
    if "legalHold" in whole:
        yield Section("Undantag från gallring", tuple(_hold(whole["legalHold"])))
    yield Section("Händelser", tuple(map(_event, file.timeline)), _END_OF_CHAIN % _hash(file))


def _about(file: CaseFile) -> tuple[Row, ...]:
    record, case = file.record, file.case
    rows = (
        ("Ärendenummer", record.number),
        ("Diarienummer", file.keeping.diary_number),
        ("Slag", words.KINDS[record.kind]),
        ("Status", words.STATES[record.state]),
        ("Kom in", _moment(instant(record.received_at))),
        ("Bör besvaras senast", _moment(instant(record.due_at))),
        ("Region", record.region),
        ("Mottagare", words.RECEIVERS[case.receiver.type]),
        ("Vald enhet", f"{record.unit_name} ({record.unit})"),
        ("Enhet där det hände", str(case.receiver.care_unit or "")),
        ("Plats där det hände", case.receiver.place),
        ("Dag då det hände", case.event_date.isoformat()),
        ("Svar önskas", words.ANSWERS[case.answer_wanted]),
        ("Hanteras av", record.holder.text),
        ("Hanterarens beteckning", record.external_case_id),
        ("Lämnat genom", f"{record.sender}, med beteckningen {case.case_id}"),
    )
    return _told(rows)


def _submitter(case: Case, submitter: Json) -> tuple[Row, ...]:
    if is_anonymous(case.submitter.person_id):
        return (("Identitet", "Anonym: anmälaren har inte sagt vem den är"),)
    return _person(submitter)


def _person(person: Json) -> tuple[Row, ...]:
    identity = person["personId"]
    return _told(
        (
            ("Namn", person.get("name")),
            ("Identitet", f"{identity['number']} ({words.identity(identity['oid'])})"),
            ("Telefon", person.get("phone")),
            ("E-post", person.get("email")),
        )
    )


def _relation(case: Case) -> tuple[Row, ...]:
    if case.patient is None:
        return ()
    proxy = "finns" if case.patient.power_of_attorney else "finns inte"
    relation = words.RELATIONS[case.patient.relation]
    return ("Anmälaren är", relation), ("Fullmakt", proxy)


def _message(message: Json) -> Section:
    rows = (
        ("Skickat", _moment(message["sentTime"])),
        ("Från", f"{message['senderName']} ({message['senderHsaId']})"),
        *_files(message),
    )
    kind = words.MESSAGES[InboxKind(message["messageKind"])]
    return Section(f"Meddelande till anmälaren: {kind}", rows, message["text"])


def _handling(handling: Json) -> Iterator[Row]:
    said = handling.get("classification", {})
    problems = [_CATEGORY.get(code, code) for code in said.get("problems", ())]
    yield from _told(
        (
            ("Handläggare", _named(handling.get("assignedName"), handling.get("assignedTo"))),
            ("Relationen bekräftad av", handling.get("relationVerifiedBy")),
            ("Relationen bekräftad", _moment(handling.get("relationVerifiedTime"))),
            ("Filer från anmälaren", "tillåts" if handling["attachmentsAllowed"] else None),
            ("Rättad enhet", handling.get("careUnitHsaId")),
            ("Problem", "; ".join(problems)),
            ("Verksamhetsområde", said.get("fieldOfOperation")),
            ("Problem enligt patienten", said.get("perceivedProblem")),
            ("Första kontakt", _moment(handling.get("firstContactTime"))),
            ("Avslutat", _moment(handling.get("closedTime"))),
            ("Återöppnat", _moment(handling.get("reopenedTime"))),
        )
    )


def _hop(hop: Json) -> Iterator[Row]:
    yield "När", _moment(hop["forwardedTime"])
    yield "Från", _named(hop["origin"]["name"], hop["origin"]["hsaId"])
    yield "Till", _named(hop["to"]["name"], hop["to"]["hsaId"])
    yield "Av", "den som hade ärendet" if hop["declined"] else "en operatör"


def _hold(hold: Json) -> Iterator[Row]:
    yield "Skäl", hold["reason"]
    yield "Av", hold["by"]
    yield "Sedan", _moment(hold["sinceTime"])


def _event(link: Link) -> Row:
    entry = link.entry
    details = ", ".join(f"{key}: {value}" for key, value in entry.details.items())
    told = f"{words.STEPS[entry.step]} – {entry.actor}"
    when = f"{link.number}. {_moment(instant(entry.at))}"
    return when, f"{told} ({details})" if details else told


def _files(part: Json) -> tuple[Row, ...]:
    return tuple(
        ("Bifogad fil", f"{one['fileName']} ({one['mediaType']}), {_where(one)}")
        for one in part.get("attachments", ())
    )


def _where(attachment: Json) -> str:
    if "lost" in attachment:
        return f"har gått förlorad och finns inte i paketet (SHA-256 {attachment['sha256']})"
    return f"i paketet {attachment['path']}"


def _hash(file: CaseFile) -> str:
    return file.timeline[-1].hash


def _moment(at: str | None) -> str:
    """Write a moment as the clocks show it in Sweden."""
    if at is None:
        return ""
    return datetime.fromisoformat(at).astimezone(SWEDEN).strftime("%Y-%m-%d kl. %H.%M.%S")


def _named(name: str | None, hsa_id: str | None) -> str:
    return f"{name} ({hsa_id})" if name and hsa_id else name or hsa_id or ""


def _told(rows: tuple[tuple[str, str | None], ...]) -> tuple[Row, ...]:
    return tuple((label, value) for label, value in rows if value)


_CATEGORY: Mapping[str, str] = {one.code: f"{one.code} {one.swedish}" for one in CATEGORIES}
_END_OF_CHAIN = "Tidslinjens sista hash: %s"
