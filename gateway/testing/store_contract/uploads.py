"""Files sent by themselves belong to their sender, and expire (DOMAIN D4)."""
# ruff: noqa: S101 (assert is how pytest speaks)

from dataclasses import replace
from datetime import timedelta
from typing import Any

from uuid_utils.compat import uuid7

from gateway.domain.case import Attachment
from gateway.flow.store import Store
from gateway.flow.uploads import Upload
from gateway.testing.builders import CASE_SYSTEM, NOW, UNIT, make_attachment, make_case
from gateway.testing.store_contract.acts import accept

_LATER = NOW + timedelta(hours=24)


class UploadsContract:
    """What was sent before the message that it goes with."""

    def test_a_file_is_found_again_by_its_sender(self, store: Store) -> None:
        """DOMAIN D4: with its name, its type and its content."""
        one = _sent(store)
        assert _found(store, one) == [one.file]

    def test_a_file_is_not_there_for_anybody_else(self, store: Store) -> None:
        """DOMAIN E1: another caller's id does not exist."""
        one = _sent(store)
        assert store.uploads.find(UNIT, [one.id]) == {}

    def test_a_file_that_was_never_sent_is_not_there(self, store: Store) -> None:
        """DOMAIN D4."""
        assert store.uploads.find(CASE_SYSTEM, [uuid7()]) == {}
        assert store.uploads.find(CASE_SYSTEM, []) == {}

    def test_a_repeat_gets_the_first(self, store: Store) -> None:
        """DOMAIN C2: the answer to the first was lost on its way."""
        one = _sent(store)
        again = replace(one, id=uuid7(), expires_at=_LATER + timedelta(hours=1))
        assert store.uploads.add(again, NOW) == one

    def test_a_key_stands_for_one_file(self, store: Store) -> None:
        """DOMAIN C2: and says so when another comes under it."""
        one = _sent(store)
        other = replace(one, id=uuid7(), file=make_attachment(file_name="annan.png"))
        assert store.uploads.add(other, NOW) is None
        assert _found(store, other) == []

    def test_another_sender_may_use_the_same_key(self, store: Store) -> None:
        """DOMAIN C2: a key is its sender's own."""
        _sent(store)
        other = _upload(sender=UNIT)
        assert store.uploads.add(other, NOW) == other

    def test_it_is_told_when_a_file_expires(self, store: Store) -> None:
        """DOMAIN D4: whoever finds it knows, before anybody has cleaned up."""
        one = _sent(store)
        assert store.uploads.find(CASE_SYSTEM, [one.id]) == {one.id: one}

    def test_what_a_case_has_is_known_a_while_longer(self, store: Store) -> None:
        """DOMAIN D2: a repeat that names it is recognised."""
        one = _sent(store)
        accept(store, make_case(attachments=(one.file,)))
        assert store.uploads.expire(_LATER, NOW, 9) == 0
        assert _found(store, one) == [one.file]
        assert store.uploads.expire(_LATER, _LATER, 9) == 1

    def test_a_key_is_free_again_when_its_file_has_expired(self, store: Store) -> None:
        """DOMAIN C2."""
        _sent(store)
        other = _upload(file=make_attachment(file_name="annan.png"))
        assert store.uploads.add(other, _LATER) == other

    def test_what_has_expired_is_let_go_of_some_at_a_time(self, store: Store) -> None:
        """DOMAIN E4, G3: what nobody uses is not kept."""
        for key in ("a", "b", "c"):
            _sent(store, key=key)
        stays = _sent(store, key="d", expires_at=_LATER + timedelta(seconds=1))
        assert [store.uploads.expire(_LATER, NOW, 2) for _ in range(3)] == [2, 1, 0]
        assert _found(store, stays) == [stays.file]


def _upload(**only_what_matters: Any) -> Upload:
    one = Upload(uuid7(), CASE_SYSTEM, "u-1", make_attachment(), _LATER)
    return replace(one, **only_what_matters)


def _sent(store: Store, **only_what_matters: Any) -> Upload:
    kept = store.uploads.add(_upload(**only_what_matters), NOW)
    assert kept is not None
    return kept


def _found(store: Store, one: Upload) -> list[Attachment]:
    return [found.file for found in store.uploads.find(one.sender, [one.id]).values()]
