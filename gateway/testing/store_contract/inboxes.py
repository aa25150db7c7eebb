"""What a store promises of inboxes: the citizen's own, and those of units (DOMAIN D1, E1)."""
# ruff: noqa: S101 (assert is how pytest speaks)

from datetime import timedelta

import pytest
from uuid_utils.compat import uuid7

from gateway.domain.case import Attachment, Case, Submitter
from gateway.domain.hsa import HsaId
from gateway.domain.message import InboxKind
from gateway.flow.store import Store
from gateway.flow.unit_list import Order
from gateway.testing.builders import (
    AGDA,
    NOW,
    TOLVAN,
    UNIT,
    make_attachment,
    make_case,
)
from gateway.testing.store_contract.acts import accept, answer, change, claim, claim_one

_COORDINATOR = HsaId("SE2321000016-COORD")


class InboxesContract:
    """What citizens and staff read."""

    def test_a_confirmation_is_in_the_citizens_inbox_at_once(self, store: Store) -> None:
        """DOMAIN A7: with the case number, whatever handles the case."""
        new = accept(store)
        assert store.cases.inbox_messages(TOLVAN, None, 10) == [new.confirmation]

    def test_a_citizen_reads_a_case_with_its_messages(self, store: Store) -> None:
        """DOMAIN D1 and D4: replies reach the inbox, attachments and all."""
        new, files = accept(store), (make_attachment(), make_attachment(content=b"other"))
        change(store, new.number, answer(attachments=files))
        [case] = store.cases.of_citizen(TOLVAN, None, None)
        assert case.record == store.cases.find(new.number)
        assert case.messages[0] == new.confirmation
        assert case.messages[1].attachments == files

    def test_a_citizen_reads_nobody_elses_cases(self, store: Store) -> None:
        """DOMAIN A1: the e-service has authenticated this citizen only."""
        mine = accept(store).number
        hers = accept(store, _case_of_agda()).number
        assert [case.record.number for case in store.cases.of_citizen(TOLVAN, None, None)] == [
            mine
        ]
        assert store.cases.of_citizen(TOLVAN, hers, None) == []
        assert [m.case_number for m in store.cases.inbox_messages(AGDA, None, 10)] == [hers]

    def test_a_citizen_reads_one_case_by_its_number(self, store: Store) -> None:
        """CONTRACT GetCaseMessages: one case or all."""
        numbers = [accept(store).number for _ in range(3)]
        [case] = store.cases.of_citizen(TOLVAN, numbers[1], None)
        assert case.record.number == numbers[1]
        assert len(store.cases.of_citizen(TOLVAN, None, None)) == 3

    def test_a_citizen_reads_messages_since_a_moment(self, store: Store) -> None:
        """CONTRACT GetCaseMessages: what was sent then or after."""
        number, at = accept(store).number, NOW + timedelta(days=2)
        change(store, number, answer(sent_at=at))
        [case] = store.cases.of_citizen(TOLVAN, None, at)
        assert [message.kind for message in case.messages] == [InboxKind.FINAL_REPLY]
        [later] = store.cases.of_citizen(TOLVAN, None, at + timedelta(microseconds=1))
        assert later.messages == ()

    def test_a_citizens_messages_are_read_page_by_page(self, store: Store) -> None:
        """CONTRACT: keyset pages, oldest first."""
        ids = [accept(store).confirmation.message_id for _ in range(5)]
        first = store.cases.inbox_messages(TOLVAN, None, 3)
        rest = store.cases.inbox_messages(TOLVAN, first[-1].message_id, 3)
        assert [message.message_id for message in first + rest] == ids

    def test_a_page_tells_of_attachments_without_their_content(self, store: Store) -> None:
        """DOMAIN D4: a list stays small; each file is fetched by itself."""
        change(store, accept(store).number, answer(attachments=(make_attachment(),)))
        message = store.cases.inbox_messages(TOLVAN, None, 10)[1]
        assert message.attachments == (make_attachment(),)

    def test_nothing_comes_after_what_is_no_message_id(self, store: Store) -> None:
        """The id comes from outside, and may be anything."""
        accept(store)
        assert store.cases.inbox_messages(TOLVAN, "yesterday", 10) == []

    def test_a_citizen_reads_an_attachment(self, store: Store) -> None:
        """DOMAIN D4: counted from 1."""
        files = (make_attachment(), make_attachment(file_name="två.png", content=b"two"))
        message_id = _answered_with(store, files)
        assert store.cases.inbox_attachment(TOLVAN, message_id, 2) == files[1]

    def test_a_citizen_reads_no_attachment_of_somebody_else(self, store: Store) -> None:
        """DOMAIN A1: knowing the id is not enough."""
        message_id = _answered_with(store, (make_attachment(),))
        assert store.cases.inbox_attachment(AGDA, message_id, 1) is None

    @pytest.mark.parametrize("number", [0, 2])
    def test_an_attachment_that_is_not_there_is_not_found(self, store: Store, number: int) -> None:
        """The number comes from outside, and may be anything; so may the id."""
        message_id = _answered_with(store, (make_attachment(),))
        assert store.cases.inbox_attachment(TOLVAN, message_id, number) is None
        assert store.cases.inbox_attachment(TOLVAN, str(uuid7()), 1) is None
        assert store.cases.inbox_attachment(TOLVAN, "the second", 1) is None

    def test_a_case_is_put_before_the_staff_of_its_holder(self, store: Store) -> None:
        """DOMAIN E1: a unit's cases in one list."""
        new = accept(store, holder=UNIT)
        assert _put(store) == new.number
        [item] = store.unit_inboxes.items(frozenset({UNIT}), None, 10)
        assert item.record == store.cases.find(new.number)

    def test_a_case_that_was_put_before_stays_where_it_is(self, store: Store) -> None:
        """DESIGN decision 9: a repeat does nothing."""
        accept(store, holder=UNIT)
        message = claim_one(store).message
        store.unit_inboxes.put(message)
        first = store.unit_inboxes.items(frozenset({UNIT}), None, 10)
        assert store.unit_inboxes.put(message) == message.case_number
        assert store.unit_inboxes.items(frozenset({UNIT}), None, 10) == first

    def test_staff_see_the_cases_of_their_own_units_only(self, store: Store) -> None:
        """DOMAIN E1: only staff of that unit, or its coordinator, see anything."""
        accept(store, holder=_COORDINATOR)
        number = _put(store)
        theirs = frozenset({HsaId(_COORDINATOR.text.lower()), HsaId("SE2321000016-MORE")})
        assert [i.record.number for i in store.unit_inboxes.items(theirs, None, 10)] == [number]
        assert store.unit_inboxes.items(frozenset({UNIT}), None, 10) == []
        assert store.unit_inboxes.items(frozenset(), None, 10) == []

    def test_a_units_cases_are_read_page_by_page(self, store: Store) -> None:
        """DOMAIN E1: oldest first; the last one leads to the next page."""
        for _ in range(5):
            accept(store, holder=UNIT)
        numbers = [_put(store) for _ in range(5)]
        first = store.unit_inboxes.items(frozenset({UNIT}), None, 3)
        rest = store.unit_inboxes.items(frozenset({UNIT}), first[-1].bookmark(Order.OLDEST), 3)
        assert [item.record.number for item in first + rest] == numbers

    def test_a_store_that_answers_is_ready(self, store: Store) -> None:
        """CONTRACT /health/ready."""
        assert store.ready()


def _case_of_agda() -> Case:
    return make_case(submitter=Submitter(AGDA, "Agda Andersson"))


def _answered_with(store: Store, files: tuple[Attachment, ...]) -> str:
    change(store, accept(store).number, answer(attachments=files))
    return store.cases.inbox_messages(TOLVAN, None, 10)[-1].message_id


def _put(store: Store) -> str:
    return store.unit_inboxes.put(claim(store, 1)[0].message)
