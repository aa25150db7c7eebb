"""The poller: asks each destination in its own round, and posts what it fetched."""

import threading
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from queue import Queue
from typing import Any, ClassVar

import pytest
import structlog
from pydantic import BaseModel

from gateway import poller as module
from gateway.adapter import AdapterSettings, Can, CaseMessage, Message, Outcome, Unavailable
from gateway.domain.destination import Destination
from gateway.domain.hsa import HsaId
from gateway.domain.law import Limits
from gateway.domain.policy import Policy
from gateway.domain.routing import RouteTable
from gateway.flow.replies import Replies
from gateway.poller import EVERY, OVERLAP, SWEEP_BACK, Poller
from gateway.testing.builders import (
    CASE_SYSTEM,
    NOW,
    TOLVAN,
    make_attachment,
    make_case_message,
    make_delivery,
    make_new_case,
)
from gateway.testing.memory import MemoryStore
from gateway.testing.memory_contents import make_file_intake
from gateway.testing.small_files import JPEG

SOON = 30.0
A, B = "norr/a", "norr/b"


class Talkative:
    """An adapter that says what it is told to, and notes what became of it."""

    can: ClassVar = Can(recognises_repeats=True)
    Settings: ClassVar[type[BaseModel]] = AdapterSettings

    def __init__(self, settings: Any, tools: Any = None) -> None:
        self.asked: Queue[datetime] = Queue()
        self.says: list[CaseMessage | Exception] = []
        self.settled: Queue[tuple[str, str | None]] = Queue()
        self.stuck: set[str] = set()

    def deliver(self, message: Message) -> Outcome:
        raise AssertionError("a poller fetches, and delivers nothing")

    def replies(self, since):
        self.asked.put(since)
        for one in self.says:
            if isinstance(one, Exception):
                raise one
            yield one

    def settle(self, message, refusal):
        self.settled.put((message.message_id, refusal))
        if message.message_id in self.stuck:
            raise Unavailable("it cannot be moved to taken/")


class FindsEverything:
    """A scanner that has learnt too much."""

    @contextmanager
    def begin(self):
        """Begin with a file."""
        yield self

    def see(self, part):
        """Look at nothing."""

    def found(self):
        """Find it."""
        return "New-1"


class Desk:
    """A poller with all around it: a store, two destinations, a clock, and the lines it logs."""

    def __init__(self):
        self.store = MemoryStore()
        self.replies: Any = Replies(
            self._table, self.store.cases, lambda: self.now, Limits(), make_file_intake()
        )
        self.now = NOW
        self.adapters = {A: Talkative(None), B: Talkative(None)}
        self.systems = {A: CASE_SYSTEM, B: HsaId("SE2321000016-OTHER")}
        self.lines: Queue[dict[str, Any]] = Queue()
        self.failures: list[int] = []

    def case(self):
        new = make_new_case(delivery=make_delivery(destination=A))
        self.store.cases.add([new])
        return new.number

    def inbox(self):
        return self.store.cases.inbox_messages(TOLVAN, None, 99)[1:]

    def later(self, by=EVERY):
        self.now += by

    def waits(self, failures):
        self.failures.append(failures)
        return timedelta(seconds=0.01)

    @contextmanager
    def polling(self):
        poller = Poller(
            self.store.polls, self.replies, self._table, {"x": Talkative}, self._lend, self._time
        )
        thread = threading.Thread(target=poller.run)
        thread.start()
        try:
            yield
        finally:
            poller.stop()
            thread.join(SOON)
            assert not thread.is_alive()

    def _time(self):
        return self.now

    def _table(self):
        named = {
            key: Destination(key, "norr", key, "x", {}, Policy(), system, key)
            for key, system in self.systems.items()
        }
        return RouteTable("v1", {}, named, {})

    @contextmanager
    def _lend(self, destination):
        yield self.adapters[destination.key]


@pytest.fixture
def desk(monkeypatch):
    """Give a poller's surroundings; it looks often, and its log goes to a queue."""
    desk = Desk()

    def tell(_, level, event):
        desk.lines.put({"level": level} | event)
        raise structlog.DropEvent

    log = structlog.wrap_logger(
        None, [tell], wrapper_class=structlog.make_filtering_bound_logger(0)
    )
    monkeypatch.setattr(module, "log", log)
    monkeypatch.setattr(module, "_LOOK_S", 0.01)
    monkeypatch.setattr(module, "_wait", desk.waits)
    return desk


def next_of(queue):
    return queue.get(timeout=SOON)


def test_a_fetched_reply_is_in_the_citizens_inbox_before_it_is_settled(desk):
    """DOMAIN D1, D2: as if its system had posted it."""
    reply = make_case_message(case_number=desk.case(), text="Vi beklagar.")
    desk.adapters[A].says = [reply]
    with desk.polling():
        assert next_of(desk.adapters[A].settled) == (reply.message_id, None)
        assert [message.text for message in desk.inbox()] == ["Vi beklagar."]


def test_a_reply_that_is_fetched_again_changes_nothing(desk):
    """DOMAIN D2: so rounds may overlap."""
    desk.adapters[A].says = [make_case_message(case_number=desk.case())]
    with desk.polling():
        for _ in range(3):
            next_of(desk.adapters[A].settled)
            desk.later()
    assert len(desk.inbox()) == 1


def test_a_reply_is_known_again_when_its_file_is_known_as_malware_since(desk):
    """DOMAIN D2: the citizen has it; neither is it refused, nor does its text wait for anybody."""
    files = (make_attachment(),)
    desk.adapters[A].says = [make_case_message(case_number=desk.case(), attachments=files)]
    with desk.polling():
        assert next_of(desk.adapters[A].settled)[1] is None
        desk.replies = replace(
            desk.replies, files=replace(desk.replies.files, scanner=FindsEverything())
        )
    with desk.polling():
        desk.later(timedelta(days=1))
        assert next_of(desk.adapters[A].settled)[1] is None
    assert len(desk.inbox()) == 1
    assert desk.store.cases.unmatched(None, 9) == []


def test_a_system_is_asked_from_a_week_back_then_with_an_overlap_then_swept_daily(desk):
    """DOMAIN D2: what was told late is found, and nothing falls between two rounds."""
    asked = desk.adapters[A].asked
    with desk.polling():
        assert next_of(asked) == NOW - SWEEP_BACK
        desk.later()
        assert next_of(asked) == NOW - OVERLAP
        desk.later()
        assert next_of(asked) == NOW + EVERY - OVERLAP
        desk.later(timedelta(days=1))
        assert next_of(asked) == desk.now - SWEEP_BACK


def test_after_more_than_a_week_away_it_goes_on_where_it_was(desk):
    """DOMAIN D2: nothing is passed over, however long a system could not be asked."""
    asked = desk.adapters[A].asked
    with desk.polling():
        assert next_of(asked) == NOW - SWEEP_BACK
        desk.later()
        assert next_of(asked) == NOW - OVERLAP
    last = desk.now
    desk.later(timedelta(days=9))
    with desk.polling():
        assert next_of(asked) == last - OVERLAP


def test_what_is_refused_is_told_once_also_when_the_rounds_break_off(desk):
    """DOMAIN G2: a system that falters does not make the log say the same again and again."""
    stranger = desk.adapters[B]
    said = [make_case_message(case_number=desk.case())]
    stranger.says = [*said]
    with desk.polling():
        next_of(stranger.settled)
        told = [next_of(desk.lines)["event"]]
        stranger.says = [Unavailable("away")]
        desk.later()
        told.append(next_of(desk.lines)["event"])
        stranger.says = [*said]
        desk.later()
        told.append(next_of(desk.lines)["event"])
    assert told == ["reply.refused", "replies.failing", "replies.recovered"]


def test_only_the_holder_of_a_case_can_say_anything_about_it(desk):
    """DOMAIN D2: what another system has said is refused, with the reason to its adapter."""
    stranger = desk.adapters[B]
    stranger.says = [make_case_message(case_number=desk.case())]
    with desk.polling():
        _, refusal = next_of(stranger.settled)
        told = next_of(desk.lines)
    assert "only its holder may post" in refusal
    assert (told["event"], told["rules"]) == ("reply.refused", "not-the-holder")
    assert desk.inbox() == []


def test_the_text_of_a_reply_whose_file_is_refused_waits_for_an_operator(desk):
    """ISSUE: the text is kept; nobody hears the refusal, and nothing is lost unseen (D2, D4)."""
    number, lie = desk.case(), make_attachment(JPEG)
    desk.adapters[A].says = [make_case_message(case_number=number, attachments=(lie,))]
    with desk.polling():
        _, refusal = next_of(desk.adapters[A].settled)
        desk.later()
        _, again = next_of(desk.adapters[A].settled)
    [(_, waiting)] = desk.store.cases.unmatched(None, 9)
    assert refusal == again == waiting.reason
    assert refusal.startswith("attachments/1: ")
    assert waiting.message == replace(desk.adapters[A].says[0], attachments=())
    assert (desk.store.unmatched.matching(9), desk.inbox()) == ([], [])


def test_what_is_refused_again_in_the_overlap_is_told_once(desk):
    """DOMAIN G2: a log that says the same all day is read by nobody."""
    stranger = desk.adapters[B]
    stranger.says = [make_case_message(case_number=desk.case())]
    with desk.polling():
        for _ in range(3):
            next_of(stranger.settled)
            desk.later()
    assert desk.lines.qsize() == 1


def test_a_slow_system_does_not_delay_another(desk):
    """DOMAIN C2: each in its own round."""
    opened = threading.Event()
    desk.adapters[A].asked.put = lambda since: opened.wait(SOON)
    with desk.polling():
        for _ in range(3):
            next_of(desk.adapters[B].asked)
            desk.later()
        opened.set()


@pytest.mark.parametrize("error", [Unavailable("it does not answer"), ValueError(TOLVAN.number)])
def test_a_system_that_fails_is_told_once_and_asked_again_from_the_same_point(desk, error):
    """DOMAIN G2, A8: transitions are told, and no words of strangers."""
    troubled = desk.adapters[A]
    troubled.says = [error]
    with desk.polling():
        since = [next_of(troubled.asked)]
        desk.later()
        since.append(next_of(troubled.asked))
        failing = desk.store.polls.failing()
        troubled.says = []
        desk.later()
        lines = [next_of(desk.lines), next_of(desk.lines)]
    assert since == [NOW - SWEEP_BACK, NOW + EVERY - SWEEP_BACK]
    assert [line["event"] for line in lines] == ["replies.failing", "replies.recovered"]
    assert TOLVAN.number not in str(lines)
    assert (failing, desk.store.polls.failing()) == ({A: NOW}, {})


def test_a_reply_that_cannot_be_kept_now_stops_no_other_and_is_not_settled(desk):
    """DOMAIN C1: it is given again, because how far we came has not moved."""
    kept = make_case_message(case_number=desk.case())
    lost = replace(kept, message_id="lost")
    desk.replies = Sieve(desk.replies)
    desk.adapters[A].says = [lost, kept]
    with desk.polling():
        next_of(desk.adapters[A].asked)
        assert next_of(desk.adapters[A].settled) == (kept.message_id, None)
        assert next_of(desk.lines)["event"] == "reply.fetched"
        assert next_of(desk.lines)["event"] == "replies.failing"
        desk.later()
        assert next_of(desk.adapters[A].asked) == desk.now - SWEEP_BACK


def test_a_fault_of_ours_with_one_reply_stops_no_other(desk):
    """DOMAIN C1: those that come after it reach the citizen."""
    kept = make_case_message(case_number=desk.case())
    desk.replies = Sieve(desk.replies, OverflowError("date value out of range"))
    desk.adapters[A].says = [replace(kept, message_id="lost"), kept]
    with desk.polling():
        assert next_of(desk.adapters[A].settled) == (kept.message_id, None)
        told = next_of(desk.lines)
    assert (told["event"], told["message_id"]) == ("reply.not_posted", "lost")
    assert (told["level"], set(desk.failures)) == ("error", {0})


def test_a_reply_that_waits_for_its_case_slows_no_other_and_is_told_once(desk):
    """DOMAIN D2, C2: it comes again until the name of its case is known, from the same point."""
    early = make_case_message(case_number=None, external_case_id="AVV-1")
    kept = make_case_message(case_number=desk.case(), message_id="kept")
    desk.adapters[A].says = [early, kept]
    desk.store.deliveries.claim(A, 1, NOW, timedelta(minutes=1))
    with desk.polling():
        for _ in range(3):
            assert next_of(desk.adapters[A].asked) == desk.now - SWEEP_BACK
            assert next_of(desk.adapters[A].settled) == ("kept", None)
            desk.later()
        lines = [next_of(desk.lines) for _ in range(2)]
    assert [line["event"] for line in lines] == ["reply.waits", "reply.fetched"]
    assert lines[0]["message_id"] == early.message_id
    assert (desk.lines.empty(), set(desk.failures)) == (True, {0})


def test_a_reply_that_cannot_be_settled_slows_no_other_and_is_told_once(desk):
    """DOMAIN D2, C2: it is kept, and its sender gets its answer when it can be given."""
    number = desk.case()
    said = [make_case_message(case_number=number, message_id=name) for name in ("a", "b")]
    desk.adapters[A].says, desk.adapters[A].stuck = said, {"a"}
    with desk.polling():
        for _ in range(3):
            assert next_of(desk.adapters[A].asked) == desk.now - SWEEP_BACK
            assert [next_of(desk.adapters[A].settled)[0] for _ in range(2)] == ["a", "b"]
            desk.later()
        lines = [next_of(desk.lines) for _ in range(3)]
    told = ["reply.fetched", "reply.not_settled", "reply.fetched"]
    assert [line["event"] for line in lines] == told
    assert lines[1]["reason"] == "it cannot be moved to taken/"
    assert (desk.lines.empty(), set(desk.failures)) == (True, {0})
    assert len(desk.inbox()) == 2


class Sieve:
    """Replies, where one cannot be kept."""

    def __init__(self, replies, error=None):
        self._replies = replies
        self._error = error or Unavailable("the database does not answer")

    def post(self, message, caller):
        """Post all but the one."""
        if message.message_id == "lost":
            raise self._error
        return self._replies.post(message, caller)
