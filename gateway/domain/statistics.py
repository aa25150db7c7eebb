"""What is counted of closed cases: one anonymous fact each, by ten parameters (DOMAIN F1)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from gateway.domain.case import Kind, ReceiverType
from gateway.domain.classification import CATEGORIES
from gateway.domain.fields_of_operation import FIELDS_OF_OPERATION
from gateway.domain.period import SWEDEN
from gateway.domain.person import KIND_BY_OID, PersonId, PersonIdKind

# A node of the tree nation → region → provider → unit, by the keys on the way; the nation is ().
# A part is empty where it is not known. A provider is counted in each of its regions by itself.
Area = tuple[str, ...]
# A node of a parameter's tree of values, such as ("1", "1.3"); all values together are ().
Value = tuple[str, ...]
# As 2026-03: no day is kept of anything.
Month = str

NATION: Area = ()
ALL: Value = ()
# What nobody has told: no classification, no identity, a unit that is only a free text.
UNKNOWN = ""


class Level(StrEnum):
    """For whom it is counted (DOMAIN F2); in the order of the tree."""

    NATION = "NATION"
    REGION = "REGION"
    PROVIDER = "PROVIDER"
    UNIT = "UNIT"

    @classmethod
    def of(cls, area: Area) -> "Level":
        """Tell the level of an area."""
        return tuple(cls)[len(area)]


class Parameter(StrEnum):
    """The ten parameters (DOMAIN F1); UNIT tells the areas one level below."""

    UNIT = "UNIT"
    AGE = "AGE"
    SEX = "SEX"
    MAIN_PROBLEM = "MAIN_PROBLEM"
    SUB_PROBLEM = "SUB_PROBLEM"
    PERCEIVED_PROBLEM = "PERCEIVED_PROBLEM"
    FIELD_OF_OPERATION = "FIELD_OF_OPERATION"
    EVENT_MONTH = "EVENT_MONTH"
    RECEIVED_MONTH = "RECEIVED_MONTH"
    CLOSED_MONTH = "CLOSED_MONTH"


class Counter(StrEnum):
    """What has summary rows of its own; every parameter is read from one of these."""

    CASES = "CASES"
    AGE = "AGE"
    SEX = "SEX"
    PROBLEM = "PROBLEM"
    PERCEIVED_PROBLEM = "PERCEIVED_PROBLEM"
    FIELD_OF_OPERATION = "FIELD_OF_OPERATION"
    EVENT_MONTH = "EVENT_MONTH"
    RECEIVED_MONTH = "RECEIVED_MONTH"


COUNTER_OF: dict[Parameter, Counter] = {
    Parameter.UNIT: Counter.CASES,
    Parameter.AGE: Counter.AGE,
    Parameter.SEX: Counter.SEX,
    Parameter.MAIN_PROBLEM: Counter.PROBLEM,
    Parameter.SUB_PROBLEM: Counter.PROBLEM,
    Parameter.PERCEIVED_PROBLEM: Counter.PERCEIVED_PROBLEM,
    Parameter.FIELD_OF_OPERATION: Counter.FIELD_OF_OPERATION,
    Parameter.EVENT_MONTH: Counter.EVENT_MONTH,
    Parameter.RECEIVED_MONTH: Counter.RECEIVED_MONTH,
    Parameter.CLOSED_MONTH: Counter.CASES,
}

AGES = (*(f"{low}-{low + 9}" for low in range(0, 90, 10)), "90-", UNKNOWN)
SEXES = ("FEMALE", "MALE", UNKNOWN)
# What happened or came in earlier than in the year before the case was closed.
EARLIER = "EARLIER"


@dataclass(frozen=True, slots=True)
class Fact:
    """
    One closed case as it is counted: nothing in it tells which case, or who (DOMAIN F2).

    `problem`, `perceived`, a main problem only, and `field` are codes, UNKNOWN where nobody has
    classified.
    """

    area: Area
    kind: Kind
    receiver: ReceiverType
    closed: Month
    received: Month
    event: Month
    age: str
    sex: str
    problem: str
    perceived: str
    field: str

    def values(self) -> dict[Counter, str]:
        """Tell the code that it counts under, for each counter."""
        return {
            Counter.CASES: UNKNOWN,
            Counter.AGE: self.age,
            Counter.SEX: self.sex,
            Counter.PROBLEM: self.problem,
            Counter.PERCEIVED_PROBLEM: self.perceived,
            Counter.FIELD_OF_OPERATION: self.field,
            Counter.EVENT_MONTH: recent(self.event, self.closed),
            Counter.RECEIVED_MONTH: recent(self.received, self.closed),
        }

    def areas(self) -> Iterable[Area]:
        """Tell all areas that it counts in: the nation, and down to the unit."""
        return (self.area[:depth] for depth in range(len(self.area) + 1))


@dataclass(frozen=True, slots=True)
class Counted:
    """A summary: so many cases of an area, closed in a month, have this value."""

    area: Area
    month: Month
    kind: Kind
    receiver: ReceiverType
    value: Value
    cases: int


def month_of(at: datetime | date) -> Month:
    """Round to the month, in Sweden."""
    day = at.astimezone(SWEDEN) if isinstance(at, datetime) else at
    return f"{day.year:04}-{day.month:02}"


def recent(month: Month, closed: Month) -> str:
    """Give a month back if it is in the year of closing or the one before; else EARLIER."""
    return month if int(month[:4]) >= int(closed[:4]) - 1 else EARLIER


def age_group(person: PersonId | None, on: date) -> str:
    """Tell the ten years of age that a person was in on a day; UNKNOWN without a birth date."""
    number = _with_birth_date(person)
    if number is None or not number[:6].isdigit():
        return UNKNOWN
    # A samordningsnummer has 60 more, and 00 for what is not known: then early in the year.
    day, month = int(number[6:8]) % 60 or 1, int(number[4:6]) or 1
    age = on.year - int(number[:4]) - ((on.month, on.day) < (month, day))
    return AGES[min(age // 10, 9)] if 0 <= age < 150 else UNKNOWN


def sex(person: PersonId | None) -> str:
    """Tell the legal sex that a personal number says; UNKNOWN for reserve numbers."""
    number = _with_birth_date(person)
    return UNKNOWN if number is None else SEXES[int(number[10]) % 2]


def path_of(counter: Counter, code: str) -> Value:
    """Tell where a code stands among the values of its counter."""
    if counter is Counter.CASES:
        return ALL
    # A main problem without a sub-problem is among its own sub-problems, so that these sum up.
    return (main_problem(code), code) if counter is Counter.PROBLEM and code else (code,)


def main_problem(code: str) -> str:
    """Tell the code of the main problem that a problem belongs to."""
    return code.partition(".")[0]


def listed_values(counter: Counter, year: int) -> list[Value]:
    """Tell every value that a table of a year has, in its order, also where nothing is counted."""
    return [path_of(counter, code) for code in _codes(counter, year)]


def _codes(counter: Counter, year: int) -> Iterable[str]:
    if counter in {Counter.EVENT_MONTH, Counter.RECEIVED_MONTH}:
        return (EARLIER, *(f"{y}-{m:02}" for y in (year - 1, year) for m in range(1, 13)))
    return _CODES[counter]


_CODES: dict[Counter, Sequence[str]] = {
    Counter.CASES: (UNKNOWN,),
    Counter.AGE: AGES,
    Counter.SEX: SEXES,
    Counter.PROBLEM: (*(one.code for one in CATEGORIES), UNKNOWN),
    Counter.PERCEIVED_PROBLEM: (*dict.fromkeys(one.main for one in CATEGORIES), UNKNOWN),
    Counter.FIELD_OF_OPERATION: (*(one.code for one in FIELDS_OF_OPERATION), UNKNOWN),
}


def _with_birth_date(person: PersonId | None) -> str | None:
    if person is None or KIND_BY_OID.get(person.oid) in (None, PersonIdKind.RESERVE):
        return None
    return person.number if len(person.number) == 12 and person.number.isdigit() else None
