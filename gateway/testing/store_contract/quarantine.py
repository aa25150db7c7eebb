"""What a store promises of messages in quarantine: found when their case is, and let go once."""
# ruff: noqa: S101 (assert is how pytest speaks)

from dataclasses import replace

from gateway.flow.ports import UnmatchedMessage
from gateway.flow.store import Store
from gateway.testing.builders import CASE_SYSTEM, E_SERVICE, NOW, make_case_message
from gateway.testing.store_contract.acts import LATER, accept, change, name_it


def _kept(store: Store, **told: str) -> tuple[str, UnmatchedMessage]:
    message = make_case_message(**told)
    store.cases.keep_unmatched(UnmatchedMessage(CASE_SYSTEM, message, NOW, "why"))
    ((key, found),) = store.cases.unmatched(None, 1)
    return key, found


class QuarantineContract:
    """Messages that named no known case."""

    def test_a_message_is_found_when_its_case_gets_that_name(self, store: Store) -> None:
        """DOMAIN D2: a reply may come before our own record of the external id."""
        kept = _kept(store, external_case_id="A-1")
        assert store.unmatched.matching(9) == []
        change(store, accept(store).number, name_it("A-1"))
        assert store.unmatched.matching(9) == [kept]

    def test_a_message_under_another_name_is_not_found(self, store: Store) -> None:
        """DOMAIN D2: no guess could be right."""
        _kept(store, external_case_id="A-2")
        change(store, accept(store).number, name_it("A-1"))
        assert store.unmatched.matching(9) == []

    def test_a_message_of_a_stranger_is_not_found(self, store: Store) -> None:
        """DOMAIN D2: only the holder calls a case by its own id."""
        message = make_case_message(external_case_id="A-1")
        store.cases.keep_unmatched(UnmatchedMessage(E_SERVICE, message, NOW, "why"))
        change(store, accept(store).number, name_it("A-1"))
        assert store.unmatched.matching(9) == []

    def test_one_that_is_let_go_is_not_there_any_more(self, store: Store) -> None:
        """DOMAIN D2: it is on its case now."""
        key, found = _kept(store, external_case_id="A-1")
        assert store.unmatched.one(key) == found
        store.unmatched.settle(key, None)
        assert store.unmatched.one(key) is None
        assert store.cases.unmatched(None, 9) == []

    def test_one_that_is_refused_stays_with_why_and_is_not_tried_again(self, store: Store) -> None:
        """DESIGN decision 10: nothing is dropped silently; an operator decides."""
        key, _ = _kept(store, external_case_id="A-1")
        change(store, accept(store).number, name_it("A-1"))
        store.unmatched.settle(key, "the case is closed")
        assert store.unmatched.matching(9) == []
        ((_, found),) = store.cases.unmatched(None, 9)
        assert found.reason == "the case is closed"

    def test_one_that_waits_for_an_operator_is_never_tried_by_itself(self, store: Store) -> None:
        """DOMAIN D4: the text of a reply whose file was refused, on a case that is known."""
        change(store, accept(store).number, name_it("A-1"))
        message = make_case_message(external_case_id="A-1")
        kept = UnmatchedMessage(CASE_SYSTEM, message, NOW, "why", is_tried_again=False)
        assert store.cases.keep_unmatched(kept)
        assert store.unmatched.matching(9) == []
        ((_, found),) = store.cases.unmatched(None, 9)
        assert (found.message, found.reason) == (message, "why")

    def test_another_message_under_the_same_id_is_told_apart(self, store: Store) -> None:
        """DESIGN decision 10: what cannot be kept beside the first is not taken silently."""
        _, first = _kept(store, external_case_id="A-1", text="one")
        repeat = replace(first.message, sent_at=LATER)
        other = replace(first.message, text="two")
        told = [
            store.cases.keep_unmatched(UnmatchedMessage(CASE_SYSTEM, message, NOW, "why"))
            for message in (repeat, other)
        ]
        assert told == [True, False]
        assert [kept for _, kept in store.cases.unmatched(None, 9)] == [first]

    def test_what_is_no_key_finds_nothing(self, store: Store) -> None:
        """A key comes from outside."""
        assert store.unmatched.one("m-77") is None
