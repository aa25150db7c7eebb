"""What a store promises of cases: kept whole, and once."""
# ruff: noqa: S101 (assert is how pytest speaks)

from dataclasses import replace
from functools import partial
from zoneinfo import ZoneInfo

from gateway.domain.hsa import HsaId
from gateway.flow.ports import Conflicting, Kept, Receipt, UnmatchedMessage
from gateway.flow.store import Store
from gateway.flow.timeline import Step, first_break
from gateway.testing.builders import (
    CASE_SYSTEM,
    E_SERVICE,
    NOW,
    TOLVAN,
    make_attachment,
    make_case,
    make_case_message,
    make_entry,
    make_new_case,
    make_supplement,
)
from gateway.testing.store_contract.acts import (
    LATER,
    accept,
    change,
    record_of,
    steps,
    supplement,
)


class CasesContract:
    """Cases as they come, and as they are read."""

    def test_a_case_is_kept_whole(self, store: Store) -> None:
        """DOMAIN C1: what was accepted is never lost, attachments included."""
        files = (make_attachment(), make_attachment(file_name="brev.pdf", content=b"%PDF"))
        new = accept(store, make_case(attachments=files))
        assert store.cases.content(new.number) == new.case

    def test_where_a_case_stands_can_be_read(self, store: Store) -> None:
        """DOMAIN G1: an operator finds one case by its number."""
        new = accept(store)
        assert store.cases.find(new.number) == record_of(new)
        assert store.cases.find("2026-0000-000000") is None

    def test_many_cases_are_kept_together(self, store: Store) -> None:
        """DESIGN decision 3: all that waits goes into one transaction."""
        batch = [make_new_case() for _ in range(5)]
        answers = store.cases.add(batch)
        receipts = [Receipt(new.number, NOW) for new in batch]
        assert answers == [Kept(receipt, repeated=False) for receipt in receipts]

    def test_no_cases_are_kept_without_trouble(self, store: Store) -> None:
        """An empty batch is no fault."""
        assert store.cases.add([]) == []

    def test_a_repeat_gets_the_first_receipt(self, store: Store) -> None:
        """DESIGN decision 9: the same key with the same content gets the same answer."""
        first = accept(store, warnings=("the check digit does not fit",))
        [repeat] = store.cases.add([make_new_case(first.case)])
        assert repeat == Kept(Receipt(first.number, NOW, first.warnings), repeated=True)

    def test_a_repeat_keeps_nothing_more(self, store: Store) -> None:
        """DOMAIN C1: a repeat is recognised as the same by its id."""
        first = accept(store)
        repeat = make_new_case(first.case)
        store.cases.add([repeat])
        assert store.cases.find(repeat.number) is None
        assert steps(store, first.number) == [Step.CASE_ACCEPTED]
        assert len(store.deliveries.listed(None, None, None, 10)) == 1
        assert len(store.cases.inbox_messages(TOLVAN, None, 10)) == 1

    def test_a_repeat_inside_a_batch_gets_the_first_receipt(self, store: Store) -> None:
        """DESIGN decision 3: a duplicate inside the batch makes no second outbox row."""
        first, other = make_new_case(), make_new_case()
        answers = store.cases.add([first, other, make_new_case(first.case)])
        assert answers[2] == Kept(Receipt(first.number, NOW), repeated=True)
        assert len(store.deliveries.listed(None, None, None, 10)) == 2

    def test_a_repeat_beside_new_cases_leaves_them_alone(self, store: Store) -> None:
        """Each case of a batch has its own answer."""
        first, fresh = accept(store), make_new_case()
        answers = store.cases.add([make_new_case(first.case), fresh])
        assert [kept.repeated for kept in answers if isinstance(kept, Kept)] == [True, False]
        assert store.cases.content(fresh.number) == fresh.case

    def test_the_same_id_for_something_else_is_a_conflict(self, store: Store) -> None:
        """DESIGN decision 9: with other content it is a clear conflict."""
        first = accept(store)
        other = make_case(case_id=first.case.case_id, description="Något annat.")
        assert store.cases.add([make_new_case(other)]) == [Conflicting()]
        assert store.cases.content(first.number) == first.case

    def test_a_conflict_inside_a_batch_is_told(self, store: Store) -> None:
        """DESIGN decision 9 holds inside a batch too; the first one is kept."""
        first = make_new_case()
        other = make_case(case_id=first.case.case_id, description="Något annat.")
        answers = store.cases.add([first, make_new_case(other)])
        assert answers == [Kept(Receipt(first.number, NOW), repeated=False), Conflicting()]

    def test_senders_are_told_apart_whatever_the_case_of_their_letters(self, store: Store) -> None:
        """INTEROP §6.1: HSA-ids are compared without case."""
        first = accept(store)
        same = make_new_case(first.case, sender=HsaId(E_SERVICE.text.lower()))
        other = make_new_case(first.case, sender=HsaId("SE5560000001-OTHER"))
        answers = store.cases.add([same, other])
        assert [kept.repeated for kept in answers if isinstance(kept, Kept)] == [True, False]

    def test_a_moment_is_kept_exactly(self, store: Store) -> None:
        """DOMAIN G3: to the microsecond, in whatever time zone, or the hashes would break."""
        there = NOW.astimezone(ZoneInfo("Europe/Stockholm")).replace(microsecond=123456)
        number = accept(store, received_at=there).number
        record = store.cases.find(number)
        assert record is not None
        assert record.received_at == there
        assert first_break(store.cases.timeline(number)) is None

    def test_a_reading_is_put_on_the_timeline(self, store: Store) -> None:
        """DOMAIN E1 and G3: who read what."""
        new = accept(store)
        reader = make_entry(step=Step.CASE_READ, actor="SE2321000016-STAFF", details={})
        assert store.cases.content(new.number, reader) == new.case
        assert store.cases.timeline(new.number)[1].entry == reader

    def test_nothing_is_read_of_an_unknown_case(self, store: Store) -> None:
        """An unknown number is no fault of the store's."""
        reader = make_entry(step=Step.CASE_READ)
        assert store.cases.content("2026-0000-000000", reader) is None
        assert store.cases.timeline("2026-0000-000000") == []

    def test_a_receipt_is_found_again_by_what_it_was_for(self, store: Store) -> None:
        """DESIGN decision 9: by sender, its id and the very content."""
        new = accept(store)
        find = partial(store.cases.kept_before, new.sender)
        assert find(new.case.case_id, new.fingerprint) == Receipt(new.number, NOW, new.warnings)
        assert find(new.case.case_id, "something else") is None
        assert find("another id", new.fingerprint) is None

    def test_what_was_added_to_a_case_is_read_in_its_order(self, store: Store) -> None:
        """DOMAIN A10: with its files."""
        number = accept(store).number
        assert store.cases.supplements(number) == ()
        added = [make_supplement(text="Först.", attachments=(make_attachment(),))]
        added.append(make_supplement(text="Sedan."))
        for one in added:
            decide = supplement(text=one.text, attachments=one.attachments)
            change(store, number, decide)
        assert store.cases.supplements(number) == tuple(added)

    def test_an_unmatched_message_is_kept_once(self, store: Store) -> None:
        """DESIGN decision 10: nothing is dropped silently."""
        message = make_case_message(case_number="?", attachments=(make_attachment(),))
        unmatched = UnmatchedMessage(CASE_SYSTEM, message, NOW, "no case '?' is known here")
        store.cases.keep_unmatched(unmatched)
        store.cases.keep_unmatched(replace(unmatched, received_at=LATER))
        assert [kept for _, kept in store.cases.unmatched(None, 10)] == [unmatched]

    def test_unmatched_messages_are_read_newest_first(self, store: Store) -> None:
        """DOMAIN D2: operators see the latest."""
        for text in ("one", "two", "three"):
            message = make_case_message(text=text)
            store.cases.keep_unmatched(UnmatchedMessage(CASE_SYSTEM, message, NOW, "why"))
        latest = store.cases.unmatched(None, 2)
        assert [unmatched.message.text for _, unmatched in latest] == ["three", "two"]
        (last, _) = latest[-1]
        assert [kept.message.text for _, kept in store.cases.unmatched(last, 2)] == ["one"]

    def test_no_unmatched_message_is_after_what_is_no_id(self, store: Store) -> None:
        """DOMAIN D2: it comes from outside."""
        unmatched = UnmatchedMessage(CASE_SYSTEM, make_case_message(), NOW, "why")
        store.cases.keep_unmatched(unmatched)
        assert store.cases.unmatched("m-77", 9) == []
