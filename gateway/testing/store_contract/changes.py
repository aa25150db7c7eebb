"""What a store promises of changes: under the lock of the case, once, all or nothing."""
# ruff: noqa: S101 (assert is how pytest speaks)

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from gateway.domain.hsa import HsaId
from gateway.domain.lifecycle import CaseState, DeliveryState
from gateway.flow.ports import (
    Ambiguous,
    Attempted,
    CaseName,
    CaseRecord,
    Change,
    Conflicting,
    Kept,
    Receipt,
)
from gateway.flow.store import Store
from gateway.flow.timeline import Step, first_break
from gateway.testing.builders import (
    CASE_SYSTEM,
    E_SERVICE,
    NOW,
)
from gateway.testing.store_contract.acts import (
    LATER,
    accept,
    answer,
    change,
    claim_one,
    close,
    make_received,
    name_it,
    record_of,
    refuse,
    steps,
    supplement,
)


class ChangesContract:
    """Cases as they are changed."""

    def test_a_change_moves_the_case_and_tells_the_timeline(self, store: Store) -> None:
        """DOMAIN D2 and G3: a reply is a step of the case."""
        new = accept(store)
        kept = change(store, new.number, answer())
        record = store.cases.find(new.number)
        assert kept == Kept(Receipt(new.number, LATER), repeated=False)
        assert record is not None
        assert record.state is CaseState.ANSWERED
        assert steps(store, new.number) == [Step.CASE_ACCEPTED, Step.MESSAGE_ACCEPTED]

    def test_a_repeat_is_told_before_anything_is_done(self, store: Store) -> None:
        """DOMAIN D2: with the answer of the first time; another content under its id is not it."""
        new, received = accept(store), make_received()
        assert store.cases.answered_before(received) is None
        store.cases.change(CaseName(number=new.number), received, answer())
        first = Kept(Receipt(new.number, LATER), repeated=True)
        assert store.cases.answered_before(replace(received, at=NOW)) == first
        other = replace(received, fingerprint="another digest")
        assert store.cases.answered_before(other) == Conflicting()
        assert store.cases.answered_before(replace(received, sender=E_SERVICE)) is None

    def test_the_case_is_decided_on_as_it_stands(self, store: Store) -> None:
        """The law is asked about the case as it is under its lock."""
        new, seen = accept(store), list[CaseRecord]()

        def decide(case: CaseRecord) -> Change:
            seen.append(case)
            return name_it("A-1")(case)

        change(store, new.number, decide)
        assert seen == [record_of(new)]

    def test_a_repeated_message_changes_nothing_and_gets_the_same_answer(
        self, store: Store
    ) -> None:
        """DOMAIN D2: a repeat changes nothing and gets the same answer."""
        number = accept(store).number
        first = change(store, number, answer(), message_id="m-1")
        again = change(store, number, refuse(AssertionError("decided twice")), message_id="m-1")
        assert isinstance(first, Kept)
        assert again == Kept(first.receipt, repeated=True)

    def test_the_same_message_id_for_something_else_is_a_conflict(self, store: Store) -> None:
        """DESIGN decision 9."""
        number = accept(store).number
        change(store, number, answer(), message_id="m-1")
        again = change(store, number, answer(), message_id="m-1", fingerprint="another")
        assert again == Conflicting()
        assert len(store.cases.timeline(number)) == 2

    def test_a_message_id_belongs_to_its_sender(self, store: Store) -> None:
        """Two systems may count their messages alike."""
        number = accept(store).number
        change(store, number, answer(), message_id="1")
        other = change(store, number, answer(), message_id="1", sender=E_SERVICE)
        assert isinstance(other, Kept)
        assert not other.repeated

    def test_a_change_of_an_unknown_case_is_told(self, store: Store) -> None:
        """DOMAIN D2: such a message is refused by the flow, and remembered by nobody."""
        unknown = change(store, "2026-0000-000000", answer(), message_id="m-1")
        new = accept(store)
        assert unknown is None
        assert change(store, new.number, answer(), message_id="m-1") is not None

    def test_what_is_refused_leaves_everything_as_it_was(self, store: Store) -> None:
        """All of a change is written, or nothing."""
        new = accept(store)
        with pytest.raises(LookupError):
            change(store, new.number, refuse(LookupError()), message_id="m-1")
        assert store.cases.find(new.number) == record_of(new)
        assert steps(store, new.number) == [Step.CASE_ACCEPTED]
        afterwards = change(store, new.number, answer(), message_id="m-1")
        assert isinstance(afterwards, Kept)
        assert not afterwards.repeated

    def test_a_holder_names_a_case_by_its_own_id(self, store: Store) -> None:
        """CONTRACT ProcessCaseMessage: Växel's number, or the holder's own id."""
        number = accept(store).number
        change(store, number, name_it("A-1"))
        kept = _change_by_external_id(store, CASE_SYSTEM, "A-1")
        assert isinstance(kept, Kept)
        assert kept.receipt.case_number == number
        assert _change_by_external_id(store, HsaId("SE2321000016-OTHER"), "A-1") is None

    def test_a_holders_id_of_two_open_cases_is_ambiguous(self, store: Store) -> None:
        """DOMAIN D1: a guess would show a reply to the wrong citizen."""
        numbers = [accept(store).number, accept(store).number]
        for number in numbers:
            change(store, number, name_it("A-1"))
        assert _change_by_external_id(store, CASE_SYSTEM, "A-1") == Ambiguous()
        assert all(len(steps(store, number)) == 2 for number in numbers)

    def test_a_holders_id_that_is_used_again_means_the_open_case(self, store: Store) -> None:
        """Some systems begin to count anew each year."""
        for number in [accept(store).number, newest := accept(store).number]:
            change(store, number, name_it("A-1"))
            if number != newest:
                change(store, number, close())
        kept = _change_by_external_id(store, CASE_SYSTEM, "A-1")
        assert isinstance(kept, Kept)
        assert kept.receipt.case_number == newest

    def test_a_number_beside_the_id_of_another_open_case_is_ambiguous(self, store: Store) -> None:
        """DOMAIN D1: one of the two is wrong, and nobody knows which."""
        meant, other = accept(store).number, accept(store).number
        change(store, other, name_it("A-1"))
        name = CaseName(meant, (CASE_SYSTEM, "A-1"))
        assert store.cases.change(name, make_received(), answer()) == Ambiguous()
        change(store, meant, name_it("A-1"))
        assert isinstance(store.cases.change(name, make_received(), answer()), Kept)

    def test_a_repeat_is_answered_before_its_name_is_looked_at(self, store: Store) -> None:
        """DESIGN decision 9: also when the name has become ambiguous since."""
        first, other = accept(store).number, accept(store).number
        change(store, first, name_it("A-1"))
        name, received = CaseName(external=(CASE_SYSTEM, "A-1")), make_received()
        kept = store.cases.change(name, received, answer())
        change(store, other, name_it("A-1"))
        again = store.cases.change(name, received, answer())
        assert isinstance(kept, Kept)
        assert again == Kept(kept.receipt, repeated=True)

    def test_a_number_beside_an_id_that_nobody_knows_is_enough(self, store: Store) -> None:
        """CONTRACT: the id may be told for the first time."""
        name = CaseName(accept(store).number, (CASE_SYSTEM, "A-1"))
        assert isinstance(store.cases.change(name, make_received(), answer()), Kept)

    def test_a_case_on_its_way_will_bring_its_name(self, store: Store) -> None:
        """DOMAIN D2: until it is delivered its holder may know a name that we do not."""
        accept(store)
        assert not store.cases.awaits_name(CASE_SYSTEM)
        claimed = claim_one(store)
        assert store.cases.awaits_name(CASE_SYSTEM)
        store.deliveries.record(claimed, Attempted(DeliveryState.DELIVERED, "delivered"), LATER)
        assert not store.cases.awaits_name(CASE_SYSTEM)

    def test_a_holders_id_is_kept_as_it_was_said_first(self, store: Store) -> None:
        """What a case is called does not change."""
        number = accept(store).number
        change(store, number, name_it("A-1"))
        change(store, number, name_it("A-2"))
        record = store.cases.find(number)
        assert record is not None
        assert record.external_case_id == "A-1"

    def test_changes_of_one_case_come_one_after_the_other(self, store: Store) -> None:
        """DOMAIN G3: a timeline without gaps, whoever writes at the same time."""
        number = accept(store).number
        with ThreadPoolExecutor(8) as pool:
            kept = list(pool.map(lambda _: change(store, number, supplement()), range(16)))
        links = store.cases.timeline(number)
        assert all(isinstance(one, Kept) for one in kept)
        assert [link.number for link in links] == list(range(1, 18))
        assert first_break(links) is None

    def test_one_message_sent_twice_at_once_is_taken_once(self, store: Store) -> None:
        """DESIGN decision 9 holds also for repeats that cannot wait."""
        number = accept(store).number
        with ThreadPoolExecutor(8) as pool:
            sent = [
                pool.submit(change, store, number, answer(), message_id="1") for _ in "12345678"
            ]
        kept = [future.result() for future in sent]
        assert (
            sorted(one.repeated for one in kept if isinstance(one, Kept)) == [False] + [True] * 7
        )
        assert len(store.cases.timeline(number)) == 2


def _change_by_external_id(
    store: Store, holder: HsaId, external_case_id: str
) -> Kept | Conflicting | Ambiguous | None:
    name = CaseName(external=(holder, external_case_id))
    return store.cases.change(name, make_received(), answer())
