"""What a store promises of ended cases: they go whole, and a proof stays (DOMAIN E4)."""
# ruff: noqa: S101 (assert is how pytest speaks)

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from gateway.domain.case import Kind
from gateway.domain.hsa import HsaId
from gateway.domain.keeping import Hold, Keeping
from gateway.domain.lifecycle import CaseState
from gateway.domain.theme import Measure, MeasureLevel, Theme, ThemeLevel
from gateway.flow.ports import Change, Decide, Kept, NewCase, UnmatchedMessage
from gateway.flow.retention import Disposal, Disposing, Ended, Scope
from gateway.flow.store import Store
from gateway.flow.timeline import Entry, Step, first_break
from gateway.testing.builders import (
    CASE_SYSTEM,
    E_SERVICE,
    NOW,
    TOLVAN,
    UNIT,
    make_attachment,
    make_case,
    make_case_message,
    make_entry,
)
from gateway.testing.store_contract.acts import (
    LATER,
    accept,
    answer,
    change,
    close,
    deliver_one,
    make_received,
    name_it,
    steps,
    supplement,
)

_YEARS = NOW + timedelta(days=1000)
_SCOPE = Scope("norr", Kind.COMPLAINT, _YEARS)
_DISPOSING = Disposing(_SCOPE, "COMPLAINT 24 months", "SE5560000000-VAXEL (root)", _YEARS)


class RetentionContract:
    """Cases that have ended, and what is left of those disposed of."""

    def test_a_case_has_ended_when_it_is_closed(self, store: Store) -> None:
        """DOMAIN E4: whoever closed it, and open cases never."""
        new, _ = accept(store), accept(store)
        change(store, new.number, close())
        assert _ended(store) == [
            Ended(new.id, new.number, "norr", Kind.COMPLAINT, LATER, None, undelivered=True)
        ]

    def test_a_case_that_goes_on_has_not_ended(self, store: Store) -> None:
        """DOMAIN E2, E4: and when it ends again, that was when."""
        number = _closed(store).number
        change(store, number, _stands(CaseState.IN_PROGRESS))
        assert _ended(store) == []
        change(store, number, _stands(CaseState.CLOSED, days=5))
        assert [one.ended_at for one in _ended(store)] == [NOW + timedelta(days=5)]

    def test_a_case_stays_ended_when_what_is_said_changes_nothing(self, store: Store) -> None:
        """DOMAIN E4: a late word does not make it younger."""
        number = accept(store).number
        change(store, number, _stands(CaseState.WITHDRAWN))
        change(store, number, _stands(CaseState.WITHDRAWN, days=5))
        assert [one.ended_at for one in _ended(store)] == [NOW]

    def test_ended_cases_are_read_by_region_kind_and_time(self, store: Store) -> None:
        """DOMAIN E4: each region has its own rule for each kind."""
        _closed(store)
        others = Scope("syd", Kind.COMPLAINT, _YEARS), Scope("norr", Kind.FEEDBACK, _YEARS)
        for scope in (*others, Scope("norr", Kind.COMPLAINT, NOW)):
            assert store.retentions.ended(scope, None, 10) == []

    def test_ended_cases_are_read_page_by_page(self, store: Store) -> None:
        """DOMAIN E4: the one that ended first first."""
        numbers = [accept(store).number for _ in range(5)]
        for days, number in enumerate(numbers):
            change(store, number, _stands(CaseState.CLOSED, days=-(days // 2)))
        first = store.retentions.ended(_SCOPE, None, 3)
        rest = store.retentions.ended(_SCOPE, first[-1], 3)
        assert [one.number for one in first + rest] == [numbers[n] for n in (4, 2, 3, 0, 1)]

    def test_a_disposal_leaves_a_proof(self, store: Store) -> None:
        """DOMAIN E4, G3: what went, when, by whom, by which rule, and the end of the timeline."""
        new = _closed(store)
        disposal = store.retentions.dispose(new.number, _DISPOSING)
        links = store.cases.timeline(new.number)
        rule, by = _DISPOSING.rule, _DISPOSING.by
        assert disposal == Disposal(
            new.number, "norr", Kind.COMPLAINT, NOW, _YEARS, rule, by, len(links), links[-1].hash
        )
        assert first_break(links) is None
        assert links[-1].entry == make_entry(
            step=Step.CASE_DISPOSED,
            at=_YEARS,
            actor=by,
            details={"rule": rule, "endedAt": NOW.isoformat()}
            | {"events": 1, "messages": 1, "files": 0},
        )

    def test_nothing_that_was_written_is_left(self, store: Store) -> None:
        """DOMAIN E4: neither content nor citizen, for whoever asks."""
        number = _told_much(store).number
        assert store.retentions.dispose(number, _DISPOSING)
        assert store.cases.content(number) is None
        assert store.cases.supplements(number) == ()
        assert store.case_files.read(number, make_entry()) is None
        assert store.cases.of_citizen(TOLVAN, None, None) == []
        assert store.cases.inbox_messages(TOLVAN, None, 10) == []
        assert store.deliveries.listed(None, None, None, 10) == []
        assert store.unit_inboxes.items(frozenset({CASE_SYSTEM}), None, 10) == []
        record = store.cases.find(number)
        assert record is not None
        assert record.state is CaseState.DISPOSED

    def test_measures_on_a_case_go_with_it(self, store: Store) -> None:
        """DOMAIN E4, F3: those on themes stay."""
        number = _closed(store).number
        theme = _theme(store)
        on_case, on_theme = (_measure(store, number, None), _measure(store, None, theme.id))
        assert store.retentions.dispose(number, _DISPOSING)
        assert store.measures.of_case(number) == []
        assert store.measures.find(on_case.id) is None
        assert store.measures.of_theme(theme.id) == [on_theme]

    def test_a_case_leaves_its_themes(self, store: Store) -> None:
        """DOMAIN E4, F4: nobody sees any more what it was about; a theme tells what it has."""
        gone, stays, theme = _closed(store).number, _closed(store).number, _theme(store)
        for number in (gone, stays):
            store.themes.put(theme.id, number, make_entry(), 9)
        assert store.retentions.dispose(gone, _DISPOSING)
        found = store.themes.cases(theme.id, frozenset({CASE_SYSTEM}), None, 9)
        assert [case.number for case in found] == [stays]
        assert store.themes.find(theme.id) == replace(theme, cases=1)

    def test_it_is_counted_what_goes(self, store: Store) -> None:
        """DOMAIN E4: the proof tells how much there was, and nothing of it."""
        number = _told_much(store).number
        store.retentions.dispose(number, _DISPOSING)
        details = store.cases.timeline(number)[-1].entry.details
        assert [details[sort] for sort in ("events", "messages", "files")] == [2, 2, 3]

    def test_the_citizen_who_submits_again_gets_the_first_receipt(self, store: Store) -> None:
        """DOMAIN A1: recognised by its fingerprint, which stays."""
        new = _closed(store)
        store.retentions.dispose(new.number, _DISPOSING)
        receipt = store.cases.kept_before(E_SERVICE, new.case.case_id, new.fingerprint)
        assert receipt is not None
        assert store.cases.add([new]) == [Kept(receipt, repeated=True)]
        assert receipt.case_number == new.number

    def test_the_holder_still_finds_the_case_by_its_own_name(self, store: Store) -> None:
        """DOMAIN D2: so that it is told what became of it."""
        number = accept(store).number
        change(store, number, name_it("A-17"))
        change(store, number, close())
        deliver_one(store)
        store.retentions.dispose(number, _DISPOSING)
        told = change(store, number, answer())
        assert isinstance(told, Kept)
        assert steps(store, number)[-1] is Step.MESSAGE_ACCEPTED

    def test_a_message_that_came_before_is_not_recognised(self, store: Store) -> None:
        """DOMAIN E4: what was received about it is gone; whoever asks is told so by the verb."""
        number, received = accept(store).number, make_received()
        said = {"message_id": received.message_id}
        change(store, number, close(), **said)
        deliver_one(store)
        store.retentions.dispose(number, _DISPOSING)
        answered = change(store, number, close(), **said)
        assert isinstance(answered, Kept)
        assert not answered.repeated

    def test_what_never_found_the_case_goes_with_it(self, store: Store) -> None:
        """DOMAIN D2, E4: and what was written about others stays."""
        number = accept(store).number
        change(store, number, name_it("A_17"))
        change(store, number, close())
        deliver_one(store)
        others = [_quarantined(store, E_SERVICE, "A_17"), _quarantined(store, CASE_SYSTEM, "AB17")]
        _quarantined(store, CASE_SYSTEM, "A_17")
        store.retentions.dispose(number, _DISPOSING)
        left = [kept.message.message_id for _, kept in store.cases.unmatched(None, 10)]
        assert sorted(left) == sorted(others)

    @pytest.mark.parametrize("region", ["norr", "syd"])
    def test_nothing_goes_before_its_time(self, store: Store, region: str) -> None:
        """DOMAIN E4: looked at again when the case is locked."""
        number = _closed(store).number
        scope = Scope(region, Kind.COMPLAINT, NOW)
        assert store.retentions.dispose(number, Disposing(scope, "", "", _YEARS)) is None
        assert store.cases.content(number) is not None

    def test_an_open_case_is_never_disposed_of(self, store: Store) -> None:
        """DOMAIN E4: nor one that is unknown."""
        number = accept(store).number
        deliver_one(store)
        assert store.retentions.dispose(number, _DISPOSING) is None
        assert store.retentions.dispose("2026-0000-000000", _DISPOSING) is None

    def test_a_case_with_a_delivery_that_is_not_done_is_kept(self, store: Store) -> None:
        """DOMAIN C1, E4: what was accepted is delivered first."""
        number = accept(store).number
        change(store, number, close())
        assert store.retentions.dispose(number, _DISPOSING) is None

    def test_a_legal_hold_keeps_a_case(self, store: Store) -> None:
        """DOMAIN E4: and it is in the list of what is due, with its hold."""
        number, hold = _closed(store).number, Hold("the court", "SE1", LATER)
        entry = Entry(Step.HOLD_SET, LATER, "SE1", {})
        store.keepings.change(number, lambda *_: (Keeping(None, hold), entry))
        assert store.retentions.dispose(number, _DISPOSING) is None
        assert [one.hold for one in _ended(store)] == [hold]

    def test_only_the_diary_number_is_left_of_its_keeping(self, store: Store) -> None:
        """DOMAIN E3, E4: why a hold was lifted is somebody's words."""
        number, entry = _closed(store).number, make_entry(step=Step.HOLD_LIFTED)
        lifted = Keeping("PN 7", None, "the court is done")
        store.keepings.change(number, lambda *_: (lifted, entry))
        assert store.keepings.find(number) == lifted
        assert store.retentions.dispose(number, _DISPOSING)
        assert store.keepings.find(number) == Keeping("PN 7")

    def test_what_is_disposed_of_has_ended_no_more(self, store: Store) -> None:
        """DOMAIN E4: whoever begins again after a crash finds what is left."""
        first, second = _closed(store).number, _closed(store).number
        assert store.retentions.dispose(first, _DISPOSING)
        assert store.retentions.dispose(first, _DISPOSING) is None
        assert [one.number for one in _ended(store)] == [second]

    def test_proofs_are_read_page_by_page(self, store: Store) -> None:
        """DOMAIN E4: in the order of their numbers."""
        numbers = sorted(_closed(store).number for _ in range(3))
        for number in numbers:
            store.retentions.dispose(number, _DISPOSING)
        first = store.retentions.disposals(None, 2)
        rest = store.retentions.disposals(first[-1].number, 2)
        assert [one.number for one in first + rest] == numbers

    def test_what_was_disposed_of_is_wiped(self, store: Store) -> None:
        """DOMAIN E4: once, and again when there was more."""
        store.retentions.dispose(_closed(store).number, _DISPOSING)
        assert store.retentions.wipe()
        assert store.retentions.wipe()


def _ended(store: Store) -> list[Ended]:
    return store.retentions.ended(_SCOPE, None, 10)


def _closed(store: Store) -> NewCase:
    new = accept(store)
    deliver_one(store)
    change(store, new.number, _stands(CaseState.CLOSED))
    return new


def _told_much(store: Store) -> NewCase:
    file = (make_attachment(),)
    new = accept(store, make_case(attachments=file))
    change(store, new.number, supplement(attachments=file))
    change(store, new.number, answer(attachments=file))
    first = deliver_one(store)
    store.unit_inboxes.put(first.message)
    deliver_one(store)
    change(store, new.number, close())
    return new


def _stands(state: CaseState, *, days: int = 0) -> Decide:
    entry = make_entry(at=NOW + timedelta(days=days))
    return lambda _: Change(state, entry)


def _quarantined(store: Store, sender: HsaId, name: str) -> str:
    message = make_case_message(external_case_id=name)
    store.cases.keep_unmatched(UnmatchedMessage(sender, message, NOW, "unknown"))
    return message.message_id


def _theme(store: Store) -> Theme:
    theme = Theme(uuid7(), "Stolar", ThemeLevel.UNIT, UNIT, "norr", NOW, "Karin")
    return store.themes.add(theme)


def _measure(store: Store, number: str | None, theme: UUID | None) -> Measure:
    what, level = "Köpa stolar", MeasureLevel.UNIT
    measure = Measure(uuid7(), theme, number, what, level, "Enhetschefen", None, NOW, "Karin")
    return store.measures.record(measure, make_entry())
