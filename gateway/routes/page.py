"""One TOML file being read: each wrong thing becomes a finding, and none stops the reading."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from gateway.domain.hsa import HsaId
from gateway.domain.period import ALWAYS, Period
from gateway.routes.finding import Finding, Rule
from gateway.routes.toml_lines import TomlLines, Where
from gateway.routes.values import day_fault, did_you_mean, hsa_fault, period_fault

Shape = Mapping[str, type]
_Choice = TypeVar("_Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Page:
    """The file's name, where its things stand, and what was found wrong so far."""

    file: str
    lines: TomlLines
    findings: list[Finding]

    def fault(self, where: Where, rule: Rule, message: str) -> None:
        """Note what is wrong with the thing at `where`."""
        self.findings.append(self.finding(where, rule, message))

    def finding(self, where: Where, rule: Rule, message: str) -> Finding:
        """Word what is wrong with the thing at `where`."""
        return Finding(self.file, self.lines.line_of(*where), rule, message)


@dataclass(frozen=True, slots=True)
class Table:
    """
    A table of the file whose keys and types have been checked.

    What is missing or wrong has been told, and reads as empty, so that reading can go on.
    """

    page: Page
    where: Where
    values: Mapping[str, object]

    def fault(self, key: str, rule: Rule, message: str) -> None:
        """Note what is wrong with the value of `key`."""
        self.page.fault((*self.where, key), rule, message)

    def text(self, key: str) -> str:
        """Read a text, empty when absent."""
        value = self.values.get(key)
        return value if isinstance(value, str) else ""

    def hsa_id(self, key: str) -> HsaId | None:
        """Read an HSA-id of our own data (INTEROP §6.1)."""
        if key not in self.values:
            return None
        text = self.text(key)
        if words := hsa_fault(text):
            self.fault(key, Rule.BAD_HSA_ID, words)
        return HsaId(text)

    def choice(self, key: str, choices: type[_Choice]) -> _Choice | None:
        """Read one of a few words."""
        text, words = self.text(key), {choice.value: choice for choice in choices}
        if text and text not in words:
            self.fault(key, Rule.BAD_CHOICE, f"{text!r}: {did_you_mean(text, words)}")
        return words.get(text)

    def period(self) -> Period:
        """Read `valid_from` and `valid_to`, both days in Sweden."""
        first, last = self._day("valid_from"), self._day("valid_to")
        if words := period_fault(first, last):
            self.fault("valid_from", Rule.BAD_PERIOD, words)
            return ALWAYS
        return Period.of_days(first, last)

    def _day(self, key: str) -> date | None:
        value = self.values.get(key)
        if not isinstance(value, date):
            return None
        if words := day_fault(value):
            self.fault(key, Rule.BAD_DATE, words)
            return None
        return value


def open_table(
    page: Page, where: Where, values: object, required: Shape, optional: Shape
) -> Table:
    """Check a table's keys and types; only what is right can be read from it afterwards."""
    if not isinstance(values, dict):
        page.fault(where, Rule.WRONG_TYPE, f"must be {_WORDS[dict]}")
        return Table(page, where, {})
    shape = {**required, **optional}
    for key in required:
        if values.get(key, "") == "":
            page.fault((*where, key), Rule.MISSING_KEY, f"{key} is missing; fill it in")
    right = {key: v for key, v in values.items() if key in shape and _fits(v, shape[key])}
    for key in values:
        if key not in shape:
            words = f"{key!r} is not known here; {did_you_mean(key, shape)}"
            page.fault((*where, key), Rule.UNKNOWN_KEY, words)
        elif key not in right:
            page.fault((*where, key), Rule.WRONG_TYPE, f"{key} must be {_WORDS[shape[key]]}")
    return Table(page, where, right)


def open_tables(table: Table, key: str, required: Shape, optional: Shape) -> list[Table]:
    """Check every table of an array of tables."""
    values = table.values.get(key)
    members = values if isinstance(values, list) else []
    return [
        open_table(table.page, (*table.where, key, number), member, required, optional)
        for number, member in enumerate(members)
    ]


_WORDS: dict[type, str] = {
    str: 'a text in "quotes"',
    bool: "true or false, without quotes",
    int: "a whole number",
    float: "a number",
    date: "a day without quotes, such as 2026-01-31",
    datetime: "a day or a local time without quotes, such as 2026-01-31 or 2026-01-31T12:00:00",
    dict: "a table of its own, in [brackets]",
    list: "tables of its own, in [[double brackets]]",
}
# Also keeps out inf, nan, and what no float or timedelta can hold.
_BEYOND_SENSE = 10**9


def _fits(value: object, wanted: type) -> bool:
    """Tell whether a value is of the wanted type, Python's own kinships set aside."""
    if isinstance(value, bool):
        return wanted is bool
    if isinstance(value, int | float) and not abs(value) < _BEYOND_SENSE:
        return False
    if wanted is date:
        return isinstance(value, date) and not isinstance(value, datetime)
    if wanted is datetime:
        return isinstance(value, date)
    return isinstance(value, int | float if wanted is float else wanted)
