"""What a store promises of a case that is forwarded: nothing lost, nothing twice (DOMAIN D6)."""
# ruff: noqa: S101 (assert is how pytest speaks)

from datetime import datetime

import pytest

from gateway.domain.case import CaseEvent
from gateway.domain.forwarding import Hop, Past, PastKind, Place
from gateway.domain.hsa import HsaId
from gateway.domain.lifecycle import CaseState, DeliveryState
from gateway.domain.message import InboxKind
from gateway.flow.handover import WENT_ALONG, Handover
from gateway.flow.parked import TODAY, Aim, Move, Parked, Replay, ReplayState, Selection
from gateway.flow.ports import Attempted, CaseName, CaseRecord, Change, Decide
from gateway.flow.store import Store
from gateway.flow.timeline import Step
from gateway.testing.builders import (
    CASE_SYSTEM,
    DESTINATION,
    NOW,
    make_attachment,
    make_case,
    make_delivery,
    make_entry,
    make_inbox_message,
)
from gateway.testing.store_contract.acts import (
    DELIVERED,
    LATER,
    PARKED,
    accept,
    answer,
    change,
    claim,
    claim_one,
    deliver_one,
    make_received,
    name_it,
    supplement,
)

_FROM_A_CLOCK_AHEAD = "0fffffff-ffff-7fff-bfff-ffffffffffff"
THERE, TO = "syd/inbox", Place(HsaId("SE2321000024-9Z"), "Kirurgen i söder")


def forward(
    holder: HsaId = TO.hsa_id, to: Place = TO, destination: str = THERE, at: datetime = LATER
) -> Decide:
    """Decide that the case goes there."""

    def decide(case: CaseRecord) -> Change:
        hop = Hop(at, case.at, to, declined=True)
        told = make_inbox_message(
            case_number=case.number, kind=InboxKind.FORWARDED, sent_at=at, text="Vidare."
        )
        event = CaseEvent.FORWARDED
        goes = make_delivery(
            event=event, destination=destination, created_at=at, reason="Det är deras."
        )
        entry = make_entry(step=Step.CASE_FORWARDED, at=at)
        handover = Handover(destination, "syd", holder, hop)
        return Change(CaseState.SUBMITTED, entry, told, goes, handover=handover)

    return decide


def record(store: Store, number: str) -> CaseRecord:
    """Read where a case stands."""
    found = store.cases.find(number)
    assert found is not None
    return found


class ForwardingContract:
    """A case in new hands."""

    def test_a_forwarded_case_stands_where_it_came(self, store: Store) -> None:
        """DOMAIN D6, B3: holder, destination and region change; the selected unit stays."""
        number = accept(store).number
        before = record(store, number)
        change(store, number, forward())
        case = record(store, number)
        assert (case.unit, before.at.hsa_id) == (before.unit, before.unit)
        assert (case.at, case.holder, case.region) == (TO, TO.hsa_id, "syd")
        assert (case.destination, case.state) == (THERE, CaseState.SUBMITTED)
        assert [hop.origin for hop in case.forwards] == [before.at]

    @pytest.mark.parametrize("attempted", [None, PARKED, DELIVERED])
    def test_only_the_new_holder_gets_it(self, store: Store, attempted: Attempted | None) -> None:
        """DOMAIN C3, D6: also when it waits or is parked where it was; it goes along."""
        number = accept(store).number
        if attempted:
            deliver_one(store, attempted)
        change(store, number, supplement())
        change(store, number, forward())
        assert claim(store, destination=DESTINATION) == []
        assert store.parked.groups(None, None, 9) == []
        [claimed] = claim(store, destination=THERE)
        assert claimed.message.event is CaseEvent.FORWARDED

    def test_what_went_along_is_told_as_such(self, store: Store) -> None:
        """DOMAIN C4, G1: it is neither delivered nor lost, and is never replayed."""
        change(store, accept(store).number, forward())
        moved, goes = store.deliveries.listed(None, None, None, 9)
        assert (moved.state, moved.reason) == (DeliveryState.MOVED, WENT_ALONG)
        assert (goes.state, goes.blocker) == (DeliveryState.WAITING, None)
        assert store.deliveries.replay(moved.id, make_entry(), LATER) is None

    def test_an_attempt_that_ends_after_the_forward_changes_nothing(self, store: Store) -> None:
        """DOMAIN D6: what the holder before calls the case says nothing to the new one."""
        number = accept(store).number
        under_way = claim_one(store)
        change(store, number, forward())
        late = Attempted(DeliveryState.DELIVERED, "delivered", remote_id="OLD-1")
        assert not store.deliveries.record(under_way, late, LATER)
        assert record(store, number).external_case_id is None

    def test_an_inbox_that_is_late_gets_nothing(self, store: Store) -> None:
        """DOMAIN E1: a worker puts what was sent on while it was on its way."""
        number = accept(store).number
        message = claim_one(store).message
        change(store, number, forward())
        store.unit_inboxes.put(message)
        assert store.unit_inboxes.items(frozenset({TO.hsa_id, CASE_SYSTEM}), None, 9) == []

    def test_it_leaves_the_inbox_that_it_lay_in(self, store: Store) -> None:
        """DOMAIN E1, D6: it is in the list of the new unit, and no longer in the old one's."""
        number = accept(store, holder=CASE_SYSTEM).number
        store.unit_inboxes.put(deliver_one(store).message)
        change(store, number, forward())
        assert store.unit_inboxes.items(frozenset({CASE_SYSTEM}), None, 9) == []
        [claimed] = claim(store, destination=THERE)
        store.unit_inboxes.put(claimed.message)
        items = store.unit_inboxes.items(frozenset({TO.hsa_id}), None, 9)
        assert [item.record.number for item in items] == [number]

    def test_the_name_of_the_holder_before_is_forgotten(self, store: Store) -> None:
        """DOMAIN D2, D6: each holder has a name of its own for a case."""
        number = accept(store).number
        change(store, number, name_it("OLD-1"))
        change(store, number, forward())
        theirs = CaseName(external=(CASE_SYSTEM, "OLD-1"))
        assert store.cases.change(theirs, make_received(), answer()) is None
        [claimed] = claim(store, destination=THERE)
        taken = Attempted(DeliveryState.DELIVERED, "delivered", remote_id="NEW-1")
        store.deliveries.record(claimed, taken, LATER)
        assert record(store, number).external_case_id == "NEW-1"

    def test_a_holder_that_has_it_for_another_unit_keeps_its_name(self, store: Store) -> None:
        """DOMAIN B3: one system receives for many units, and answers may come meanwhile."""
        number = accept(store).number
        change(store, number, name_it("SAME-1"))
        change(store, number, forward(holder=CASE_SYSTEM))
        assert record(store, number).external_case_id == "SAME-1"

    def test_the_new_holder_gets_case_files_and_all_that_was_said(self, store: Store) -> None:
        """DOMAIN D6: the history goes along, in its order."""
        file = make_attachment()
        new = accept(store, make_case(attachments=(file,)))
        change(store, new.number, answer(sent_at=NOW, text="Svar.", attachments=(file,)))
        change(store, new.number, supplement(text="Mer.", attachments=(file,)))
        change(store, new.number, forward())
        [claimed] = claim(store, destination=THERE)
        message = claimed.message
        assert message.case == new.case
        assert (message.reason, message.forwarded_to) == ("Det är deras.", TO.hsa_id)
        told = [(past.kind, past.text, past.attachments) for past in message.history]
        kinds = PastKind.FINAL_REPLY, PastKind.SUPPLEMENTED, PastKind.FORWARDED
        assert told[0] == (kinds[0], "Svar.", (file,))
        assert sorted(told[1:]) == sorted([(kinds[1], "Mer.", (file,)), (kinds[2], "Vidare.", ())])
        assert [past.sender is None for past in message.history].count(True) == 1

    def test_the_history_ends_where_it_was_forwarded(self, store: Store) -> None:
        """DESIGN decision 9: a message says the same on every attempt."""
        number = accept(store).number
        change(store, number, forward())
        change(store, number, answer(sent_at=NOW))
        change(store, number, supplement())
        [claimed] = claim(store, destination=THERE)
        assert [past.kind for past in claimed.message.history] == [PastKind.FORWARDED]

    def test_what_was_said_while_a_forward_waited_goes_along(self, store: Store) -> None:
        """DOMAIN C1, D6: its time, and an id made elsewhere, may be older than what it has."""
        number = accept(store).number
        change(store, number, answer(sent_at=LATER, message_id=_FROM_A_CLOCK_AHEAD))
        change(store, number, supplement())
        change(store, number, forward(at=NOW))
        [claimed] = claim(store, destination=THERE)
        kinds = {PastKind.FORWARDED, PastKind.FINAL_REPLY, PastKind.SUPPLEMENTED}
        assert {past.kind for past in claimed.message.history} == kinds

    def test_what_comes_later_goes_to_the_new_holder_without_the_history(
        self, store: Store
    ) -> None:
        """DOMAIN A10, C3: after the case, which it has by then."""
        number = accept(store).number
        change(store, number, forward())
        change(store, number, supplement())
        [brought] = claim(store, destination=THERE)
        store.deliveries.record(brought, DELIVERED, LATER)
        [added] = claim(store, destination=THERE)
        assert added.message.event is CaseEvent.SUPPLEMENTED
        assert (added.message.forwarded_to, added.message.history) == (TO.hsa_id, ())

    def test_all_that_was_said_of_a_case_can_be_read(self, store: Store) -> None:
        """DOMAIN D6: by staff whom it came to."""
        number = accept(store).number
        change(store, number, answer(sent_at=NOW, text="Svar."))
        history = store.cases.history(number)
        assert [(past.kind, past.text) for past in history] == [(PastKind.FINAL_REPLY, "Svar.")]
        assert isinstance(history[0], Past)
        assert store.cases.history("2026-0000-000000") == ()

    def test_a_forward_is_awaited_as_a_case_is(self, store: Store) -> None:
        """DOMAIN D2: its holder's own name for it comes with the answer to our delivery."""
        change(store, accept(store).number, forward())
        assert not store.cases.awaits_name(TO.hsa_id)
        claim(store, destination=THERE)
        assert store.cases.awaits_name(TO.hsa_id)

    def test_silence_is_counted_from_when_the_holder_got_it(self, store: Store) -> None:
        """DOMAIN G2: not from when the one before got it."""
        number = accept(store).number
        deliver_one(store)
        change(store, number, forward())
        assert store.overview.unanswered_since(THERE, LATER) is None
        [claimed] = claim(store, destination=THERE)
        store.deliveries.record(claimed, DELIVERED, LATER)
        assert store.overview.unanswered_since(THERE, LATER) == NOW

    def test_silence_before_a_forward_is_not_that_of_the_new_holder(self, store: Store) -> None:
        """DOMAIN G2, D6: also when both have the same system."""
        number = accept(store).number
        deliver_one(store)
        change(store, number, forward(destination=DESTINATION))
        assert store.overview.unanswered_since(DESTINATION, LATER) is None
        deliver_one(store)
        assert store.overview.unanswered_since(DESTINATION, LATER) == NOW

    def test_a_parked_forward_is_replayed_from_where_the_case_stands(self, store: Store) -> None:
        """DOMAIN B4, C4: today's route is that of the unit it was forwarded to."""
        change(store, accept(store).number, forward())
        [claimed] = claim(store, destination=THERE)
        store.deliveries.record(claimed, PARKED, LATER)
        replay = Replay(
            claimed.id, ReplayState.RUNNING, LATER, "x", TODAY, Selection(delivery=claimed.id), 1
        )
        asked: list[Parked] = []

        def aim(_: Replay, parked: Parked) -> Aim:
            asked.append(parked)
            return Aim("syd/other", Move(CASE_SYSTEM, "syd"))

        store.parked.start(replay)
        store.parked.step(aim, LATER, 9)
        assert [parked.unit for parked in asked] == [TO.hsa_id]
        [again] = claim(store, destination="syd/other")
        assert again.message.event is CaseEvent.FORWARDED
