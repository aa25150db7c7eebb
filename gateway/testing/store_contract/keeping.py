"""What a store promises of diary numbers, legal holds, and cases read whole (DOMAIN E3, E4)."""
# ruff: noqa: S101 (assert is how pytest speaks)

from gateway.domain.keeping import NOTHING_RECORDED, Hold, Keeping
from gateway.flow.store import Store
from gateway.flow.timeline import Entry, Step, first_break
from gateway.testing.builders import CASE_SYSTEM, make_attachment, make_case
from gateway.testing.store_contract.acts import LATER, accept, answer, change, steps, supplement

_HELD = Keeping(
    "PN 2026-17", Hold("the court has asked for it", "SE5560000000-VAXEL", LATER, by_operator=True)
)
_ENTRY = Entry(Step.HOLD_SET, LATER, CASE_SYSTEM.text, {})
_READING = Entry(Step.CASE_EXPORTED, LATER, CASE_SYSTEM.text, {})


class KeepingContract:
    """What is recorded about the keeping of cases."""

    def test_nothing_is_recorded_at_first(self, store: Store) -> None:
        """DOMAIN E3, E4: nor of a case that is unknown."""
        assert store.keepings.find(accept(store).number) == NOTHING_RECORDED
        assert store.keepings.find("2026-0000-000000") == NOTHING_RECORDED

    def test_what_is_recorded_is_read_back_and_on_the_timeline(self, store: Store) -> None:
        """DOMAIN E3, E4, G3."""
        number = accept(store).number
        assert store.keepings.change(number, lambda *_: (_HELD, _ENTRY)) == _HELD
        assert store.keepings.find(number) == _HELD
        assert steps(store, number)[-1] is Step.HOLD_SET

    def test_a_hold_is_lifted(self, store: Store) -> None:
        """DOMAIN E4: and the diary number stays."""
        number, lifted = accept(store).number, Keeping("PN 2026-17")
        store.keepings.change(number, lambda *_: (_HELD, _ENTRY))
        store.keepings.change(number, lambda *_: (lifted, _ENTRY))
        assert store.keepings.find(number) == lifted

    def test_what_is_decided_knows_the_case_and_what_is_recorded(self, store: Store) -> None:
        """DESIGN decision 9: under the case's lock; nothing decided is nothing done."""
        number = accept(store).number
        store.keepings.change(number, lambda *_: (_HELD, _ENTRY))
        told = []
        assert store.keepings.change(number, lambda *known: told.append(known)) == _HELD
        assert told == [(store.cases.find(number), _HELD)]
        assert len(steps(store, number)) == 2

    def test_nothing_is_recorded_of_a_case_that_is_unknown(self, store: Store) -> None:
        """The number comes from outside."""
        assert store.keepings.change("2026-0000-000000", lambda *_: (_HELD, _ENTRY)) is None

    def test_a_case_is_read_whole(self, store: Store) -> None:
        """DOMAIN E3: with all that was said and added, files and all, and the reading itself."""
        files = (make_attachment(), make_attachment(file_name="två.png", content=b"two"))
        new = accept(store, make_case(attachments=files))
        change(store, new.number, supplement(attachments=files[1:]))
        change(store, new.number, answer(attachments=files[:1]))
        whole = store.case_files.read(new.number, _READING)
        assert whole is not None
        assert whole.case == new.case
        assert [(one.at, one.supplement.attachments) for one in whole.added] == [
            (LATER, files[1:])
        ]
        assert [message.attachments for message in whole.messages] == [(), files[:1]]
        assert list(whole.timeline) == store.cases.timeline(new.number)
        assert (whole.at, first_break(list(whole.timeline))) == (LATER, None)

    def test_a_case_that_is_unknown_is_not_read(self, store: Store) -> None:
        """The number comes from outside."""
        assert store.case_files.read("2026-0000-000000", _READING) is None
