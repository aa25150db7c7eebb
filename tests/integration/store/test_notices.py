"""Many nodes look for the same messages and send the same notices: each is sent once (D5)."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from math import inf
from uuid import UUID

import pytest

from gateway.domain.outcome import Delivered
from gateway.domain.pace import Pace
from gateway.flow.notices import NoticeStanding, NoticeState, first_id_at
from gateway.loops import running
from gateway.notifier import Notifier
from gateway.store.sql_store import open_store
from gateway.testing.builders import NOW, make_inbox_message, make_new_case

pytest_plugins = ["gateway.testing.postgres"]

NODES, CASES = 3, 30


class Book:
    """One way to every citizen, which keeps what it sends."""

    name = "book"

    def __init__(self):
        self.sent: Counter[UUID] = Counter()
        self.all_are_sent = threading.Event()
        self._lock = threading.Lock()

    def send(self, notice, citizen):
        """Keep it."""
        with self._lock:
            self.sent[notice] += 1
            if len(self.sent) == CASES:
                self.all_are_sent.set()
        return Delivered()

    def close(self):
        """Nothing is held open."""


class Unwatched:
    """Measures nothing."""

    def notices_stand(self, standing: NoticeStanding) -> None:
        """Take no notice."""

    def notice_tried(self, state: NoticeState, way: str | None) -> None:
        """Take no notice."""


@pytest.fixture
def stores(url):
    stores = [open_store(url) for _ in range(NODES)]
    yield stores
    for store in stores:
        store.close()


def test_many_nodes_send_each_notice_once(stores):
    """DOMAIN D5: on a real database, with everybody at work at once."""
    book, landed = Book(), [_land(stores[0]) for _ in range(CASES)]
    nodes = [_notifier(store, book) for store in stores]
    with running(*nodes):
        assert book.all_are_sent.wait(60)
    assert book.sent == Counter(landed)
    assert stores[0].notices.standing() == NoticeStanding()


def test_many_nodes_begin_from_the_same_place(stores):
    """DOMAIN D5: the first look is of one of them."""
    with ThreadPoolExecutor(NODES) as pool:
        list(pool.map(lambda store: store.notices.make(NOW, NOW - timedelta(days=3)), stores))
    _land(stores[0])
    assert stores[1].notices.make(NOW, NOW - timedelta(days=3)) == 1


def _notifier(store, book):
    patience = timedelta(days=3)
    return Notifier(store.notices, [book], lambda: NOW, Unwatched(), patience, Pace(inf))


def _land(store):
    low = make_new_case().id.int & 0xFFFF_FFFF_FFFF_FFFF
    message = make_inbox_message(message_id=str(UUID(int=first_id_at(NOW).int | low)))
    store.cases.add([make_new_case(confirmation=message)])
    return UUID(message.message_id)
