"""What a store promises of the lists of an inbox: filters, orders and pages (DOMAIN A11, E1)."""
# ruff: noqa: S101 (assert is how pytest speaks)

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from gateway.domain.case import Kind
from gateway.domain.forwarding import Hop, Place
from gateway.domain.hsa import HsaId
from gateway.domain.lifecycle import CaseState
from gateway.flow.handover import Handover
from gateway.flow.ports import CaseRecord, Change, Decide
from gateway.flow.store import Store
from gateway.flow.unit_list import AssignedTo, Order, Selection, Shelf
from gateway.testing.builders import NOW, UNIT, make_case, make_entry, make_message
from gateway.testing.store_contract.acts import accept, answer, change, claim, close

_NURSE = HsaId("SE2321000016-NURSE")
_OTHER = HsaId("SE2321000016-EKEN")
_OWNERS = frozenset({UNIT, _OTHER})
_DAY = timedelta(days=1)


class UnitListsContract:
    """The lists of the built-in inbox."""

    def test_a_case_lies_where_its_state_says(self, store: Store) -> None:
        """DOMAIN E1: open, answered and closed cases, each in a list of its own."""
        waiting, answered, closed = (_arrived(store) for _ in range(3))
        change(store, answered, answer())
        change(store, closed, close())
        for shelf, number in zip(Shelf, (waiting, answered, closed), strict=True):
            assert _numbers(store, shelf=shelf) == [number]
        assert _numbers(store) == [waiting, answered, closed]

    def test_a_case_that_was_closed_before_it_came_lies_with_the_closed(
        self, store: Store
    ) -> None:
        """DOMAIN E1: whatever comes first."""
        number = accept(store, holder=UNIT).number
        change(store, number, close())
        _put(store)
        assert _numbers(store, shelf=Shelf.CLOSED) == [number]

    def test_a_list_is_read_newest_first_too(self, store: Store) -> None:
        """DOMAIN E1: by arrival, either way, page by page."""
        numbers = [_arrived(store) for _ in range(5)]
        wanted = Selection(order=Order.NEWEST)
        first = store.unit_inboxes.items(_OWNERS, None, 3, wanted)
        rest = store.unit_inboxes.items(_OWNERS, first[-1].bookmark(Order.NEWEST), 3, wanted)
        assert [item.record.number for item in first + rest] == numbers[::-1]

    def test_what_is_due_first_comes_first(self, store: Store) -> None:
        """DOMAIN A11: only open cases that have a due date, page by page."""
        days = (5, 3, 9, 4)
        late, soon, latest, next_soon = (_arrived(store, due_at=NOW + n * _DAY) for n in days)
        _arrived(store, case=make_case(kind=Kind.FEEDBACK))
        change(store, _arrived(store, due_at=NOW), answer())
        wanted = Selection(order=Order.DUE)
        first = store.unit_inboxes.items(_OWNERS, None, 3, wanted)
        rest = store.unit_inboxes.items(_OWNERS, first[-1].bookmark(Order.DUE), 3, wanted)
        told = [item.record.number for item in first + rest]
        assert told == [soon, next_soon, late, latest]

    def test_what_is_due_is_found_by_its_time(self, store: Store) -> None:
        """DOMAIN A11: from then on, and before then."""
        numbers = [_arrived(store, due_at=NOW + days * _DAY) for days in range(4)]
        first, end = NOW + _DAY, NOW + 3 * _DAY
        wanted = Selection(order=Order.DUE, due_from=first, due_before=end)
        assert _numbers(store, wanted) == numbers[1:3]

    def test_a_list_of_what_is_due_goes_on_after_its_bookmark(self, store: Store) -> None:
        """DOMAIN A11: and never before the time it begins with, which moves on meanwhile."""
        numbers = [_arrived(store, due_at=NOW + days * _DAY) for days in range(4)]
        second = store.unit_inboxes.items(_OWNERS, None, 2, Selection(order=Order.DUE))[-1]
        for days, there in ((0, numbers[2:]), (1, numbers[2:]), (3, numbers[3:])):
            wanted = Selection(order=Order.DUE, due_from=NOW + days * _DAY)
            items = store.unit_inboxes.items(_OWNERS, second.bookmark(Order.DUE), 10, wanted)
            assert [item.record.number for item in items] == there

    @pytest.mark.parametrize("order", [Order.OLDEST, Order.DUE])
    def test_cases_are_listed_by_whom_they_are_assigned_to(
        self, store: Store, order: Order
    ) -> None:
        """DOMAIN E1, E2: mine, and what nobody has taken on."""
        mine, nobodys, back = (_arrived(store) for _ in range(3))
        before = accept(store, holder=UNIT).number
        for number in (mine, back, before):
            change(store, number, _assign(_NURSE))
        change(store, back, _assign(None))
        _put(store)
        hers = Selection(assigned=AssignedTo(HsaId(_NURSE.text.lower())), order=order)
        assert _numbers(store, hers) == [mine, before]
        nobody = Selection(assigned=AssignedTo(None), order=order)
        assert _numbers(store, nobody) == [nobodys, back]

    @pytest.mark.parametrize("order", [Order.OLDEST, Order.DUE])
    def test_filters_hold_together(self, store: Store, order: Order) -> None:
        """DOMAIN E1: a case fits all of them, or is left out."""
        feedback = _arrived(store, case=make_case(kind=Kind.FEEDBACK))
        mine, hers = _arrived(store), _arrived(store)
        for number in (feedback, mine):
            change(store, number, _assign(_NURSE))
        wanted = Selection(Shelf.OPEN, Kind.COMPLAINT, AssignedTo(_NURSE), order=order)
        assert _numbers(store, wanted) == [mine]
        assert _numbers(store, replace(wanted, assigned=None)) == [mine, hers]

    def test_many_inboxes_are_one_list(self, store: Store) -> None:
        """DOMAIN E1: a coordinator has many units, and sees their cases by arrival."""
        numbers = [_arrived(store, holder=(UNIT, _OTHER)[n % 2]) for n in range(6)]
        many = _OWNERS | {HsaId(f"SE2321000016-{n}") for n in range(90)}
        first = store.unit_inboxes.items(many, None, 4)
        rest = store.unit_inboxes.items(many, first[-1].bookmark(Order.OLDEST), 4)
        assert [item.record.number for item in first + rest] == numbers

    def test_a_case_leaves_the_list_of_who_has_it_no_more(self, store: Store) -> None:
        """DOMAIN D6: it is in one inbox at most, and comes anew when it comes back."""
        gone, stays = _arrived(store), _arrived(store)
        change(store, gone, _hand_over(_OTHER))
        assert _numbers(store) == [stays]
        change(store, gone, _hand_over(UNIT))
        _put_again(store, gone)
        assert _numbers(store) == [stays, gone]

    def test_a_list_tells_who_handles_a_case(self, store: Store) -> None:
        """DOMAIN E2: as it stands on the case."""
        change(store, _arrived(store), _assign(_NURSE))
        [item] = store.unit_inboxes.items(_OWNERS, None, 10)
        assert (item.handling.assigned_to, item.handling.assigned_name) == (_NURSE, "Karin")
        assert item.reminded is None


def _arrived(store: Store, **only_what_matters: Any) -> str:
    accept(store, **({"holder": UNIT} | only_what_matters))
    return _put(store)


def _put(store: Store) -> str:
    return store.unit_inboxes.put(claim(store, 1)[0].message)


def _put_again(store: Store, number: str) -> None:
    case = store.cases.content(number)
    assert case is not None
    store.unit_inboxes.put(make_message(case_number=number, case=case))


def _numbers(store: Store, wanted: Selection | None = None, **filters: Any) -> list[str]:
    selection = wanted or Selection(**filters)
    items = store.unit_inboxes.items(_OWNERS, None, 10, selection)
    return [item.record.number for item in items]


def _assign(whom: HsaId | None) -> Decide:
    def decide(case: CaseRecord) -> Change:
        name = "Karin" if whom else None
        return Change(
            case.state,
            make_entry(),
            handled=lambda before: replace(before, assigned_to=whom, assigned_name=name),
        )

    return decide


def _hand_over(holder: HsaId) -> Decide:
    def decide(case: CaseRecord) -> Change:
        hop = Hop(NOW, case.at, Place(holder, "Eken"), declined=False)
        handover = Handover(case.destination, case.region, holder, hop)
        return Change(CaseState.SUBMITTED, make_entry(), handover=handover)

    return decide
