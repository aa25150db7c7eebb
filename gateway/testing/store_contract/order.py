"""What a store promises of order: a case's second message waits for its first (DOMAIN C3)."""
# ruff: noqa: S101 (assert is how pytest speaks)

from dataclasses import replace

import pytest

from gateway.domain.case import CaseEvent
from gateway.flow.ports import Attempted
from gateway.flow.store import Store
from gateway.testing.builders import NOW, make_attachment, make_case, make_supplement
from gateway.testing.store_contract.acts import (
    DELIVERED,
    LATER,
    PARKED,
    accept,
    change,
    claim,
    claim_least_tried,
    claim_one,
    deliver_one,
    postponed,
    supplement,
)


class OrderContract:
    """The case before its supplements, one at a time."""

    def test_a_supplement_waits_for_its_case(self, store: Store) -> None:
        """DOMAIN C3: not while the case waits, and not while it is under way."""
        number = accept(store).number
        change(store, number, supplement())
        case = claim_one(store)
        assert case.message.event is CaseEvent.SUBMITTED
        assert claim(store) == []
        store.deliveries.record(case, DELIVERED, LATER)
        assert claim_one(store).message.event is CaseEvent.SUPPLEMENTED

    @pytest.mark.parametrize(
        "attempted", [PARKED, postponed(LATER.replace(year=2027))], ids=["parked", "postponed"]
    )
    def test_a_supplement_waits_while_its_case_cannot_go(
        self, store: Store, attempted: Attempted
    ) -> None:
        """DOMAIN C3: nothing overtakes a case that is parked or waits to be tried again."""
        change(store, accept(store).number, supplement())
        deliver_one(store, attempted)
        assert claim(store) == []
        assert store.deliveries.due(LATER) == []

    def test_what_waits_for_one_case_does_not_delay_another(self, store: Store) -> None:
        """DOMAIN C2 and C3: order is kept for each case by itself."""
        change(store, accept(store).number, supplement())
        deliver_one(store, PARKED)
        other = accept(store).number
        assert claim_one(store).message.case_number == other

    def test_what_was_tried_least_can_be_claimed_first(self, store: Store) -> None:
        """DOMAIN C2: what fails by itself does not keep a system from being found well."""
        tried = [accept(store).number for _ in range(2)]
        for claimed in claim(store):
            assert store.deliveries.record(claimed, postponed(NOW), LATER)
        new = accept(store).number
        [first] = claim_least_tried(store, 1)
        assert first.message.case_number == new
        rest = [claimed.message.case_number for claimed in claim_least_tried(store)]
        assert sorted(rest) == sorted(tried)

    def test_what_was_tried_least_waits_for_the_first_of_its_case(self, store: Store) -> None:
        """DOMAIN C3: whichever is claimed first, order is kept within a case."""
        change(store, accept(store).number, supplement())
        claimed = claim_one(store)
        assert store.deliveries.record(claimed, postponed(NOW), LATER)
        assert [one.id for one in claim_least_tried(store)] == [claimed.id]

    def test_a_case_has_one_delivery_under_way_at_a_time(self, store: Store) -> None:
        """DOMAIN C3: one at a time, in the order they came."""
        number = accept(store).number
        for text in ("ett", "två"):
            change(store, number, supplement(text=text))
        messages = [deliver_one(store).message for _ in range(3)]
        texts = [message.supplement.text for message in messages if message.supplement]
        assert texts == ["ett", "två"]
        assert claim(store) == []

    def test_a_supplement_carries_its_files_and_the_case_without_its_own(
        self, store: Store
    ) -> None:
        """DOMAIN A10, C3: the holder has those already, and a message has its limits."""
        new = accept(store, make_case(attachments=(make_attachment(),)))
        added = make_supplement(attachments=(make_attachment(file_name="mer.png"),))
        change(store, new.number, supplement(attachments=added.attachments))
        deliver_one(store)
        message = claim_one(store).message
        assert (message.case, message.supplement) == (replace(new.case, attachments=()), added)
