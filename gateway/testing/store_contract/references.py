"""What a store promises of the files that its rows name (DOMAIN D4, E4)."""
# ruff: noqa: S101 (assert is how pytest speaks)

from gateway.domain.case import Attachment
from gateway.flow.ports import UnmatchedMessage
from gateway.flow.store import Store
from gateway.testing.builders import (
    CASE_SYSTEM,
    NOW,
    make_attachment,
    make_case,
    make_case_message,
)
from gateway.testing.store_contract.acts import accept, answer, change, supplement

FILES = tuple(make_attachment(bytes([number])) for number in range(5))
OF_CASE, ADDED, ANSWERED, UNMATCHED, NOBODYS = FILES


def digest_of(file: Attachment) -> str:
    """Tell by what a file is named."""
    return file.content.digest


class ReferencesContract:
    """What is named, and what is not."""

    def test_files_are_named_wherever_they_came(self, store: Store) -> None:
        """DOMAIN E4: with a case, a supplement, an answer, or a message that found no case."""
        number = accept(store, make_case(attachments=(OF_CASE,))).number
        change(store, number, supplement(attachments=(ADDED,)))
        change(store, number, answer(attachments=(ANSWERED,)), message_id="m-2")
        message = make_case_message(external_case_id="A-1", attachments=(UNMATCHED,))
        store.cases.keep_unmatched(UnmatchedMessage(CASE_SYSTEM, message, NOW, "unknown"))
        named = store.references.named([digest_of(file) for file in FILES])
        assert named == {digest_of(file) for file in FILES if file is not NOBODYS}

    def test_a_message_in_quarantine_has_its_files(self, store: Store) -> None:
        """DOMAIN D2: they are there when it finds its case."""
        message = make_case_message(external_case_id="A-1", attachments=(UNMATCHED, ADDED))
        store.cases.keep_unmatched(UnmatchedMessage(CASE_SYSTEM, message, NOW, "unknown"))
        [(key, kept)] = store.cases.unmatched(None, 9)
        assert kept.message == message
        assert store.unmatched.one(key) == kept

    def test_files_are_not_named_when_their_message_was_let_go(self, store: Store) -> None:
        """DOMAIN D2: it found its case, which names them now, or nobody does."""
        message = make_case_message(external_case_id="A-1", attachments=(UNMATCHED,))
        store.cases.keep_unmatched(UnmatchedMessage(CASE_SYSTEM, message, NOW, "unknown"))
        [(key, _)] = store.cases.unmatched(None, 9)
        store.unmatched.settle(key, None)
        assert store.references.named([digest_of(UNMATCHED)]) == set()

    def test_a_store_is_known_by_one_name(self, store: Store) -> None:
        """DOMAIN E4: the place of its attachments is marked with it."""
        assert store.references.identity() == store.references.identity() != ""

    def test_of_nothing_nothing_is_named(self, store: Store) -> None:
        """An empty shelf is asked about too."""
        assert store.references.named([]) == set()
