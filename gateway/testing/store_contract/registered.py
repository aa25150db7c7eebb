"""Promises about cases that their holders have registered."""
# ruff: noqa: S101 (assert is how pytest speaks)

from dataclasses import replace

from gateway.domain.case import CaseEvent
from gateway.domain.lifecycle import CaseState
from gateway.domain.message import InboxKind
from gateway.domain.registration import Channel
from gateway.flow.ports import Ambiguous, CaseName, Conflicting, Kept, NewCase, Receipt
from gateway.flow.registering import RegisteredCase
from gateway.flow.store import Store
from gateway.testing.builders import (
    CASE_SYSTEM,
    TOLVAN,
    UNIT,
    make_attachment,
    make_case,
    make_new_case,
)
from gateway.testing.store_contract.acts import (
    answer,
    change,
    claim_one,
    close,
    make_received,
    supplement,
)


class RegisteredCasesContract:
    """Cases that began outside (DOMAIN A12)."""

    def test_a_registered_case_is_with_its_holder_from_the_beginning(self, store: Store) -> None:
        """DOMAIN A12: received, named as its holder names it, and nothing goes out."""
        new = make_new_case()
        kept = store.registered_cases.add(_registered(new))
        assert kept == Kept(_receipt(new), repeated=False)
        case = store.cases.find(new.number)
        assert case is not None
        assert (case.state, case.external_case_id) == (CaseState.RECEIVED, "AVV-1")
        assert (case.channel, case.received_at) == (Channel.PHONE, new.received_at)
        assert store.deliveries.listed(None, None, None, 9) == []

    def test_its_content_is_read_as_that_of_any_case(self, store: Store) -> None:
        """DOMAIN A12, E1."""
        case = make_case(attachments=(make_attachment(),))
        registered = _registered(make_new_case(case))
        store.registered_cases.add(registered)
        assert store.cases.content(registered.new.number) == case

    def test_the_citizen_has_the_confirmation(self, store: Store) -> None:
        """DOMAIN A7, A12."""
        store.registered_cases.add(_registered())
        [message] = store.cases.inbox_messages(TOLVAN, None, 9)
        assert message.kind is InboxKind.CASE_CONFIRMATION

    def test_a_repeat_gets_the_first_receipt(self, store: Store) -> None:
        """DOMAIN A1: by the sender and its id of the case."""
        first = _registered()
        store.registered_cases.add(first)
        again = replace(first.new, id=make_new_case().id, number="2026-0000-000000")
        kept = store.registered_cases.add(replace(first, new=again))
        assert kept == Kept(_receipt(first.new), repeated=True)
        assert store.cases.find("2026-0000-000000") is None

    def test_other_content_under_the_same_id_is_a_conflict(self, store: Store) -> None:
        """DOMAIN A1."""
        first = _registered()
        store.registered_cases.add(first)
        other = replace(first.new, id=make_new_case().id, number="2", fingerprint="other")
        assert isinstance(store.registered_cases.add(replace(first, new=other)), Conflicting)

    def test_a_name_that_another_open_case_of_the_holder_has_is_refused(
        self, store: Store
    ) -> None:
        """DOMAIN A12, D2: and nothing is kept; who counts anew may when the older is closed."""
        first, other = _register(store), _registered()
        assert isinstance(store.registered_cases.add(other), Ambiguous)
        assert store.cases.find(other.new.number) is None
        elsewhere = _registered(make_new_case(holder=UNIT))
        assert isinstance(store.registered_cases.add(elsewhere), Kept)
        change(store, first.number, close())
        assert isinstance(store.registered_cases.add(other), Kept)

    def test_it_lies_in_the_inbox_of_staff_who_registered_it(self, store: Store) -> None:
        """DOMAIN E1, A12."""
        mine = _registered(lies_in_inbox=True)
        systems = replace(_registered(), external_case_id=None)
        store.registered_cases.add(mine)
        store.registered_cases.add(systems)
        found = store.unit_inboxes.items(frozenset({CASE_SYSTEM}), None, 9)
        assert [item.record.number for item in found] == [mine.new.number]

    def test_its_holder_names_it_as_it_always_has(self, store: Store) -> None:
        """CONTRACT ProcessCaseMessage: by the holder's own id of it, and at once."""
        new = _register(store)
        name = CaseName(external=(CASE_SYSTEM, "AVV-1"))
        kept = store.cases.change(name, make_received(), answer())
        assert isinstance(kept, Kept)
        assert kept.receipt.case_number == new.number
        assert not store.cases.awaits_name(CASE_SYSTEM)

    def test_what_happens_later_goes_out_as_for_any_case(self, store: Store) -> None:
        """DOMAIN A10, A12: a supplement does not wait for what was never sent."""
        new = _register(store)
        change(store, new.number, supplement())
        claimed = claim_one(store)
        assert (claimed.message.event, claimed.message.case) == (
            CaseEvent.SUPPLEMENTED,
            new.case,
        )


def _registered(new: NewCase | None = None, *, lies_in_inbox: bool = False) -> RegisteredCase:
    return RegisteredCase(new or make_new_case(), Channel.PHONE, "AVV-1", lies_in_inbox)


def _register(store: Store) -> NewCase:
    registered = _registered()
    store.registered_cases.add(registered)
    return registered.new


def _receipt(new: NewCase) -> Receipt:
    return Receipt(new.number, new.received_at, new.warnings)
