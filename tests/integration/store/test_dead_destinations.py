"""Ten dead destinations beside a healthy one, and two nodes, on each database (DOMAIN C2)."""

import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, ClassVar

import pytest

from gateway.adapter import Adapter, AdapterSettings, Can, Delivered, TryLater
from gateway.domain.breaker import BreakerState
from gateway.domain.destination import Destination
from gateway.domain.lifecycle import DeliveryState
from gateway.domain.policy import Policy
from gateway.domain.routing import RouteTable
from gateway.store.sql_store import open_store
from gateway.testing.builders import CASE_SYSTEM, make_delivery, make_new_case
from gateway.worker import Worker

pytest_plugins = ["gateway.testing.postgres"]

HEALTHY, DEAD = "norr/alive", [f"norr/dead-{number}" for number in range(10)]
POLICY = Policy(
    concurrency=2,
    first_retry_s=0.2,
    retry_factor=1,
    longest_retry_s=0.2,
    breaker_failures=3,
    breaker_wait_s=0.5,
)
SOON_S = 30.0


class Systems:
    """All the systems; those that are dead answer 503, and everybody's calls are counted."""

    def __init__(self):
        self.dead = set(DEAD)
        self.calls = dict.fromkeys([HEALTHY, *DEAD], 0)
        self.got = []
        self.lock = threading.Lock()

    def call(self, key, message):
        """Be called."""
        with self.lock:
            self.calls[key] += 1
            if key in self.dead:
                return TryLater("HTTP 503")
            self.got.append(message.message_id)
            return Delivered()


class One(Adapter):
    """One of them."""

    can: ClassVar = Can(recognises_repeats=True)
    Settings: ClassVar = AdapterSettings

    def __init__(self, settings: Any, tools: Any = None) -> None:
        self.key, self.systems = settings

    def deliver(self, message):
        """Deliver to it."""
        return self.systems.call(self.key, message)


class Site:
    """Two workers on one database, and the systems around them."""

    def __init__(self, url):
        self.stores = [open_store(url), open_store(url)]
        self.systems = Systems()
        self.table = RouteTable("1", {}, {key: _destination(key) for key in (HEALTHY, *DEAD)}, {})

    def send(self, key, number):
        """Put cases in the outbox; gives the ids of their deliveries."""
        now = datetime.now(UTC)
        made = [
            make_new_case(delivery=make_delivery(destination=key, created_at=now))
            for _ in range(number)
        ]
        self.stores[0].cases.add(made)
        return [new.delivery.message_id for new in made]

    @contextmanager
    def working(self):
        """Run both workers."""
        workers = [self._worker(store) for store in self.stores]
        threads = [threading.Thread(target=worker.run) for worker in workers]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            for worker, thread in zip(workers, threads, strict=True):
                worker.stop()
                thread.join(SOON_S)

    def left(self, key=None):
        """Count what is not delivered."""
        records = self.stores[0].deliveries.listed(None, key, None, 1000)
        return sum(record.state is not DeliveryState.DELIVERED for record in records)

    def open_breakers(self):
        """Count the destinations that are left alone."""
        states = self.stores[0].destinations.all().values()
        shut = {BreakerState.OPEN, BreakerState.PROBING}
        return sum(state.breaker.state in shut for state in states)

    def _worker(self, store):
        @contextmanager
        def build(destination):
            yield One((destination.key, self.systems))

        def now():
            return datetime.now(UTC)

        states, table = store.destinations, lambda: self.table
        return Worker(store.deliveries, states, table, build, lambda _: One, now)


def _destination(key):
    return Destination(key, "norr", key, "rest", {}, POLICY, CASE_SYSTEM, key)


def _until(come):
    """Wait until something has come true."""
    ends = time.monotonic() + SOON_S
    while not come():
        assert time.monotonic() < ends
        time.sleep(0.05)


@pytest.fixture
def site(url):
    """A site on each kind of database."""
    site = Site(url)
    yield site
    for store in site.stores:
        store.close()


def test_ten_dead_destinations_delay_no_healthy_one_and_all_come_back(site):
    """DOMAIN C1, C2: left alone, probed, taken up again; nothing is lost or doubled."""
    sent = [message for key in DEAD for message in site.send(key, 5)]
    with site.working():
        _until(lambda: site.open_breakers() == len(DEAD))
        calls = sum(site.systems.calls[key] for key in DEAD)
        sent += site.send(HEALTHY, 20)
        _until(lambda: site.left(HEALTHY) == 0)
        assert site.open_breakers() == len(DEAD)
        # Each had three failures and what was under way then; since, a probe now and then.
        assert calls <= len(DEAD) * (POLICY.breaker_failures + 2 * POLICY.concurrency)
        site.systems.dead.clear()
        _until(lambda: site.left() == 0)
    assert sorted(site.systems.got) == sorted(sent)
    assert site.open_breakers() == 0
