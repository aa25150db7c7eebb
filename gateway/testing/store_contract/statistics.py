"""What a store promises of statistics: closed cases are counted once, where they belong (F1)."""
# ruff: noqa: S101 (assert is how pytest speaks)

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from typing import Any

from gateway.domain.case import Case, Kind, Receiver, ReceiverType
from gateway.domain.handling import Classification
from gateway.domain.hsa import HsaId
from gateway.domain.lifecycle import CaseState
from gateway.domain.statistics import Area, Counted, Counter, Value
from gateway.flow.ports import Change, NewCase
from gateway.flow.retention import Disposing, Scope
from gateway.flow.store import Store
from gateway.flow.timeline import Step
from gateway.testing.builders import NOW, UNIT, make_case, make_entry
from gateway.testing.store_contract.acts import LATER, accept, change, close, deliver_one

_UNIT = ("norr", "", UNIT.key)
_ABOVE: list[Area | None] = [None, (), ("norr",), ("norr", "")]


class StatisticsContract:
    """What is counted of closed cases."""

    def test_an_open_case_is_not_counted(self, store: Store) -> None:
        """DOMAIN F1: and taking a case in costs nothing more."""
        accept(store)
        assert _counted(store, Counter.CASES) == {}

    def test_a_closed_case_is_counted_at_every_level(self, store: Store) -> None:
        """DOMAIN F2: whoever closed it."""
        _closed(store)
        for depth in range(4):
            assert _counted(store, Counter.CASES)[_UNIT[:depth], "2026-11", ()] == 1

    def test_a_closed_case_is_counted_by_each_parameter(self, store: Store) -> None:
        """DOMAIN F1: the patient of the test number was a hundred and thirteen years."""
        _closed(store)
        told = {counter: _values(store, counter) for counter in Counter}
        assert told[Counter.AGE] == {("90-",): 1}
        assert told[Counter.SEX] == {("MALE",): 1}
        assert told[Counter.PROBLEM] == told[Counter.FIELD_OF_OPERATION] == {("",): 1}
        assert told[Counter.EVENT_MONTH] == {("2026-10",): 1}
        assert told[Counter.RECEIVED_MONTH] == {("2026-11",): 1}

    def test_kinds_and_receivers_are_told_apart(self, store: Store) -> None:
        """DOMAIN F2: complaints and feedback, to the care and to the committee."""
        _closed(store), _closed(store, make_case(kind=Kind.FEEDBACK))
        found = store.statistics.counted(Counter.CASES, [None], 2026)
        care = ReceiverType.CARE
        assert sorted(found, key=lambda one: one.kind) == [
            Counted((), "2026-11", kind, care, (), 1) for kind in sorted(Kind)
        ]

    def test_a_repeat_of_closing_counts_once(self, store: Store) -> None:
        """DOMAIN D2."""
        new = accept(store)
        for _ in range(2):
            change(store, new.number, close(), message_id="m-1")
        assert _counted(store, Counter.CASES)[(), "2026-11", ()] == 1

    def test_a_classification_after_closing_is_counted_instead(self, store: Store) -> None:
        """DOMAIN E2, F1: main problem and sub-problem, in the month that it was closed in."""
        new = _closed(store)
        found = Classification(("3.4", "1"), "DENTAL_CARE", "5.1")
        _stands(store, new, classification=found, at=datetime(2026, 12, 24, tzinfo=NOW.tzinfo))
        assert _values(store, Counter.PROBLEM) == {("3", "3.4"): 1}
        assert _values(store, Counter.FIELD_OF_OPERATION) == {("DENTAL_CARE",): 1}
        assert _values(store, Counter.PERCEIVED_PROBLEM) == {("5",): 1}
        assert _counted(store, Counter.CASES)[(), "2026-11", ()] == 1

    def test_a_corrected_unit_is_counted_instead(self, store: Store) -> None:
        """DOMAIN A3: for follow-up and statistics, without moving the case."""
        placed = store.placed_by(lambda unit: ("norr", "", unit.key))
        _stands(placed, _closed(placed), corrected_unit=HsaId("SE2321000016-OTHER"))
        counted = _counted(placed, Counter.CASES)
        assert counted[("norr", "", "se2321000016-other"), "2026-11", ()] == 1
        assert (_UNIT, "2026-11", ()) not in counted
        assert counted[("norr",), "2026-11", ()] == 1

    def test_a_corrected_unit_that_no_table_knows_is_no_unit(self, store: Store) -> None:
        """DOMAIN A3, F2: it may be anything; what was sent to a unit is counted there."""
        committee = make_case(receiver=Receiver(ReceiverType.COMMITTEE, None))
        for case in (None, committee):
            _stands(store, _closed(store, case), corrected_unit=HsaId("SE2321000016-OTHER"))
        counted = _counted(store, Counter.CASES)
        assert {area[2] for area, _, _ in counted if len(area) == 3} == {"", UNIT.key}

    def test_a_reopened_case_moves_to_the_month_of_its_last_closing(self, store: Store) -> None:
        """DOMAIN E2: until then it is counted where it was."""
        new = _closed(store)
        _stands(store, new, state=CaseState.IN_PROGRESS)
        assert _counted(store, Counter.CASES)[(), "2026-11", ()] == 1
        _stands(store, new, at=datetime(2026, 12, 24, tzinfo=NOW.tzinfo))
        assert list(_months(store)) == ["2026-12"]

    def test_a_disposed_case_stays_counted(self, store: Store) -> None:
        """DOMAIN E4, F2."""
        new = _closed(store)
        years = NOW.replace(year=2030)
        disposing = Disposing(Scope("norr", Kind.COMPLAINT, years), "24 months", "op", years)
        deliver_one(store)
        assert store.retentions.dispose(new.number, disposing)
        assert _counted(store, Counter.CASES)[(), "2026-11", ()] == 1

    def test_only_what_was_asked_for_is_read(self, store: Store) -> None:
        """DOMAIN F2: one year, and the areas right below."""
        _closed(store)
        assert store.statistics.counted(Counter.CASES, [None], 2025) == []
        [one] = store.statistics.counted(Counter.CASES, [("norr",)], 2026)
        assert one.area == ("norr", "")

    def test_areas_are_found_by_their_key(self, store: Store) -> None:
        """DOMAIN F2: also where no route names them any more."""
        _closed(store)
        assert store.statistics.seen(UNIT.key) == [_UNIT]
        assert store.statistics.seen("norr") == [("norr",)]
        assert store.statistics.seen("nobody") == []

    def test_a_fault_in_counting_stops_no_close(self, store: Store) -> None:
        """DOMAIN D1, F1: statistics are about cases, never in their way."""
        new = _closed(store.placed_by(_placed_by_mistake))
        record = store.cases.find(new.number)
        assert record is not None
        assert record.state is CaseState.CLOSED
        assert _counted(store, Counter.CASES) == {}

    def test_many_who_close_at_once_are_all_counted(self, store: Store) -> None:
        """DESIGN 11: they share the summaries, in one order."""
        news = [accept(store) for _ in range(12)]
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda new: change(store, new.number, close()), news))
        assert _counted(store, Counter.CASES)[(), "2026-11", ()] == 12


def _placed_by_mistake(_: HsaId) -> Area:
    raise LookupError


def _closed(store: Store, case: Case | None = None) -> NewCase:
    new = accept(store, case)
    change(store, new.number, close())
    return new


def _stands(
    store: Store,
    new: NewCase,
    state: CaseState = CaseState.CLOSED,
    at: datetime = LATER,
    **handled: Any,  # the fields of Handling
) -> None:
    entry = make_entry(step=Step.MESSAGE_ACCEPTED, at=at)
    decided = Change(state, entry, handled=lambda before: replace(before, **handled))
    change(store, new.number, lambda _: decided)


def _counted(store: Store, counter: Counter) -> dict[tuple[Area, str, Value], int]:
    found = store.statistics.counted(counter, _ABOVE, 2026)
    return {(one.area, one.month, one.value): one.cases for one in found}


def _values(store: Store, counter: Counter) -> dict[Value, int]:
    return {one.value: one.cases for one in store.statistics.counted(counter, [None], 2026)}


def _months(store: Store) -> dict[str, int]:
    found = store.statistics.counted(Counter.CASES, [None], 2026)
    return {one.month: one.cases for one in found}
