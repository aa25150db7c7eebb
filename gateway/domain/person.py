"""Personal identities: kinds told apart by OID, checked, never shown by accident (DOMAIN A8)."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class PersonIdKind(StrEnum):
    """Which register an identity comes from."""

    PERSONNUMMER = "PERSONNUMMER"
    SAMORDNINGSNUMMER = "SAMORDNINGSNUMMER"
    RESERVE = "RESERVE"


# INTEROP §5.5: the OIDs that tell the kinds apart.
KIND_BY_OID: dict[str, PersonIdKind] = {
    "1.2.752.129.2.1.3.1": PersonIdKind.PERSONNUMMER,
    "1.2.752.129.2.1.3.3": PersonIdKind.SAMORDNINGSNUMMER,
    "1.2.752.129.2.1.3.2": PersonIdKind.RESERVE,
    "1.2.752.97.3.1.3": PersonIdKind.RESERVE,
    "1.2.752.113.11.0.2.1.1.1": PersonIdKind.RESERVE,
    "1.2.752.74.9.2": PersonIdKind.RESERVE,
}

PERSONNUMMER_OID = "1.2.752.129.2.1.3.1"

# Of a submitter who has said nothing about who they are (DOMAIN A9): made of a UUID, which needs
# no register. It is no kind of identity, so nobody outside is taken at their word with it.
ANONYMOUS_OID = "2.25.214814742535004880934449608806100891326"

_TWELVE_DIGITS = re.compile(r"[0-9]{12}")
_RESERVE = re.compile(r"[0-9A-Z]{12}")
_MONTH, _DAY = r"(?:0\d|1[0-2])", r"(?:[06][1-9]|[1278]\d|[39][01]|60)"
_DASH = r"[-+./\xad\u2010-\u2015\u2212]"
# As people write one: with or without century, with blanks or hyphens between its parts, with a
# dash, of whatever sort, before the last four. Month and day, of which a samordningsnummer has 60
# more, tell it from other numbers of that length; digits and hex digits around it, from parts of
# other ids, and a blank after a date with hyphens, from a time.
_IN_TEXT = re.compile(
    r"(?<![0-9A-Fa-f])(?<![0-9A-Fa-f]-)(?:(?:18|19|20)\s?)?"
    rf"(?:\d\d\s?{_MONTH}\s?{_DAY}\s*+{_DASH}{{0,2}}+\s*+|\d\d-{_MONTH}-{_DAY}\s?{_DASH}{{1,2}}\s?)"
    r"\d{4}(?!-?[0-9A-Fa-f])"
)
# Each digit twice, and the digits of that added up.
_DOUBLED = str.maketrans("0123456789", "0246813579")


@dataclass(frozen=True, slots=True)
class PersonId:
    """A person's identity: the register's OID and the number in it, which no repr shows."""

    oid: str
    number: str = field(repr=False)


def is_anonymous(person: PersonId) -> bool:
    """Tell whether this stands for somebody who has not said who they are (DOMAIN A9)."""
    return person.oid == ANONYMOUS_OID


def faults(person: PersonId) -> list[str]:
    """
    Tell why this identity cannot be accepted; empty when it can.

    Only the form is law at the wire: a known OID and twelve characters of the right sort.
    The messages never carry what was sent: a number may stand where the OID belongs.
    """
    kind = KIND_BY_OID.get(person.oid)
    if kind is None:
        return [f"the OID is none of {', '.join(KIND_BY_OID)}"]
    if not _form(kind).fullmatch(person.number):
        return [f"a {kind.value.lower()} is twelve characters without separator"]
    return []


def warnings(person: PersonId) -> list[str]:
    """
    Tell what looks wrong with an identity that was accepted.

    A failed check digit or an impossible date is a warning and never a refusal, because
    such numbers occur in real traffic (INTEROP §6.2).
    """
    check = _CHECKS.get(KIND_BY_OID.get(person.oid, PersonIdKind.RESERVE))
    return check(person.number) if check and not faults(person) else []


def has_valid_check_digit(twelve_digits: str) -> bool:
    """Check the Luhn digit over YYMMDDNNN, the century left out (INTEROP §6.2)."""
    total = sum(map(int, twelve_digits[2:11:2].translate(_DOUBLED) + twelve_digits[3:11:2]))
    return (10 - total % 10) % 10 == int(twelve_digits[11])


def without_numbers(text: str) -> str:
    """
    Give a text in which what looks like a personal number is blotted out.

    A check digit that fails saves none: whoever mistyped one meant a person all the same.
    """
    return _IN_TEXT.sub("<number>", text)


def _form(kind: PersonIdKind) -> re.Pattern[str]:
    return _RESERVE if kind is PersonIdKind.RESERVE else _TWELVE_DIGITS


def _check_personnummer(number: str) -> list[str]:
    return _check_digit(number) + _check_date(number, int(number[6:8]))


def _check_samordningsnummer(number: str) -> list[str]:
    day = int(number[6:8]) - 60
    # Month 00 or day 60 stand for a birth date that is not known.
    unknown = number[4:6] == "00" or day == 0
    return _check_digit(number) + ([] if unknown else _check_date(number, day))


def _check_digit(number: str) -> list[str]:
    return [] if has_valid_check_digit(number) else ["the check digit does not fit"]


def _check_date(number: str, day: int) -> list[str]:
    try:
        date(int(number[:4]), int(number[4:6]), day)
    except ValueError:
        return ["the birth date is not a date"]
    return []


_CHECKS: dict[PersonIdKind, Callable[[str], list[str]]] = {
    PersonIdKind.PERSONNUMMER: _check_personnummer,
    PersonIdKind.SAMORDNINGSNUMMER: _check_samordningsnummer,
}
