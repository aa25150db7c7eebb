"""Counts as bars beside their numbers, drawn on the server; what is hidden has no bar (F2)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from gateway.console.language import SWEDISH, Words
from gateway.domain.classification import CATEGORIES
from gateway.domain.fields_of_operation import FIELDS_OF_OPERATION
from gateway.domain.statistics import Area, Parameter
from gateway.flow.reports import Count, Line, Report, Table

IsOpen = Callable[[Area], bool]

# A minus that is as wide as a plus, and read as one.
_MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True, slots=True)
class Told:
    """A count in words: of the period, of the one before, and how they differ."""

    cases: str
    before: str
    change: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One value; `width` and `width_before` are of the longest bar in percent, 0 where hidden."""

    name: str
    told: Told
    width: float
    width_before: float
    area: str | None


@dataclass(frozen=True, slots=True)
class Chart:
    """One parameter, without the values that nothing was counted of."""

    parameter: Parameter
    bars: tuple[Bar, ...]


def charts(report: Report, words: Words, is_open: IsOpen) -> Iterator[Chart]:
    """Draw a report; `is_open` tells which areas below may be asked for too."""
    for table in report.tables:
        yield Chart(table.parameter, tuple(_bars(table, words, is_open)))


def count_of(count: Count, words: Words) -> Told:
    """Tell a count in words."""
    return Told(_told(count.cases, words), _told(count.before, words), _change(count))


def _bars(table: Table, words: Words, is_open: IsOpen) -> Iterator[Bar]:
    shown = [line for line in table.lines if (line.count.cases, line.count.before) != (0, 0)]
    counts = (count for line in shown for count in (line.count.cases, line.count.before))
    longest = max((count for count in counts if count is not None), default=0) or 1
    for line in shown:
        yield Bar(
            _name(table.parameter, line, words),
            count_of(line.count, words),
            round(100 * (line.count.cases or 0) / longest, 1),
            round(100 * (line.count.before or 0) / longest, 1),
            _area(line, is_open),
        )


def _area(line: Line, is_open: IsOpen) -> str | None:
    area = line.area
    # What is not known by a key cannot be asked for.
    if area is None or not area[-1] or not is_open(area):
        return None
    return "/".join(area)


def _told(cases: int | None, words: Words) -> str:
    return words("follow_up.hidden") if cases is None else str(cases)


def _change(count: Count) -> str:
    if count.cases is None or count.before is None:
        return ""
    change = count.cases - count.before
    return f"+{change}" if change > 0 else f"{_MINUS}{-change}" if change else "0"


def _name(parameter: Parameter, line: Line, words: Words) -> str:
    if words.language == SWEDISH:
        return line.name
    name = _ENGLISH.get(parameter, {}).get(line.code)
    if name is not None:
        is_alone = parameter is Parameter.SUB_PROBLEM and "." not in line.code
        return words("follow_up.without_sub_problem", problem=name) if is_alone else name
    key = f"counted.{line.code}"
    return words(key) if words.has(key) and line.area is None else _age_or_name(parameter, line)


def _age_or_name(parameter: Parameter, line: Line) -> str:
    return line.code if parameter is Parameter.AGE else line.name


_PROBLEMS = {one.code: one.english for one in CATEGORIES}
_ENGLISH: dict[Parameter, Mapping[str, str]] = {
    Parameter.MAIN_PROBLEM: _PROBLEMS,
    Parameter.SUB_PROBLEM: _PROBLEMS,
    Parameter.PERCEIVED_PROBLEM: _PROBLEMS,
    Parameter.FIELD_OF_OPERATION: {one.code: one.english for one in FIELDS_OF_OPERATION},
}
