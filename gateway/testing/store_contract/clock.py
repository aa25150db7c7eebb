"""What a store promises of due dates: each reminder once, and counts that are right (A11)."""
# ruff: noqa: S101 (assert is how pytest speaks)

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from gateway.domain.case import Kind
from gateway.domain.hsa import HsaId
from gateway.flow.clock import Overdue, Span, UnitClock
from gateway.flow.store import Store
from gateway.flow.timeline import GATEWAY, Entry, Step
from gateway.flow.unit_list import Due
from gateway.testing.builders import DESTINATION, NOW, UNIT, make_case, make_entry
from gateway.testing.store_contract.acts import accept, answer, change, claim, steps

_DAY = timedelta(days=1)
_SPAN = Span(NOW, NOW + 7 * _DAY)
_EKEN = HsaId("SE2321000016-EKEN")


class ClockContract:
    """The clock of complaints."""

    def test_a_case_is_reminded_of_once_when_it_is_soon_due_and_once_when_overdue(
        self, store: Store
    ) -> None:
        """DOMAIN A11: on its timeline."""
        number = accept(store, due_at=NOW + _DAY).number
        assert [_remind(store, Due.SOON), _remind(store, Due.SOON)] == [1, 0]
        later = Span(NOW + 2 * _DAY, NOW + 9 * _DAY)
        assert [_remind(store, Due.OVERDUE, later), _remind(store, Due.OVERDUE, later)] == [1, 0]
        assert _remind(store, Due.SOON, later) == 0
        assert steps(store, number)[1:] == [Step.CASE_REMINDED] * 2

    def test_what_is_overdue_already_is_not_soon_due(self, store: Store) -> None:
        """DOMAIN A11: a gateway that was away for long tells what is so."""
        accept(store, due_at=NOW - _DAY)
        assert [_remind(store, Due.SOON), _remind(store, Due.OVERDUE)] == [0, 1]
        assert _remind(store, Due.SOON) == 0

    def test_nobody_is_reminded_of_what_waits_for_no_answer(self, store: Store) -> None:
        """DOMAIN A11: answered, feedback, or due in a long time."""
        change(store, accept(store, due_at=NOW - _DAY).number, answer())
        accept(store, make_case(kind=Kind.FEEDBACK))
        accept(store, due_at=NOW + 8 * _DAY)
        assert [_remind(store, Due.OVERDUE), _remind(store, Due.SOON)] == [0, 0]

    def test_of_many_that_remind_at_once_each_case_is_reminded_of_once(self, store: Store) -> None:
        """DOMAIN A11: one reminder, by all nodes together."""
        numbers = [accept(store, due_at=NOW - _DAY).number for _ in range(8)]
        with ThreadPoolExecutor(4) as pool:
            told = sum(pool.map(lambda _: _remind(store, Due.OVERDUE), range(8)))
        assert told == len(numbers)
        assert all(steps(store, one).count(Step.CASE_REMINDED) == 1 for one in numbers)

    def test_some_are_reminded_of_at_a_time(self, store: Store) -> None:
        """DOMAIN A11: a step is short, however much is overdue."""
        for _ in range(3):
            accept(store, due_at=NOW - _DAY)
        entry = _entry()
        told = [store.due_dates.remind(Due.OVERDUE, _SPAN, entry, 2) for _ in range(3)]
        assert told == [2, 1, 0]

    def test_what_is_overdue_is_told_by_destination_until_it_is_answered(
        self, store: Store
    ) -> None:
        """DOMAIN A11 and G2: what alarms stand for."""
        numbers = [accept(store, due_at=NOW - days * _DAY).number for days in (1, 2)]
        assert store.due_dates.overdue() == {}
        _remind(store, Due.OVERDUE)
        assert store.due_dates.overdue() == {DESTINATION: Overdue(2, NOW - 2 * _DAY)}
        for number in numbers:
            change(store, number, answer())
        assert store.due_dates.overdue() == {}

    def test_open_complaints_are_counted_by_unit(self, store: Store) -> None:
        """DOMAIN A11: how a region stands, without any case."""
        for days in (-2, -1, 3, 20):
            accept(store, due_at=NOW + days * _DAY)
        accept(store, make_case(kind=Kind.FEEDBACK))
        change(store, accept(store, due_at=NOW).number, answer())
        unit = UnitClock(UNIT, "Vårdcentralen Björken", "norr", 4, 1, 2, NOW - 2 * _DAY)
        assert store.due_dates.of_regions(frozenset({"norr"}), _SPAN) == [unit]
        assert store.due_dates.of_regions(None, _SPAN) == [unit]
        assert store.due_dates.of_regions(frozenset({"söder"}), _SPAN) == []

    def test_what_lies_in_an_inbox_is_counted_by_unit(self, store: Store) -> None:
        """DOMAIN A11, B3: a coordinator sees each of the units it answers for."""
        for unit in (UNIT, UNIT, _EKEN):
            _arrived(store, unit=unit, due_at=NOW + _DAY)
        accept(store, holder=_EKEN, due_at=NOW)
        found = store.due_dates.of_inboxes(frozenset({UNIT}), _SPAN)
        assert [(one.unit, one.open, one.soon) for one in found] == [(UNIT, 2, 2), (_EKEN, 1, 1)]


def _arrived(store: Store, **only_what_matters: Any) -> None:
    accept(store, **({"holder": UNIT} | only_what_matters))
    store.unit_inboxes.put(claim(store, 1)[0].message)


def _remind(store: Store, due: Due, span: Span = _SPAN) -> int:
    return store.due_dates.remind(due, span, _entry(), 100)


def _entry() -> Entry:
    return make_entry(step=Step.CASE_REMINDED, actor=GATEWAY, details={})
