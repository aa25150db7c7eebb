"""What the lookout tells, and what it does not tell again."""

import threading
import time
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from gateway import lookout as module
from gateway.domain.breaker import Breaker, BreakerState
from gateway.domain.destination import Destination
from gateway.domain.errors import Unavailable
from gateway.domain.policy import Policy
from gateway.domain.routing import RouteTable
from gateway.flow.alarms import AlarmKind
from gateway.flow.clock import Overdue
from gateway.flow.ports import DestinationState, Paused
from gateway.flow.watching import Queue
from gateway.lookout import Lookout
from gateway.loops import running
from gateway.metrics import Metrics
from gateway.testing.builders import NOW
from gateway.testing.memory import MemoryStore

KEY = "norr/a"


class World:
    """What the lookout looks at, made up: queues, breakers, cases without an answer."""

    def __init__(self):
        self.found, self.stands, self.silent, self.overdue = {}, {}, {}, {}
        self.unfetched = {}
        self.store = MemoryStore()
        self._told, self.now = [], NOW
        self.scan_trouble = None
        self.shut = frozenset[str]()
        destination = Destination(KEY, "norr", "a", "inbox", {}, Policy(), None, "A")
        self.routed = {KEY: destination}
        self.metrics = Metrics(lambda: NOW)

    def queues(self):
        """Tell what stands where."""
        return self.found

    def unanswered_since(self, destination, before):
        """Tell of a case that nobody has answered."""
        since = self.silent.get(destination)
        return since if since and since <= before else None

    def open_cases(self):
        """Tell of no case: that is for those who change routes."""
        return {}

    def lookout(self, **more):
        """Give a lookout as a process has it that has just started."""
        return Lookout(
            overview=self,
            alarms=self.store.alarms,
            table=lambda: RouteTable("v1", {}, self.routed, {}),
            clock=lambda: self.now,
            watching=self.metrics,
            channels=["log"],
            delivered_within=timedelta(hours=1),
            unfetched=lambda: self.unfetched,
            overdue=lambda: self.overdue,
            shut=lambda: self.shut,
            **{"scan_trouble": lambda: self.scan_trouble, "states": lambda: self.stands} | more,
        )

    @property
    def told(self):
        """Give every turn so far."""
        outbox, at = self.store.alert_outbox, self.now
        while claimed := outbox.claim("log", at, timedelta(0)):
            outbox.brought(claimed)
            self._told.append(claimed.waiting.alert.event)
        return self._told

    def breaker(self, state):
        """Let the breaker stand so."""
        self.stands = {KEY: DestinationState(replace(Breaker(), state=state, failing_since=NOW))}


@pytest.fixture
def world():
    """Nothing waits, nothing fails."""
    return World()


@pytest.fixture
def every_look(monkeypatch):
    """Nothing is looked at seldom."""
    monkeypatch.setattr(module, "SELDOM_S", 0.0)


def test_a_destination_that_fails_and_recovers_is_told_twice(world):
    """DOMAIN G2: on transitions, never one per message or per look."""
    lookout = world.lookout()
    for state in (*[BreakerState.OPEN, BreakerState.PROBING] * 3, BreakerState.CLOSED):
        world.breaker(state)
        lookout.look()
        lookout.look()
    assert world.told == ["destination.failing", "destination.recovered"]


def test_a_destination_that_answers_again_has_recovered(world):
    """DOMAIN C2: it gets little at first, but it gets it."""
    lookout = world.lookout()
    for state in (BreakerState.OPEN, BreakerState.DRAINING, BreakerState.CLOSED):
        world.breaker(state)
        lookout.look()
    assert world.told == ["destination.failing", "destination.recovered"]


def test_two_nodes_with_different_tables_do_not_contradict_each_other(world):
    """DOMAIN G2: one that could not use a newer table goes on with its own until somebody acts."""
    world.breaker(BreakerState.OPEN)
    world.found = {KEY: Queue(1, NOW)}
    nodes, tables = [world.lookout(), world.lookout()], [world.routed, {}]
    for look in range(20):
        world.now = NOW + timedelta(minutes=look)
        for node, world.routed in zip(nodes, tables, strict=True):
            node.look()
    assert sorted(world.told) == ["destination.failing", "destination.unrouted"]


def test_two_nodes_of_which_one_reaches_the_scanner_agree(world, every_look):
    """DOMAIN D4, G2: what one cannot have looked at is turned away there."""
    nodes, troubles = [world.lookout(), world.lookout()], ["connection refused", None]
    for _ in range(3):
        for node, world.scan_trouble in zip(nodes, troubles, strict=True):
            node.look_at_scanner()
    assert world.told == ["malware-scan.failing"]


def test_what_a_node_saw_that_is_gone_is_ended_by_another(world):
    """DOMAIN G2: at once when it was stopped, and after some minutes when it died."""
    world.breaker(BreakerState.OPEN)
    died, stopped, other = (world.lookout() for _ in range(3))
    died.look()
    world.stands = {}
    for minutes in (1, 5):
        world.now = NOW + timedelta(minutes=minutes)
        other.look()
    assert world.told == ["destination.failing"]
    world.now += timedelta(seconds=1)
    other.look()
    assert world.told == ["destination.failing", "destination.recovered"]
    world.breaker(BreakerState.OPEN)
    stopped.look()
    stopped.stop()
    stopped.run()
    world.stands = {}
    other.look()
    assert world.told == ["destination.failing", "destination.recovered"] * 2


def test_what_two_nodes_see_stands_when_one_of_them_is_gone(world):
    """DOMAIN G2: the one that is left has the say."""
    world.breaker(BreakerState.OPEN)
    died, left, other = (world.lookout() for _ in range(3))
    for minutes in range(12):
        world.now = NOW + timedelta(minutes=minutes)
        if minutes < 2:
            died.look()
        left.look()
        stands, world.stands = world.stands, {}
        other.look()
        world.stands = stands
    assert world.told == ["destination.failing"]


def test_a_destination_that_leaves_the_table_fails_no_more(world):
    """DOMAIN G2: nobody calls it, so nobody would ever tell that it has recovered."""
    lookout = world.lookout()
    world.breaker(BreakerState.OPEN)
    lookout.look()
    world.routed = {}
    lookout.look()
    assert world.told == ["destination.failing", "destination.recovered"]


def test_a_restart_tells_nothing_again(world):
    """DOMAIN G2: what stands is remembered by the store, for all nodes."""
    world.breaker(BreakerState.OPEN)
    world.found = {KEY: Queue(1, NOW - timedelta(hours=2), {"x": 1})}
    for _ in range(3):
        world.lookout().look()
    assert sorted(world.told) == ["delivery.late", "delivery.parked", "destination.failing"]


def test_what_waits_for_too_long_is_told_and_so_is_its_end(world):
    """DOMAIN G2: accepted, and not delivered within the time that is set."""
    lookout = world.lookout()
    for waited in (0.5, 1.5, 2.5, 0.5):
        world.found = {KEY: Queue(1, NOW - timedelta(hours=waited))}
        lookout.look()
    assert world.told == ["delivery.late", "delivery.caught-up"]


def test_replies_that_cannot_be_fetched_for_too_long_are_told_and_so_is_their_end(world):
    """DOMAIN D2, G2: an answer that lies elsewhere does not reach the citizen."""
    lookout = world.lookout()
    for failing in (0.5, 1.5, 2.5, None):
        world.unfetched = {"norr/old": NOW - timedelta(days=1)}
        if failing:
            world.unfetched[KEY] = NOW - timedelta(hours=failing)
        lookout.look()
    assert world.told == ["replies.late", "replies.caught-up"]


def test_the_first_of_a_group_is_told_when_something_is_parked(world):
    """DOMAIN C4: not each delivery; another cause is another alert."""
    lookout = world.lookout()
    for parked in ({"x": 1}, {"x": 50}, {"x": 50, "y": 1}, {"y": 1}):
        world.found = {KEY: Queue(parked=parked)}
        lookout.look()
    assert world.told == ["delivery.parked", "delivery.parked", "delivery.released"]


def test_a_missing_receipt_is_told_only_when_it_is_looked_for(world, every_look):
    """DOMAIN G2: delivered, and no receipt within the time that is set."""
    world.silent = {KEY: NOW - timedelta(days=4)}
    world.lookout().look()
    assert world.told == []
    lookout = world.lookout(receipt_within=timedelta(days=3))
    lookout.look()
    world.silent = {}
    lookout.look()
    assert world.told == ["receipt.missing", "receipt.caught-up"]


def test_a_missing_receipt_that_is_not_looked_for_any_more_is_ended(world, every_look):
    """DOMAIN G2: it would stand for ever, and not be told when it is looked for again."""
    world.silent = {KEY: NOW - timedelta(days=4)}
    looks = world.lookout(receipt_within=timedelta(days=3))
    looks.look()
    world.lookout().look()
    assert world.told == ["receipt.missing"]
    looks.stop()
    looks.run()
    world.lookout().look()
    assert world.told == ["receipt.missing", "receipt.caught-up"]


def test_complaints_past_their_due_date_are_told_once_for_each_destination(world, every_look):
    """DOMAIN A11, G2: however many more there are; and their end is told."""
    lookout = world.lookout()
    for cases in (0, 1, 5, 2, 0):
        world.overdue = {KEY: Overdue(cases, NOW)} if cases else {}
        lookout.look()
    assert world.told == ["case.overdue", "case.caught-up"]


def test_nobody_looking_for_malware_is_told_when_it_begins_and_ends(world, every_look):
    """DOMAIN D4, G2: until it ends, messages with files are turned away."""
    lookout = world.lookout()
    for trouble in (None, "connection refused", "it does not answer in time", None):
        world.scan_trouble = trouble
        lookout.look_at_scanner()
    assert world.told == ["malware-scan.failing", "malware-scan.recovered"]


def test_a_scanner_that_hangs_lets_the_looks_go_on(world, monkeypatch):
    """DOMAIN D4, G2: else all alarms would be told late, and this one be ended by others."""
    monkeypatch.setattr(module, "LOOK_S", 0.01)
    looked = threading.Semaphore(0)

    def states():
        looked.release()
        return {}

    with running(world.lookout(states=states, scan_trouble=partial(time.sleep, 0.3))):
        for _ in range(3):
            assert looked.acquire(timeout=5)


def test_after_a_look_that_hung_the_next_one_comes_soon(world, monkeypatch):
    """DOMAIN G2: a database that says nothing for a minute is no reason to wait for an hour."""
    monkeypatch.setattr(module, "LONGEST_PAUSE_S", 0.01)
    looked = threading.Semaphore(0)

    def hangs():
        time.sleep(0.3)
        looked.release()
        raise Unavailable("it says nothing")

    with running(world.lookout(states=hangs)):
        for _ in range(2):
            assert looked.acquire(timeout=5)


def test_what_cannot_be_built_is_not_measured_as_called(world):
    """DOMAIN G1: `closed` would say that all is well."""
    world.shut = frozenset({KEY})
    world.lookout().look()
    read = world.metrics.registry.get_sample_value
    assert read("vaxel_destination_state", {"destination": KEY, "state": "shut"}) == 1
    assert not read("vaxel_destination_state", {"destination": KEY, "state": "closed"})


def test_receipts_are_looked_for_seldom(world):
    """DOMAIN C1: watching must not slow the work."""
    lookout = world.lookout(receipt_within=timedelta(days=3))
    lookout.look()
    world.silent = {KEY: NOW - timedelta(days=4)}
    lookout.look()
    assert world.told == []


def test_what_is_seen_is_measured(world):
    """DOMAIN G1: a scrape reads what the last look found."""
    world.found = {KEY: Queue(3, NOW)}
    world.stands = {KEY: DestinationState(paused=Paused("stängt", "SE5560000000-OP", NOW))}
    world.lookout().look()
    read = world.metrics.registry.get_sample_value
    assert read("vaxel_deliveries_waiting", {"destination": KEY}) == 3
    assert read("vaxel_destination_state", {"destination": KEY, "state": "paused"}) == 1


@pytest.mark.parametrize(
    ("breaker", "state"),
    [
        (BreakerState.CLOSED, "out_of_hours"),
        (BreakerState.DRAINING, "out_of_hours"),
        (BreakerState.OPEN, "open"),
    ],
)
def test_a_destination_outside_its_hours_is_not_measured_as_called(world, breaker, state):
    """DOMAIN C2, G1: and of two reasons, the one to mend is told."""
    policy = Policy(opening_hours="Mon-Fri 00:00-00:01")
    world.routed = {KEY: replace(world.routed[KEY], policy=policy)}
    world.breaker(breaker)
    world.lookout().look()
    assert f'state="{state}"}} 1.0'.encode() in world.metrics.exposition("")[0]
    assert b'state="closed"} 1.0' not in world.metrics.exposition("")[0]


def test_a_store_that_is_gone_tells_nothing_and_ends_nothing(world):
    """DOMAIN G2: not to know is not to recover."""
    world.breaker(BreakerState.OPEN)
    lookout = world.lookout()
    lookout.look()
    world.store.gone = True
    world.stands = {}
    with pytest.raises(Unavailable):
        lookout.look()
    world.store.gone = False
    assert {alarm.kind for alarm in world.store.alarms.standing()} == {AlarmKind.FAILING}


def test_what_waits_for_a_destination_that_left_the_table_is_told_when_it_begins_and_ends(world):
    """DOMAIN C2, G2: nobody else would look where no route leads any more."""
    world.found = {"norr/gone": Queue(3, NOW), "norr/old": Queue(parked={"f": 1})}
    lookout = world.lookout()
    lookout.look()
    lookout.look()
    assert b'{destination="norr/gone",state="unrouted"} 1.0' in world.metrics.exposition("")[0]
    world.found = {}
    lookout.look()
    assert [event for event in world.told if event.startswith("destination")] == [
        "destination.unrouted",
        "destination.released",
    ]
    assert b'{destination="norr/gone",state="unrouted"} 0.0' in world.metrics.exposition("")[0]


def test_a_probe_that_was_never_heard_of_is_none_under_way(world):
    """DOMAIN C2: until the next one begins, nobody is finding out."""
    breaker = replace(Breaker(), state=BreakerState.PROBING, next_at=NOW + timedelta(seconds=1))
    world.stands = {KEY: DestinationState(breaker)}
    world.lookout().look()
    assert b'state="probing"} 1.0' in world.metrics.exposition("")[0]
    world.stands = {KEY: DestinationState(replace(breaker, next_at=NOW))}
    world.lookout().look()
    assert b'state="probing"} 0.0' in world.metrics.exposition("")[0]
    assert b'state="open"} 1.0' in world.metrics.exposition("")[0]
