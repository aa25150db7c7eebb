"""Notices are found, sent once, waited for with patience, and given up after it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import inf
from typing import Any
from uuid import UUID

import pytest
import structlog

from gateway.domain.case import Submitter
from gateway.domain.errors import Unavailable
from gateway.domain.outcome import Delivered, Refused, TryLater, Unclear
from gateway.domain.pace import Pace
from gateway.domain.person import ANONYMOUS_OID, PersonId
from gateway.flow.notices import Citizen, NoticeStanding, NoticeState, first_id_at
from gateway.notifier import Notifier
from gateway.notifier.outcome import NotNow, NotReached
from gateway.testing.builders import (
    NOW,
    TOLVAN,
    make_case,
    make_inbox_message,
    make_new_case,
)
from gateway.testing.memory import MemoryStore

PATIENCE = timedelta(days=3)
BUSY = TryLater("it is busy", after=1)


@dataclass
class FakeWay:
    """Answers with these outcomes, the last one for ever; keeps what it was asked to send."""

    outcomes: list[Any]
    name: str = "fake"
    sent: list[tuple[UUID, Citizen]] = field(default_factory=list)
    closed: bool = False

    def send(self, notice, citizen):
        self.sent.append((notice, citizen))
        outcome = self.outcomes.pop(0) if len(self.outcomes) > 1 else self.outcomes[0]
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def close(self):
        self.closed = True


@dataclass
class Watcher:
    """Keeps what it is told."""

    standing: NoticeStanding | None = None
    tried: list[tuple[NoticeState, str | None]] = field(default_factory=list)

    def notices_stand(self, standing):
        self.standing = standing

    def notice_tried(self, state, way):
        self.tried.append((state, way))


@dataclass
class Post:
    """A notifier on a store in memory, with a clock that is moved by hand."""

    store: MemoryStore = field(default_factory=MemoryStore)
    watcher: Watcher = field(default_factory=Watcher)
    now: datetime = NOW

    def notifier(self, *ways, rate=inf):
        return Notifier(
            self.store.notices,
            ways,
            lambda: self.now,
            self.watcher,
            PATIENCE,
            Pace(rate),
            pause_s=0.001,
        )

    def land(self, **submitter):
        """Let a case come in, and so its confirmation."""
        case = make_case(submitter=Submitter(**{"person_id": TOLVAN} | submitter))
        low = make_new_case().id.int & 0xFFFF_FFFF_FFFF_FFFF
        message = make_inbox_message(message_id=str(UUID(int=first_id_at(self.now).int | low)))
        self.store.cases.add([make_new_case(case, confirmation=message)])
        return UUID(message.message_id)


@pytest.fixture
def post():
    return Post()


@pytest.fixture(autouse=True)
def lines():
    with structlog.testing.capture_logs() as captured:
        yield captured


def test_a_message_is_told_of_once(post):
    """DOMAIN D5: however often it is looked for."""
    way, notice = FakeWay([Delivered()]), post.land()
    notifier = post.notifier(way)
    notifier.work()
    notifier.work()
    assert [sent for sent, _ in way.sent] == [notice]
    assert post.watcher.tried == [(NoticeState.SENT, "fake")]


def test_who_is_not_reached_one_way_is_tried_the_next(post):
    """DOMAIN D5: the national inbox, else e-mail, else a text message."""
    post.land()
    first, second = FakeWay([NotReached("no user")]), FakeWay([Delivered()], "mail")
    post.notifier(first, second).work()
    assert (len(first.sent), len(second.sent)) == (1, 1)
    assert post.watcher.tried == [(NoticeState.SENT, "mail")]


def test_who_has_not_said_who_they_are_is_told_by_no_way(post):
    """DOMAIN A9: not even asked for."""
    way = FakeWay([Delivered()])
    post.land(person_id=PersonId(ANONYMOUS_OID, "7F3K9QWM2X41"))
    post.notifier(way).work()
    assert (way.sent, post.watcher.tried) == ([], [(NoticeState.UNREACHED, None)])


def test_whom_no_way_leads_to_is_let_be(post):
    """DOMAIN D5: the inbox is the truth, and the notice a courtesy."""
    post.land()
    post.notifier(FakeWay([NotReached("no user")])).work()
    assert post.watcher.tried == [(NoticeState.UNREACHED, None)]
    assert post.store.notices.standing() == NoticeStanding()


def test_what_was_not_taken_is_tried_again_at_once(post):
    """DOMAIN D5: seconds within an attempt, with the same id."""
    way, notice = FakeWay([TryLater("nothing was sent"), Delivered()]), post.land()
    post.notifier(way).work()
    assert [sent for sent, _ in way.sent] == [notice, notice]
    assert post.watcher.tried == [(NoticeState.SENT, "fake")]


def test_what_may_have_been_taken_is_not_tried_again_at_once(post):
    """DOMAIN C6, D5: nobody is told twice in a second."""
    way = FakeWay([Unclear("no answer came")])
    post.land()
    post.notifier(way).work()
    assert len(way.sent) == 1
    assert post.store.notices.standing().waiting == 1


@pytest.mark.parametrize("error", [BUSY, Unclear("silence")])
def test_a_way_that_fails_is_tried_again_after_a_wait(post, lines, error):
    """DOMAIN D5: by the table, in waits that grow, and with the same id."""
    way, notice = FakeWay([error, Delivered()]), post.land()
    notifier = post.notifier(way)
    notifier.work()
    post.now += timedelta(seconds=59)
    notifier.work()
    post.now += timedelta(seconds=1)
    notifier.work()
    assert [sent for sent, _ in way.sent] == [notice, notice]
    assert post.watcher.tried[-1] == (NoticeState.SENT, "fake")
    assert [line["event"] for line in lines] == ["notices.failing", "notices.recovered"]


@pytest.mark.parametrize("trouble", [NotNow("a full box"), ValueError("secret words")])
def test_the_trouble_of_one_notice_does_not_end_the_turn_of_the_others(post, lines, trouble):
    """DOMAIN D5: it is tried again after its own wait."""
    way, notices = FakeWay([trouble, Delivered()]), [post.land(), post.land()]
    notifier = post.notifier(way)
    notifier.work()
    assert sorted(sent for sent, _ in way.sent) == sorted(notices)
    post.now += timedelta(seconds=60)
    notifier.work()
    assert [state for state, _ in post.watcher.tried][1:] == [NoticeState.SENT, NoticeState.SENT]
    assert [line["event"] for line in lines] == ["notice.postponed"]
    assert "secret" not in repr(lines)


def test_a_notice_is_parked_after_its_patience(post, lines):
    """DOMAIN D5, G1: counted, told in the log, and tried no more."""
    way, notice = FakeWay([BUSY]), post.land()
    notifier = post.notifier(way)
    for _ in range(60):
        notifier.work()
        post.now += timedelta(hours=2)
    assert post.store.notices.standing() == NoticeStanding(parked=1)
    assert 10 < len(way.sent) < 30
    parked = [line for line in lines if line["event"] == "notice.parked"]
    assert [line["notice"] for line in parked] == [str(notice)]


def test_what_is_refused_is_parked_at_once(post):
    """DOMAIN D5: sending it again is pointless."""
    post.land()
    post.notifier(FakeWay([Refused("HTTP 422")])).work()
    assert post.store.notices.standing() == NoticeStanding(parked=1)


def test_a_way_that_fails_is_not_called_for_each_of_many(post):
    """DOMAIN D5: a mute inbox costs one call a round."""
    way = FakeWay([Unclear("silence")])
    for _ in range(5):
        post.land()
    post.notifier(way).work()
    assert len(way.sent) == 1


def test_no_more_are_sent_than_the_national_inbox_bears(post):
    """INTEROP §5.1: it is planned for one a second."""
    way = FakeWay([Delivered()])
    for _ in range(5):
        post.land()
    post.notifier(way, rate=2).work()
    assert len(way.sent) == 2


def test_what_stands_is_measured(post):
    """DOMAIN G1, G2."""
    post.land()
    post.notifier(FakeWay([BUSY])).work()
    assert post.watcher.standing == NoticeStanding(1, NOW)


def test_a_way_knows_how_the_citizen_can_be_reached(post):
    """DOMAIN D5: as they said with the case."""
    way = FakeWay([Delivered()])
    post.land(email="tolvan@example.com")
    post.notifier(way).work()
    [(_, citizen)] = way.sent
    assert citizen.email == "tolvan@example.com"
    assert "tolvan" not in repr(citizen)


def test_a_store_that_is_away_ends_nothing(post):
    """DOMAIN D5: failures never stop the traffic, nor the sending."""
    notifier = post.notifier(FakeWay([Delivered()]))
    post.store.gone = True
    with pytest.raises(Unavailable):
        notifier.work()
    post.store.gone = False
    post.land()
    notifier.work()
    assert post.watcher.tried == [(NoticeState.SENT, "fake")]


def test_the_ways_are_closed_at_the_end(post):
    """Connections end with who opened them."""
    way = FakeWay([Delivered()])
    notifier = post.notifier(way)
    notifier.stop()
    notifier.run()
    assert way.closed
