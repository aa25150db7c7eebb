"""What is told of closed cases to those who follow up: tables with small counts hidden (F2)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from gateway.domain.case import Kind, ReceiverType
from gateway.domain.errors import Fault, Refusal, Rule
from gateway.domain.hsa import HsaId
from gateway.domain.routing import Routed, RouteTable
from gateway.domain.span import Span
from gateway.domain.statistics import (
    ALL,
    COUNTER_OF,
    EARLIER,
    Area,
    Counted,
    Counter,
    Level,
    Parameter,
    Value,
    listed_values,
)
from gateway.domain.suppression import Hiding, Hidings, View
from gateway.flow.access import Verb, require_verb
from gateway.flow.areas import Areas, Asked
from gateway.flow.caller import Caller, Role
from gateway.flow.statistics import Statistics
from gateway.flow.value_names import value_name

__all__ = ["Asked", "Count", "Line", "Report", "Reports", "Table"]


@dataclass(frozen=True, slots=True)
class Count:
    """Cases closed in a period and in the one before; None where it is hidden."""

    cases: int | None
    before: int | None


@dataclass(frozen=True, slots=True)
class Line:
    """
    How many have this value; `code` is UNKNOWN, as a word, where nobody has told.

    `name` is in Swedish. `area` leads on, from a line that is an area.
    """

    code: str
    name: str
    count: Count
    area: Area | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """One parameter."""

    parameter: Parameter
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that was asked for; `name` is that of the area."""

    asked: Asked
    area: Area
    name: str
    before: Span
    total: Count
    tables: tuple[Table, ...]


@dataclass(frozen=True, slots=True)
class Reports:
    """The verb of those who follow up."""

    statistics: Statistics
    table: Callable[[], RouteTable]
    clock: Callable[[], datetime]

    def report(self, asked: Asked, caller: Caller) -> Report:
        """
        Tell what was closed; nothing in it leads to a person, whatever else is fetched.

        The nation and the regions are open to everybody who may see statistics; a provider and a
        unit to those who follow up their region, to its committee, and to those whose own unit it
        is.
        """
        require_verb(caller, Verb.SEE_STATISTICS)
        area = Areas(self.statistics, self.table()).found(asked)
        if not self.is_open(area, caller):
            words = f"{caller.hsa_id} may see its own units, and every region and the nation"
            raise Refusal(Fault(Rule.NOT_PERMITTED, "query/key", words))
        return _Written(self.statistics, self.table(), asked, area).report()

    def is_open(self, area: Area, caller: Caller) -> bool:
        """Tell whether somebody who may see statistics may see those of an area."""
        if len(area) <= 1:
            return True
        match caller.role:
            case Role.NATIONAL:
                return True
            case Role.FOLLOW_UP:
                return area[0] in caller.regions
            case Role.COMMITTEE_STAFF:
                region = self.table().regions.get(area[0])
                return region is not None and region.committee.hsa_id in caller.units
            case _:
                return len(area) == 3 and self._is_own(HsaId(area[-1]), caller)

    def _is_own(self, unit: HsaId, caller: Caller) -> bool:
        if unit in caller.units:
            return True
        # A coordinator's own units are those whose cases come to it (B3).
        now = self.clock()
        routed = self.table().resolve(unit, Kind.COMPLAINT, ReceiverType.CARE, now)
        return isinstance(routed, Routed) and routed.holder in caller.units


class _Written:
    """A report in the making."""

    def __init__(
        self, statistics: Statistics, table: RouteTable, asked: Asked, area: Area
    ) -> None:
        self._statistics, self._table, self._asked, self._area = statistics, table, asked, area
        self._read: dict[int, Hidings] = {}

    def report(self) -> Report:
        asked = self._asked
        return Report(
            asked,
            self._area,
            self._name(self._area),
            asked.span.before,
            self._count(Counter.CASES, self._area, ALL, asked.span, asked.span.before),
            tuple(Table(one, tuple(self._lines(one))) for one in asked.parameters),
        )

    def _lines(self, parameter: Parameter) -> Iterator[Line]:
        match parameter:
            case Parameter.UNIT:
                return self._area_lines()
            case Parameter.CLOSED_MONTH:
                return self._month_lines()
            case _:
                return self._value_lines(parameter)

    def _area_lines(self) -> Iterator[Line]:
        span, before = self._asked.span, self._asked.span.before
        both = (self._hiding(Counter.CASES, one.year) for one in (span, before))
        for below in sorted({area for hiding in both for area in hiding.areas(self._area)}):
            count = self._count(Counter.CASES, below, ALL, span, before)
            yield Line(below[-1] or "UNKNOWN", self._name(below), count, below)

    def _month_lines(self) -> Iterator[Line]:
        span = self._asked.span
        for month, before in zip(_months(span), _months(span.before), strict=True):
            count = self._count(Counter.CASES, self._area, ALL, month, before)
            yield Line(str(month), str(month), count)

    def _value_lines(self, parameter: Parameter) -> Iterator[Line]:
        counter, span = COUNTER_OF[parameter], self._asked.span
        hiding = self._hiding(counter, span.year)
        for value in _values(hiding, parameter, span):
            count = self._count(counter, self._area, value, span, span.before)
            code = value[-1] or "UNKNOWN"
            yield Line(code, value_name(parameter, value[-1]), count)

    def _count(
        self, counter: Counter, area: Area, value: Value, span: Span, before: Span
    ) -> Count:
        return Count(
            self._shown(counter, area, value, span), self._shown(counter, area, value, before)
        )

    def _shown(self, counter: Counter, area: Area, value: Value, span: Span) -> int | None:
        hiding = self._hiding(counter, span.year)
        cell = span, self._asked.kind, self._asked.receiver
        hidden = value in hiding.hidden(area, View.of(*cell))
        return None if hidden else hiding.cases(area, value, cell)

    def _hiding(self, counter: Counter, year: int) -> Hiding:
        if year not in self._read:
            self._read[year] = Hidings(
                lambda one: self._counted(one, year), lambda one: listed_values(one, year)
            )
        return self._read[year].of(counter)

    def _counted(self, counter: Counter, year: int) -> list[Counted]:
        """Read the counts of the area, and of all that its hidden ones depend on."""
        area, asked = self._area, self._asked
        view = View.of(asked.span, asked.kind, asked.receiver)
        # In a whole year of all cases, what is hidden depends on one counter only.
        is_below = counter is Counter.CASES or not view.is_coarsest
        below = [area] if is_below and Parameter.UNIT in asked.parameters else []
        above = [None, *(area[:depth] for depth in range(len(area))), *below]
        return self._statistics.counted(counter, above, year)

    def _name(self, area: Area) -> str:
        match Level.of(area):
            case Level.NATION:
                return "Sverige"
            case Level.REGION:
                region = self._table.regions.get(area[0])
                return region.name if region else area[0]
            case Level.UNIT:
                rows = self._table.units.get(area[2])
                return rows[-1].unit.name if rows else area[2] or "Enhet inte angiven"
            case Level.PROVIDER:
                return area[1] or "Vårdgivare inte angiven"


def _months(span: Span) -> list[Span]:
    return [Span(span.year, int(month[5:]), 1) for month in span.months]


def _values(hiding: Hiding, parameter: Parameter, span: Span) -> Iterator[Value]:
    for value in hiding.values(ALL):
        if parameter is Parameter.SUB_PROBLEM:
            yield from hiding.values(value) or [value]
        elif not (parameter in _MONTHS and span.months[-1] < value[0] != EARLIER):
            yield value


# Of their values, the months that are still to come are left out.
_MONTHS = frozenset({Parameter.EVENT_MONTH, Parameter.RECEIVED_MONTH})
