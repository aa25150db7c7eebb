"""Personal numbers as people write them, and which register one is from (DOMAIN A8)."""

import re
from datetime import date

from gateway.domain.person import PERSONNUMMER_OID, PersonId

COORDINATION_OID = "1.2.752.129.2.1.3.3"

# With or without the century, with a hyphen before the last four or, of who is a hundred, a plus.
_WRITTEN = re.compile(r"(?P<century>\d\d)?(?P<birth>\d{6})(?P<sign>[-+]?)(?P<last>\d{4})")
# A coordination number has the day of birth and this much more (INTEROP §6.2).
_MORE_DAYS = 60


def person_id_of(twelve_digits: str) -> PersonId:
    """Tell a coordination number from a personal number, by its day."""
    is_coordination = int(twelve_digits[6:8]) >= _MORE_DAYS
    return PersonId(COORDINATION_OID if is_coordination else PERSONNUMMER_OID, twelve_digits)


def as_written(text: str, today: date) -> PersonId | None:
    """Read a number that somebody has written; None for what is none."""
    written = _WRITTEN.fullmatch(re.sub(r"\s|[\u2010-\u2015\u2212]", _plain, text))
    if written is None:
        return None
    century = written["century"] or _century(written["birth"], written["sign"], today)
    return person_id_of(f"{century}{written['birth']}{written['last']}")


def _plain(found: re.Match[str]) -> str:
    """Leave blanks out, and take any dash for a hyphen."""
    return "" if found[0].isspace() else "-"


def _century(birth: str, sign: str, today: date) -> int:
    """Take the last birth that is not to come; a plus is a hundred years before."""
    day = int(birth[4:]) - _MORE_DAYS if int(birth[4:]) >= _MORE_DAYS else int(birth[4:])
    is_to_come = (int(birth[:2]), int(birth[2:4]), day) > (
        today.year % 100,
        today.month,
        today.day,
    )
    return today.year // 100 - is_to_come - (sign == "+")
