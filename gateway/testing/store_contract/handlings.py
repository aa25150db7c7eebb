"""What a store promises of how cases are handled."""
# ruff: noqa: S101 (assert is how pytest speaks)

from collections.abc import Callable
from dataclasses import replace

import pytest

from gateway.domain.errors import Fault, Refusal, Rule
from gateway.domain.handling import UNHANDLED, Classification, Handling
from gateway.domain.hsa import HsaId
from gateway.domain.lifecycle import CaseState
from gateway.flow.ports import CaseRecord, Change, Decide
from gateway.flow.store import Store
from gateway.flow.timeline import Entry, Step
from gateway.testing.store_contract.acts import LATER, accept, change, close, steps

WHOLE = Handling(
    assigned_to=HsaId("SE2321000016-NURSE"),
    assigned_name="Sköterskan",
    relation_verified_by="SE2321000016-NURSE",
    relation_verified_at=LATER,
    attachments_allowed=True,
    corrected_unit=HsaId("SE2321000016-9Z9Z"),
    classification=Classification(("3.4", "6"), "SOMATIC_CARE", "6.2"),
    first_contact_at=LATER,
    closed_at=LATER,
    reopened_at=LATER,
)


class HandlingsContract:
    """How cases are handled, written with their changes."""

    def test_a_case_that_nobody_touched_is_not_handled(self, store: Store) -> None:
        """DOMAIN E2: nothing is written before somebody does something; nor for no case."""
        new = accept(store)
        change(store, new.number, close())
        assert store.handlings.find(new.number) == UNHANDLED
        assert store.handlings.find("2026-0000-000000") == UNHANDLED

    def test_a_handling_is_read_back_as_it_was(self, store: Store) -> None:
        """DOMAIN E2, A3, A6, A10: every part of it."""
        new = accept(store)
        change(store, new.number, become(lambda _: WHOLE))
        assert store.handlings.find(new.number) == WHOLE

    def test_a_handling_becomes_from_what_it_was(self, store: Store) -> None:
        """DOMAIN E2: two who handle the same case lose nothing of each other's."""
        new, other = accept(store), accept(store)
        change(store, new.number, become(lambda was: was.contacted(LATER)))
        change(store, new.number, become(lambda was: replace(was, attachments_allowed=True)))
        found = store.handlings.find(new.number)
        assert found == Handling(attachments_allowed=True, first_contact_at=LATER)
        assert store.handlings.find(other.number) == UNHANDLED

    def test_what_its_handling_refuses_leaves_the_case_as_it_was(self, store: Store) -> None:
        """ISSUE: a clear message and nothing changed."""
        new = accept(store)

        def refuse(_: Handling) -> Handling:
            raise Refusal

        with pytest.raises(Refusal):
            change(store, new.number, become(refuse))
        assert steps(store, new.number) == [Step.CASE_ACCEPTED]

    def test_who_saw_an_older_case_is_told_what_came_since(self, store: Store) -> None:
        """DOMAIN E2: two handlers at once."""
        new = accept(store)
        change(store, new.number, become(lambda _: WHOLE), seen=1)
        with pytest.raises(Refusal, match=r"case\.assigned by SE1-NURSE") as refused:
            change(store, new.number, become(lambda _: UNHANDLED), seen=1)
        assert [fault.rule for fault in refused.value.faults] == [Rule.CASE_OVERTAKEN]
        change(store, new.number, become(lambda _: UNHANDLED), seen=2)
        assert store.handlings.find(new.number) == UNHANDLED

    def test_who_may_not_know_of_a_case_is_told_nothing_of_what_others_did(
        self, store: Store
    ) -> None:
        """DOMAIN E1: an older version is no way to ask who does what with it."""
        new = accept(store)
        change(store, new.number, become(lambda _: WHOLE), seen=1)

        def refuse(_: CaseRecord) -> Change:
            raise Refusal(Fault(Rule.CASE_UNKNOWN, "caseNumber", "unknown"))

        with pytest.raises(Refusal) as refused:
            change(store, new.number, refuse, seen=1)
        assert [fault.rule for fault in refused.value.faults] == [Rule.CASE_UNKNOWN]

    def test_a_reading_overtakes_nobody(self, store: Store) -> None:
        """DOMAIN E1, G3: it is on the timeline, and changes nothing."""
        new = accept(store)
        store.cases.content(new.number, Entry(Step.CASE_READ, LATER, "SE1-OTHER", {}))
        assert change(store, new.number, become(lambda _: WHOLE), seen=1)


def become(what: Callable[[Handling], Handling]) -> Decide:
    """Decide that the handling becomes this."""
    entry = Entry(Step.CASE_ASSIGNED, LATER, "SE1-NURSE", {})

    def decide(case: CaseRecord) -> Change:
        return Change(CaseState.IN_PROGRESS, entry, handled=what)

    return decide
