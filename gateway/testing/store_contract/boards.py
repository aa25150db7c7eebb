"""What a store promises of the counts of many units' open cases (DOMAIN A11, B3, E1)."""
# ruff: noqa: S101 (assert is how pytest speaks)

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from gateway.domain.case import Kind
from gateway.domain.hsa import HsaId
from gateway.flow.board import Counting, UnitCounts
from gateway.flow.ports import CaseRecord, Change, Decide
from gateway.flow.store import Store
from gateway.flow.unit_list import Order, Selection, Shelf
from gateway.testing.builders import NOW, UNIT, make_case, make_entry
from gateway.testing.store_contract.acts import accept, answer, change, claim

_COORDINATOR = HsaId("SE2321000016-SAM")
_OTHER = HsaId("SE2321000016-EKEN")
_DAY = timedelta(days=1)
_COUNTING = Counting(NOW, NOW + 7 * _DAY)


class BoardsContract:
    """Many units whose cases one coordinator has."""

    def test_open_cases_are_counted_by_the_unit_that_was_selected(self, store: Store) -> None:
        """DOMAIN A11, B3: late and soon late complaints, what nobody has taken on or answered."""
        for days in (-1, 1, 30):
            taken = _arrived(store, UNIT, due_at=NOW + days * _DAY)
        _arrived(store, _OTHER, case=make_case(kind=Kind.FEEDBACK), due_at=None)
        change(store, taken, _take_on(NOW))
        change(store, _arrived(store, UNIT), answer())
        board = store.unit_inboxes.board(frozenset({_COORDINATOR}), _COUNTING)
        ours, theirs = (UNIT, 3, 2, 2, 1, 1), (_OTHER, 1, 1, 1, 0, 0)
        assert [_told(unit) for unit in board.units] == [ours, theirs]
        assert board.whole

    def test_what_lies_in_other_inboxes_is_not_counted(self, store: Store) -> None:
        """DOMAIN E1: only staff of the unit, or its coordinator, see anything."""
        _arrived(store, UNIT)
        assert store.unit_inboxes.board(frozenset({UNIT, _OTHER}), _COUNTING).units == ()

    def test_no_more_is_counted_than_was_asked_for(self, store: Store) -> None:
        """DOMAIN A11: and it is told that there may be more."""
        for _ in range(3):
            _arrived(store, UNIT)
        board = store.unit_inboxes.board(frozenset({_COORDINATOR}), replace(_COUNTING, most=2))
        assert ([unit.open for unit in board.units], board.whole) == ([2], False)

    def test_the_cases_of_one_unit_are_listed(self, store: Store) -> None:
        """DOMAIN B3: in every order, however the unit is spelled."""
        ours = [_arrived(store, unit) for unit in (UNIT, _OTHER, UNIT)][::2]
        unit = HsaId(UNIT.text.lower())
        for wanted in (
            Selection(unit=unit),
            Selection(Shelf.OPEN, Kind.COMPLAINT, unit=unit),
            Selection(unit=unit, order=Order.DUE),
        ):
            items = store.unit_inboxes.items(frozenset({_COORDINATOR}), None, 10, wanted)
            assert [item.record.number for item in items] == ours


def _arrived(store: Store, unit: HsaId, **only_what_matters: Any) -> str:
    accept(store, unit=unit, holder=_COORDINATOR, **only_what_matters)
    return store.unit_inboxes.put(claim(store, 1)[0].message)


def _take_on(at: datetime) -> Decide:
    def decide(case: CaseRecord) -> Change:
        def handled(before: Any) -> Any:
            return replace(before, assigned_to=_OTHER, first_contact_at=at)

        return Change(case.state, make_entry(), handled=handled)

    return decide


def _told(unit: UnitCounts) -> tuple[HsaId, int, int, int, int, int]:
    contact = unit.unassigned, unit.uncontacted
    return unit.unit, unit.open, *contact, unit.soon, unit.overdue
