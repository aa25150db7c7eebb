"""Promises about notices: one for each message in an inbox, sent by one at a time (DOMAIN D5)."""
# ruff: noqa: S101 (assert is how pytest speaks)

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from gateway.domain.case import Submitter
from gateway.flow.notices import (
    Citizen,
    ClaimedNotice,
    EndedAttempt,
    NoticeStanding,
    NoticeState,
    first_id_at,
)
from gateway.flow.store import Store
from gateway.testing.builders import NOW, TOLVAN, make_case, make_inbox_message, make_new_case

LONG_AGO = NOW - timedelta(days=3)
LEASE = timedelta(minutes=2)
SENT = EndedAttempt(NoticeState.SENT, "mail")


class NoticesContract:
    """Notices of what lies in the inboxes of citizens."""

    def test_a_message_gets_one_notice(self, store: Store) -> None:
        """DOMAIN D5: however often, and by however many, it is looked for."""
        message = _land(store)
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda _: _make(store), range(8)))
        assert store.notices.standing() == NoticeStanding(1, NOW, 0)
        claimed = _claim(store)
        assert (claimed.id, claimed.attempt, claimed.made_at) == (message, 1, NOW)
        assert store.notices.claim(NOW, LEASE) is None

    def test_a_notice_knows_how_its_citizen_can_be_reached(self, store: Store) -> None:
        """DOMAIN D5: as they said with the case."""
        reached = Submitter(TOLVAN, email="tolvan@example.com", phone="070-1740605")
        _land(store, submitter=reached)
        _make(store)
        assert _claim(store).citizen == Citizen(TOLVAN, "tolvan@example.com", "070-1740605")

    def test_what_came_before_the_first_look_gets_none(self, store: Store) -> None:
        """DOMAIN D5: nobody is told of years of messages when notices are turned on."""
        _land(store, NOW - timedelta(hours=1))
        assert _make(store) == 0
        assert _make(store, far=True) == 0

    def test_what_came_to_the_disk_late_gets_one(self, store: Store) -> None:
        """DOMAIN D5: an id is made before its message is on disk."""
        _make(store, NOW - timedelta(minutes=5))
        _land(store)
        assert _make(store) == 1
        late = _land(store, NOW - timedelta(seconds=20))
        assert _make(store) == 1
        assert {_claim(store).id, _claim(store).id} > {late}

    def test_what_a_node_with_a_slow_clock_wrote_is_found_when_looked_far_for(
        self, store: Store
    ) -> None:
        """DOMAIN D5: its id is older than it."""
        _make(store, NOW - timedelta(days=1))
        _land(store)
        assert _make(store) == 1
        _land(store, NOW - timedelta(hours=2))
        assert (_make(store), _make(store, far=True)) == (0, 1)

    def test_a_node_whose_clock_is_ahead_hides_nothing(self, store: Store) -> None:
        """DOMAIN D5: an id from the future is no place to go on from."""
        _make(store, NOW - timedelta(minutes=5))
        _land(store, NOW + timedelta(hours=2))
        assert _make(store) == 1
        _land(store)
        assert _make(store) == 1

    def test_a_message_that_is_too_old_gets_none(self, store: Store) -> None:
        """DOMAIN D5: who hears of it after weeks has read it, or never will."""
        _make(store, NOW - timedelta(days=30))
        _land(store, NOW - timedelta(days=4))
        assert _make(store, far=True) == 0

    def test_a_notice_whose_sender_stopped_is_claimed_anew_after_its_lease(
        self, store: Store
    ) -> None:
        """DOMAIN C1, D5: and what the first one says then changes nothing."""
        _land(store)
        _make(store)
        first, later = _claim(store), NOW + LEASE
        again = _claim(store, later)
        assert (again.id, again.attempt) == (first.id, 2)
        assert not store.notices.end(first, SENT)
        assert store.notices.end(again, SENT)
        assert store.notices.standing() == NoticeStanding()

    def test_a_notice_that_could_not_be_sent_is_due_again_when_told(self, store: Store) -> None:
        """DOMAIN D5."""
        _land(store)
        _make(store)
        later = NOW + timedelta(minutes=1)
        waits = EndedAttempt(NoticeState.WAITING, None, "it is busy", later)
        assert store.notices.end(_claim(store), waits)
        assert store.notices.claim(NOW, LEASE) is None
        assert _claim(store, later).attempt == 2

    def test_a_parked_notice_is_counted_and_sent_no_more(self, store: Store) -> None:
        """DOMAIN D5, G1."""
        _land(store)
        _make(store)
        store.notices.end(_claim(store), EndedAttempt(NoticeState.PARKED, None, "refused"))
        assert store.notices.standing() == NoticeStanding(parked=1)
        assert store.notices.claim(NOW + timedelta(days=9), LEASE) is None
        assert _make(store, far=True) == 0

    def test_of_many_who_claim_one_gets_it(self, store: Store) -> None:
        """DOMAIN D5: also from many nodes."""
        _land(store)
        _make(store)
        with ThreadPoolExecutor(4) as pool:
            claims = list(pool.map(lambda _: store.notices.claim(NOW, LEASE), range(8)))
        assert len([claimed for claimed in claims if claimed]) == 1


def _land(store: Store, at: datetime = NOW, submitter: Submitter | None = None) -> UUID:
    """Put a message in an inbox whose id was made then."""
    case = make_case(submitter=submitter or Submitter(TOLVAN))
    of_that_time = UUID(int=first_id_at(at).int | make_new_case().id.int & 0xFFFF_FFFF_FFFF)
    message = make_inbox_message(message_id=str(of_that_time))
    store.cases.add([replace(make_new_case(case), confirmation=message)])
    return of_that_time


def _make(store: Store, at: datetime = NOW, *, far: bool = False) -> int:
    return store.notices.make(at, at - (NOW - LONG_AGO), far=far)


def _claim(store: Store, at: datetime = NOW) -> ClaimedNotice:
    claimed = store.notices.claim(at, LEASE)
    assert claimed is not None
    return claimed
