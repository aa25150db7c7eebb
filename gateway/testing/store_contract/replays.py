"""What a store promises of parked work: grouped by cause, chosen, and let out once (DOMAIN C4)."""
# ruff: noqa: S101 (assert is how pytest speaks)

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from uuid_utils.compat import uuid7

from gateway.domain.blame import Blame
from gateway.domain.hsa import HsaId
from gateway.domain.lifecycle import DeliveryState
from gateway.flow.parked import (
    Aim,
    Move,
    Parked,
    Replay,
    ReplayState,
    ReplayStep,
    Selection,
    Stock,
)
from gateway.flow.ports import Attempted, NewCase
from gateway.flow.store import Store
from gateway.flow.timeline import Step
from gateway.testing.builders import CASE_SYSTEM, DESTINATION, NOW, make_delivery, make_entry
from gateway.testing.store_contract.acts import (
    LATER,
    LEASE,
    PARKED,
    accept,
    change,
    claim,
    claim_one,
    deliver_one,
    name_it,
    postponed,
    steps,
    supplement,
)

AGAIN_AT = LATER + timedelta(hours=1)
ELSEWHERE, NEW_HOLDER = "soder/b", HsaId("SE2321000016-OTHER")
AWAY = Attempted(DeliveryState.PARKED, "expired", "HTTP 503: away; given up after 3 days")
UNCLEAR = Attempted(DeliveryState.PARKED, "unclear", "sent, and no answer came")


class ReplaysContract:
    """Parked deliveries, in groups and let out again."""

    def test_what_is_parked_is_told_in_groups_by_cause(self, store: Store) -> None:
        """DOMAIN C4: the largest first; numbers and ids make no group of their own."""
        for n in (1, 2):
            _park(store, Attempted(DeliveryState.PARKED, "refused", f"HTTP 400: form {n} is old"))
        _park(store, AWAY)
        ours, theirs = store.parked.groups(None, None, 9)
        assert (ours.count, ours.blame, ours.destination) == (2, Blame.OURS, DESTINATION)
        assert (ours.reason, ours.oldest) == ("HTTP 400: form 1 is old", NOW)
        assert (theirs.count, theirs.blame) == (1, Blame.THEIRS)
        assert store.parked.groups(None, Blame.THEIRS, 9) == [theirs]
        assert store.parked.groups(ELSEWHERE, None, 9) == []

    def test_a_parked_one_tells_its_cause_until_it_is_let_out(self, store: Store) -> None:
        """DOMAIN C4, G1: why it stands there, and whose it is to mend."""
        parked = _park(store, AWAY)
        record = _record(store, parked)
        [group] = store.parked.groups(None, None, 9)
        assert (record.blame, record.fault) == (Blame.THEIRS, group.fault)
        store.deliveries.replay(parked, make_entry(), AGAIN_AT)
        assert (_record(store, parked).blame, _record(store, parked).fault) == (None, None)
        assert store.parked.groups(None, None, 9) == []

    def test_what_is_chosen_is_counted_with_what_may_have_arrived(self, store: Store) -> None:
        """DOMAIN C6: an operator is warned where a repeat may double."""
        for attempted in (AWAY, UNCLEAR, UNCLEAR):
            _park(store, attempted)
        accept(store)
        assert store.parked.stock(Selection(), AGAIN_AT) == [Stock(DESTINATION, 3, 2)]
        assert store.parked.stock(Selection(), NOW) == []

    def test_a_filter_takes_what_fits_all_that_it_says(self, store: Store) -> None:
        """DOMAIN C4: by delivery, destination, cause, region and when it was made."""
        parked = _park(store, AWAY)
        fault = _record(store, parked).fault
        later = NOW + timedelta(seconds=1)
        fitting = (
            Selection(delivery=parked),
            Selection(destination=DESTINATION, fault=fault),
            Selection(region="norr", created_from=NOW, created_to=later),
        )
        strange = (
            Selection(delivery=uuid7()),
            Selection(destination=ELSEWHERE, fault=fault),
            Selection(destination=DESTINATION, fault="another"),
            Selection(region="soder"),
            Selection(created_from=later),
            Selection(created_to=NOW),
        )
        assert all(store.parked.stock(chosen, AGAIN_AT) for chosen in fitting)
        assert not any(store.parked.stock(chosen, AGAIN_AT) for chosen in strange)

    def test_a_replay_goes_on_in_steps_in_order_and_ends(self, store: Store) -> None:
        """DOMAIN C4: it can be looked at while it runs, and outlives a restart."""
        parked = [_park(store, AWAY) for _ in range(5)]
        replay = _start(store, total=5)
        assert _step(store, limit=2)
        assert [c.id for c in claim(store, at=AGAIN_AT)] == parked[:2]
        assert store.parked.find(replay.id) == replace(replay, done=2)
        assert [_step(store, limit=2) for _ in range(3)] == [True, True, False]
        assert store.parked.find(replay.id) == replace(replay, state=ReplayState.DONE, done=5)
        assert len(claim(store, at=AGAIN_AT)) == 3

    def test_a_replayed_one_waits_as_if_it_were_new(self, store: Store) -> None:
        """DOMAIN C2: patience and the waits begin anew; the fence counts on."""
        number, parked = _accepted_and_parked(store)
        replay = _start(store)
        _step(store)
        claimed = claim_one(store, AGAIN_AT)
        assert (claimed.attempt, claimed.attempts_before) == (2, 1)
        assert claimed.waiting_since == AGAIN_AT
        entry = store.cases.timeline(number)[-1].entry
        assert (entry.step, entry.actor) == (Step.DELIVERY_REPLAYED, replay.made_by)
        assert entry.details == {"delivery": str(parked), "replay": str(replay.id)}

    def test_what_is_parked_again_is_not_taken_again(self, store: Store) -> None:
        """DOMAIN C4: a replay takes what was parked when it was made, once."""
        for _ in range(3):
            _park(store, AWAY)
        _start(store, total=3)
        _step(store, limit=1)
        again = claim_one(store, AGAIN_AT)
        store.deliveries.record(again, AWAY, AGAIN_AT)
        while _step(store, limit=1):
            pass
        assert _record(store, again.id).state is DeliveryState.PARKED

    def test_two_replays_and_many_workers_let_each_out_once(self, store: Store) -> None:
        """DOMAIN C4: what one has taken, the other finds gone."""
        numbers = [_accepted_and_parked(store)[0] for _ in range(12)]
        replays = [_start(store, total=12) for _ in range(2)]
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda _: _step(store, limit=3), range(16)))
        while _step(store, limit=3):
            pass
        ended = [_found(store, replay) for replay in replays]
        assert sum(replay.done for replay in ended) == 12
        assert [replay.done + replay.skipped for replay in ended] == [12, 12]
        told = [steps(store, number).count(Step.DELIVERY_REPLAYED) for number in numbers]
        assert told == [1] * 12

    def test_a_paused_replay_takes_nothing_until_it_is_resumed(self, store: Store) -> None:
        """DOMAIN C4: a human may think in between."""
        parked = _park(store, AWAY)
        replay = _start(store)
        assert store.parked.move(replay.id, ReplayStep.RESUME) is None
        paused = store.parked.move(replay.id, ReplayStep.PAUSE)
        assert (paused, _step(store)) == (replace(replay, state=ReplayState.PAUSED), False)
        assert store.parked.move(replay.id, ReplayStep.RESUME) == replay
        assert (_step(store), claim_one(store, AGAIN_AT).id) == (True, parked)

    def test_a_cancelled_replay_stops_for_good(self, store: Store) -> None:
        """DOMAIN C4: what was taken stays taken; the rest stays parked."""
        taken, left = (_park(store, AWAY) for _ in range(2))
        replay = _start(store, total=2)
        _step(store, limit=1)
        cancelled = store.parked.move(replay.id, ReplayStep.CANCEL)
        assert cancelled == replace(replay, state=ReplayState.CANCELLED, done=1)
        assert not _step(store)
        assert not any(store.parked.move(replay.id, step) for step in ReplayStep)
        states = [_record(store, delivery).state for delivery in (taken, left)]
        assert states == [DeliveryState.WAITING, DeliveryState.PARKED]

    def test_an_unknown_replay_is_not_found(self, store: Store) -> None:
        """An unknown id is no fault of the store's."""
        assert store.parked.find(uuid7()) is None
        assert store.parked.move(uuid7(), ReplayStep.PAUSE) is None

    def test_what_has_no_way_stays_parked_and_is_counted(self, store: Store) -> None:
        """DOMAIN B4: nothing is lost because nobody takes it today."""
        parked = _park(store, AWAY)
        replay = _start(store)
        assert store.parked.step(lambda _, __: None, AGAIN_AT, 10)
        assert _record(store, parked).state is DeliveryState.PARKED
        assert _found(store, replay) == replace(replay, state=ReplayState.DONE, skipped=1)

    def test_a_redirected_case_is_held_by_its_new_holder(self, store: Store) -> None:
        """DOMAIN B4, D2: so that the new one may answer; what waits behind goes along."""
        number, _ = _accepted_and_parked(store)
        change(store, number, name_it("A-1"))
        change(store, number, supplement())
        _start(store)
        _step(store, to=Aim(ELSEWHERE, Move(NEW_HOLDER, "soder")))
        record = store.cases.find(number)
        assert record is not None
        assert (record.destination, record.holder, record.region) == (
            ELSEWHERE,
            NEW_HOLDER,
            "soder",
        )
        assert record.external_case_id is None
        waiting = store.deliveries.listed(None, ELSEWHERE, None, 9)
        assert [one.state for one in waiting] == [DeliveryState.WAITING] * 2

    def test_a_redirection_is_on_the_timeline(self, store: Store) -> None:
        """DOMAIN G3: from where to where, by whom."""
        number, parked = _accepted_and_parked(store)
        replay = _start(store)
        _step(store, to=Aim(ELSEWHERE, Move(NEW_HOLDER, "soder")))
        entry = store.cases.timeline(number)[-1].entry
        assert (entry.step, entry.actor) == (Step.DELIVERY_REDIRECTED, replay.made_by)
        way = {"from": DESTINATION, "to": ELSEWHERE, "holder": NEW_HOLDER.text}
        assert entry.details == {"delivery": str(parked), "replay": str(replay.id)} | way

    def test_a_redirected_supplement_leaves_the_case_where_it_is(self, store: Store) -> None:
        """DOMAIN B4: an open case stays where it is being handled."""
        number = accept(store).number
        deliver_one(store)
        change(store, number, supplement())
        deliver_one(store, AWAY)
        _start(store)
        _step(store, to=Aim(ELSEWHERE))
        record = store.cases.find(number)
        assert record is not None
        assert (record.destination, record.holder) == (DESTINATION, CASE_SYSTEM)
        assert len(store.deliveries.claim(ELSEWHERE, 9, AGAIN_AT, LEASE)) == 1

    def test_one_that_waits_can_be_hurried(self, store: Store) -> None:
        """DOMAIN G1: tried now, with its patience and its waits as they were."""
        number = accept(store).number
        waiting = deliver_one(store, postponed(LATER + timedelta(days=1)))
        entry = make_entry(step=Step.DELIVERY_HURRIED)
        record = store.deliveries.hurry(waiting.id, entry, LATER)
        assert record is not None
        assert record.due_at == LATER
        again = claim_one(store)
        assert (again.waiting_since, again.attempts_before) == (NOW, 0)
        assert store.cases.timeline(number)[-1].entry == entry
        assert store.deliveries.hurry(waiting.id, entry, LATER) is None

    def test_something_new_for_a_case_hurries_what_it_waits_for(self, store: Store) -> None:
        """DOMAIN C3: a reason to try again at once."""
        number = accept(store).number
        waiting = deliver_one(store, postponed(LATER + timedelta(days=1)))
        change(store, number, supplement())
        assert claim_one(store).id == waiting.id

    def test_a_blocked_one_tells_what_it_waits_for(self, store: Store) -> None:
        """DOMAIN G1: why, in plain words."""
        number, _ = _accepted_and_parked(store)
        change(store, number, supplement())
        [blocked] = store.deliveries.listed(DeliveryState.WAITING, None, None, 9)
        assert blocked.why == (
            f"waits for delivery 1 of the same case, which is parked because: {AWAY.reason}"
        )


def _accepted_and_parked(store: Store, attempted: Attempted = AWAY) -> tuple[str, UUID]:
    new = accept(store)
    return new.number, _end(store, new, attempted)


def _park(store: Store, attempted: Attempted = PARKED) -> UUID:
    return _end(store, accept(store, delivery=make_delivery()), attempted)


def _end(store: Store, new: NewCase, attempted: Attempted) -> UUID:
    own = UUID(new.delivery.message_id)
    [claimed] = (c for c in claim(store) if c.id == own)
    assert store.deliveries.record(claimed, attempted, LATER)
    return claimed.id


def _record(store: Store, delivery: UUID) -> Any:  # a DeliveryRecord: it is there
    there = store.deliveries.find(delivery)
    assert there is not None
    return there[0]


def _found(store: Store, replay: Replay) -> Replay:
    there = store.parked.find(replay.id)
    assert there is not None
    return there


def _start(store: Store, total: int = 1) -> Replay:
    chosen = Selection(region="norr")
    running, made_by = ReplayState.RUNNING, "SE5560000000-OPERATOR"
    replay = Replay(uuid7(), running, LATER, made_by, "original", chosen, total)
    store.parked.start(replay)
    return replay


def _step(store: Store, limit: int = 10, to: Aim | None = None) -> bool:
    def aim(_: Replay, parked: Parked) -> Aim:
        return to or Aim(parked.destination)

    return store.parked.step(aim, AGAIN_AT, limit)
