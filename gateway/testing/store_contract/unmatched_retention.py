"""What a store promises of the disposal of messages in quarantine (DOMAIN D2, E4)."""
# ruff: noqa: S101 (assert is how pytest speaks)

from datetime import datetime

from gateway.flow.ports import UnmatchedMessage
from gateway.flow.store import Store
from gateway.flow.unmatched_retention import MessageDisposal, OldMessage
from gateway.testing.builders import CASE_SYSTEM, NOW, make_attachment, make_case_message
from gateway.testing.store_contract.acts import LATER, accept, change, name_it


def _kept(store: Store, message_id: str, at: datetime = NOW) -> UnmatchedMessage:
    message = make_case_message(
        message_id=message_id, external_case_id="A-1", attachments=(make_attachment(),)
    )
    unmatched = UnmatchedMessage(CASE_SYSTEM, message, at, "why")
    assert store.cases.keep_unmatched(unmatched)
    return unmatched


def _disposed(store: Store) -> list[MessageDisposal]:
    found = store.unmatched_retention.older(LATER, None, 9)
    disposals = [MessageDisposal(one, LATER, "unmatched 1 months", "SE1 (anna)") for one in found]
    assert all(store.unmatched_retention.dispose(one) for one in disposals)
    return disposals


class UnmatchedRetentionContract:
    """Messages that are in quarantine for too long."""

    def test_old_messages_are_read_page_by_page(self, store: Store) -> None:
        """DOMAIN E4: in the order they came, without those that are younger."""
        for number in range(3):
            _kept(store, f"m-{number}")
        _kept(store, "m-9", LATER)
        old = store.unmatched_retention.older(LATER, None, 9)
        assert [(one.sender, one.received_at) for one in old] == [(CASE_SYSTEM, NOW)] * 3
        assert store.unmatched_retention.older(LATER, old[0], 1) == old[1:2]

    def test_of_a_message_that_is_disposed_of_its_proof_is_left(self, store: Store) -> None:
        """DOMAIN E4: when, by whom and by which rule, and what came when from whom."""
        _kept(store, "m-1")
        disposals = _disposed(store)
        assert store.unmatched_retention.disposals(None, 9) == disposals
        assert store.cases.unmatched(None, 9) == []
        assert store.unmatched.one(disposals[0].message.key) is None
        assert store.unmatched_retention.older(LATER, None, 9) == []

    def test_what_is_disposed_of_finds_no_case_any_more(self, store: Store) -> None:
        """DOMAIN E4: nor is the proof overwritten by who was trying just then."""
        _kept(store, "m-1")
        [disposal] = _disposed(store)
        change(store, accept(store).number, name_it("A-1"))
        assert store.unmatched.matching(9) == []
        assert not store.unmatched_retention.dispose(disposal)
        store.unmatched.settle(disposal.message.key, "the case is closed")
        assert store.unmatched_retention.disposals(None, 9) == [disposal]

    def test_a_repeat_of_what_is_disposed_of_is_not_kept_anew(self, store: Store) -> None:
        """DOMAIN A1, E4: its sender was told once that it is kept."""
        again = _kept(store, "m-1")
        _disposed(store)
        assert store.cases.keep_unmatched(again)
        assert store.cases.unmatched(None, 9) == []

    def test_proofs_of_messages_are_read_page_by_page(self, store: Store) -> None:
        """DOMAIN E4."""
        for number in range(3):
            _kept(store, f"m-{number}")
        first, *others = _disposed(store)
        assert store.unmatched_retention.disposals(first.message.key, 9) == others
        assert store.unmatched_retention.disposals("m-1", 9) == []

    def test_what_is_not_there_cannot_be_disposed_of(self, store: Store) -> None:
        """Somebody else was faster."""
        gone = OldMessage("0198f0a4-7c1e-7d3a-9b52-3f6f0c0a1b2c", CASE_SYSTEM, NOW)
        disposal = MessageDisposal(gone, LATER, "unmatched 1 months", "SE1")
        assert not store.unmatched_retention.dispose(disposal)
