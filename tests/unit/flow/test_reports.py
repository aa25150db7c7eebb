"""What follow-up is told of closed cases, and who is told it."""

from datetime import UTC, datetime

import pytest

from gateway.domain.case import Kind, ReceiverType
from gateway.domain.destination import Destination
from gateway.domain.errors import Refusal, Rule
from gateway.domain.hsa import HsaId
from gateway.domain.lifecycle import CaseState
from gateway.domain.period import ALWAYS
from gateway.domain.policy import Policy
from gateway.domain.routing import Committee, Region, RouteTable, Row, Unit
from gateway.domain.span import Span
from gateway.domain.statistics import Counted, Fact, Level, Parameter, path_of
from gateway.flow.areas import area_of
from gateway.flow.caller import Caller, Role
from gateway.flow.ports import CaseName, Change, Received
from gateway.flow.report_csv import report_csv
from gateway.flow.reports import Asked, Count, Reports
from gateway.flow.statistics import summaries
from gateway.flow.timeline import Step
from gateway.testing.builders import CASE_SYSTEM, UNIT, make_case, make_entry, make_new_case
from gateway.testing.memory import MemoryStore

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
OTHER, PROVIDER = HsaId("SE2321000016-9Z"), HsaId("SE2321000016-0001")
COMMITTEE, COORDINATOR = HsaId("SE2321000016-PN"), HsaId("SE2321000016-KOORD")
ME = HsaId("SE2321000016-ME")
YEAR = Span(2026)


@pytest.fixture
def store():
    """A store that counts by the routes."""
    return MemoryStore().placed_by(lambda unit: area_of(_table(), unit))


@pytest.fixture
def reports(store):
    """The verb, over that store."""
    return Reports(store.statistics, _table, lambda: NOW)


def test_everything_of_a_region_is_told_by_ten_parameters(store, reports):
    """DOMAIN F1: and the nation and the regions to every role that follows up."""
    _close(store, 7)
    report = reports.report(Asked(Level.REGION, "norr", YEAR), _caller())
    assert (report.name, report.total) == ("Region Norr", Count(7, 0))
    assert [table.parameter for table in report.tables] == list(Parameter)
    lines = {t.parameter: [ln for ln in t.lines if ln.count.cases] for t in report.tables}
    assert {p: (ln.name, ln.count.cases) for p, (ln,) in lines.items()} == {
        Parameter.UNIT: (PROVIDER.key, 7),
        Parameter.AGE: ("90 år och äldre", 7),
        Parameter.SEX: ("Man", 7),
        Parameter.MAIN_PROBLEM: ("Ej klassificerat", 7),
        Parameter.SUB_PROBLEM: ("Ej klassificerat", 7),
        Parameter.PERCEIVED_PROBLEM: ("Ej klassificerat", 7),
        Parameter.FIELD_OF_OPERATION: ("Ej klassificerat", 7),
        Parameter.EVENT_MONTH: ("2026-10", 7),
        Parameter.RECEIVED_MONTH: ("2026-11", 7),
        Parameter.CLOSED_MONTH: ("2026-11", 7),
    }


def test_a_period_is_compared_with_the_one_before(store, reports):
    """DOMAIN F2: also over a new year."""
    _close(store, 6)
    november, december = Span(2026, 11, 1), Span(2026, 12, 1)
    for span, count in {november: (6, 0), december: (0, 6), Span(2027): (0, 6)}.items():
        report = reports.report(Asked(Level.NATION, None, span), _caller())
        assert report.total == Count(*count)


def test_small_counts_are_hidden(store, reports):
    """DOMAIN F2: the total too, and with it all that it is the sum of."""
    _close(store, 4)
    report = reports.report(Asked(Level.NATION, None, YEAR), _caller())
    assert report.total == Count(None, 0)
    shown = [line.count.cases for table in report.tables for line in table.lines]
    assert not any(shown)


def test_kinds_are_counted_by_themselves_or_together(store, reports):
    """DOMAIN A11, F2."""
    _close(store, 6), _close(store, 5, kind=Kind.FEEDBACK)
    wanted = {None: 11, Kind.COMPLAINT: 6, Kind.FEEDBACK: 5}
    asked = {kind: Asked(Level.NATION, None, YEAR, kind) for kind in wanted}
    told = {kind: reports.report(one, _caller()).total.cases for kind, one in asked.items()}
    assert told == wanted


def test_a_small_count_hidden_in_one_table_does_not_follow_from_the_next():
    """DOMAIN F2: all of the south are women; how many complained would tell the north's four."""
    reports = Reports(_NoFeedbackInTheSouth(), _table, lambda: NOW)
    wanted = [Parameter.UNIT, Parameter.SEX]
    asked = Asked(Level.NATION, None, YEAR, Kind.COMPLAINT, parameters=wanted)
    report = reports.report(asked, _caller())
    units, sexes = ({line.code: line.count.cases for line in one.lines} for one in report.tables)
    assert (report.total.cases, sexes["FEMALE"]) == (66, 34)
    assert units == {"norr": None, "syd": None}


@pytest.mark.parametrize(
    ("caller", "unit", "provider"),
    [
        ({"role": Role.CASE_RECEIVER, "units": {UNIT}}, True, False),
        ({"role": Role.CASE_RECEIVER, "units": {OTHER}}, False, False),
        ({"role": Role.COORDINATOR, "units": {COORDINATOR}}, True, False),
        ({"role": Role.COMMITTEE_STAFF, "units": {COMMITTEE}}, True, True),
        ({"role": Role.COMMITTEE_STAFF, "units": {OTHER}}, False, False),
        ({"role": Role.FOLLOW_UP, "regions": {"norr"}}, True, True),
        ({"role": Role.FOLLOW_UP, "regions": {"syd"}}, False, False),
        ({"role": Role.NATIONAL}, True, True),
    ],
)
def test_a_unit_and_a_provider_are_for_those_whose_they_are(reports, caller, unit, provider):
    """DOMAIN E1, F2."""
    asked = {Level.UNIT: (UNIT, unit), Level.PROVIDER: (PROVIDER, provider)}
    for level, (key, allowed) in asked.items():
        if allowed:
            reports.report(Asked(level, key.text, YEAR), _caller(**caller))
        else:
            assert _refused(reports, Asked(level, key.text, YEAR), _caller(**caller)) is (
                Rule.NOT_PERMITTED
            )


def test_who_only_assigns_sees_no_statistics(reports):
    """DOMAIN E1."""
    asked, caller = Asked(Level.NATION, None, YEAR), _caller(role=Role.CASE_DISTRIBUTOR)
    assert _refused(reports, asked, caller) is Rule.NOT_PERMITTED


@pytest.mark.parametrize(
    ("level", "key", "rule"),
    [
        (Level.REGION, "ost", Rule.UNKNOWN_UNIT),
        (Level.UNIT, "SE2321000016-NONE", Rule.UNKNOWN_UNIT),
        (Level.UNIT, PROVIDER.text, Rule.UNKNOWN_UNIT),
        (Level.PROVIDER, None, Rule.SCHEMA),
    ],
)
def test_an_area_that_is_not_known_is_told_so(reports, level, key, rule):
    """DOMAIN F2: never an empty table for what does not exist."""
    assert _refused(reports, Asked(level, key, YEAR), _caller(role=Role.NATIONAL)) is rule


def test_a_report_is_a_table_for_spreadsheets_without_formulas(store, reports):
    """DOMAIN F2: a name that begins as a formula is only text."""
    _close(store, 5)
    asked = Asked(Level.PROVIDER, PROVIDER.text, YEAR, parameters=[Parameter.UNIT])
    rows = report_csv(reports.report(asked, _caller(role=Role.NATIONAL))).splitlines()
    area = f"PROVIDER,norr/{PROVIDER.key},2026,2025,ALL,ALL"
    assert rows[1:] == [
        f"{area},ALL,,{PROVIDER.key},5,0",
        f"{area},UNIT,{UNIT.key},'=Björken,5,0",
    ]


class _NoFeedbackInTheSouth:
    """Cases of two regions, counted."""

    def __init__(self):
        north, south = ("norr", "1", "a"), ("syd", "3", "e")
        self._facts = [
            *[_fact(north, Kind.COMPLAINT, "FEMALE")] * 4,
            *[_fact(north, Kind.COMPLAINT, "MALE")],
            *[_fact(north, Kind.COMPLAINT, "")] * 31,
            *[_fact(north, Kind.FEEDBACK, "FEMALE")] * 57,
            *[_fact(south, Kind.COMPLAINT, "FEMALE")] * 30,
        ]

    def counted(self, counter, above, year):
        return [
            Counted(area, one.closed, one.kind, one.receiver, path_of(counter, code), 1)
            for one in self._facts
            for area, of_counter, code in summaries(one)
            if of_counter is counter and (area[:-1] if area else None) in above
            if one.closed.startswith(str(year))
        ]

    def seen(self, key):
        return [one.area for one in self._facts if key in one.area]


def _fact(area, kind, sex):
    month = "2026-01"
    return Fact(area, kind, ReceiverType.CARE, month, month, month, "", sex, "", "", "")


def _refused(reports, asked, caller):
    with pytest.raises(Refusal) as refused:
        reports.report(asked, caller)
    return refused.value.faults[0].rule


def _caller(role=Role.CASE_RECEIVER, units=(), regions=()):
    return Caller(ME, "Uppföljaren", role, frozenset(units), regions=frozenset(regions))


def _close(store, number, **case):
    for _ in range(number):
        new = make_new_case(make_case(**case))
        store.cases.add([new])
        received = Received(CASE_SYSTEM, new.number, "a digest", NOW)
        change = Change(CaseState.CLOSED, make_entry(step=Step.MESSAGE_ACCEPTED, at=NOW))
        store.cases.change(CaseName(new.number), received, lambda _, change=change: change)


def _table():
    to = Destination("norr/k", "norr", "k", "inbox", {}, Policy(), COORDINATOR, "k")
    region = Region("norr", "Region Norr", "01", Committee(COMMITTEE, "Patientnämnden", to))
    units = [Unit(UNIT, "=Björken", "Ort", "norr", PROVIDER), Unit(OTHER, "Granen", "Ort", "syd")]
    rows = {unit.hsa_id.key: (Row(unit, to, ALWAYS, "norr.csv", 1),) for unit in units}
    return RouteTable("1", {"norr": region}, {to.key: to}, rows)
