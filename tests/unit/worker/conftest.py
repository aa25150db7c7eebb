"""A worker with all around it: an outbox in memory, destinations, and a log to listen to."""

import threading
import time
from contextlib import contextmanager
from queue import Queue
from typing import Any, ClassVar
from uuid import UUID

import pytest
import structlog
from pydantic import BaseModel

from gateway import breakers, outlets
from gateway import worker as module
from gateway.adapter import Adapter, AdapterSettings, Can, Delivered, Message, Outcome
from gateway.domain.destination import Destination
from gateway.domain.errors import StartRefused
from gateway.domain.policy import Policy
from gateway.domain.routing import RouteTable
from gateway.flow.ports import Abandoned
from gateway.metrics import Metrics
from gateway.testing.builders import NOW, make_delivery, make_new_case
from gateway.testing.memory import MemoryStore
from gateway.worker import Worker

# Longer than anything here takes; only a test that fails waits for it.
SOON = 30.0


class Double(Adapter):
    """An adapter that recognises repeats and does as its destination's settings say."""

    can: ClassVar = Can(recognises_repeats=True)
    Settings: ClassVar[type[BaseModel]] = AdapterSettings

    def __init__(self, settings: Any, tools: Any = None) -> None:
        self.settings = settings

    def deliver(self, message: Message) -> Outcome:
        outcome: Outcome = self.settings["deliver"](message)
        return outcome


class Forgetful(Double):
    """The same, but it would take a repeat for something new."""

    can: ClassVar = Can(recognises_repeats=False)


class Fetched(Forgetful):
    """The same, of a system that comes for what waits."""

    can: ClassVar = Can(recognises_repeats=False, fetched=True)


class Gate:
    """A system that holds what it gets until it is opened."""

    def __init__(self):
        self.got: Queue[Message] = Queue()
        self.opened = threading.Event()

    def next(self):
        """Wait until it has got something more."""
        return self.got.get(timeout=SOON)

    def __call__(self, message):
        self.got.put(message)
        assert self.opened.wait(SOON)
        return Delivered("P-1")


class Faltering:
    """An outbox that fails at first in one of its methods, and tells when it has answered."""

    def __init__(self, deliveries, method, *errors):
        self._deliveries, self._method, self._errors = deliveries, method, [*errors]
        self.answered = threading.Event()

    def __getattr__(self, name):
        return self._falter if name == self._method else getattr(self._deliveries, name)

    def _falter(self, *arguments, **named):
        if self._errors:
            raise self._errors.pop()
        answer = getattr(self._deliveries, self._method)(*arguments, **named)
        self.answered.set()
        return answer


class Overtaken:
    """An outbox that another worker has been at."""

    def __init__(self, deliveries, left):
        self._deliveries, self._left = deliveries, left

    def __getattr__(self, name):
        return getattr(self._deliveries, name)

    def abandoned(self, now):
        """Tell of what was left."""
        return [self._left]


class Line:
    """The worker with all around it: a store, destinations, and the lines that it logs."""

    def __init__(self):
        self.store = MemoryStore()
        self.deliveries: Any = self.store.deliveries
        self.destinations: dict[str, Destination] = {}
        self.now = NOW
        self.built: list[Destination] = []
        self.closed: list[Destination] = []
        self.faults: dict[str, str] = {}
        self.lines: Queue[dict[str, Any]] = Queue()
        self.recognises_repeats = True
        self.metrics = Metrics()
        self.fetching: set[str] = set()
        self.unusable: set[str] = set()

    @staticmethod
    def gate():
        """Give a system that holds what it gets until it is opened."""
        return Gate()

    def serve(self, key, deliver, **policy):
        """Put a destination in the table, or another way to deliver there."""
        bears = Policy(**{"concurrency": 1} | policy)
        settings = {"deliver": deliver}
        self.destinations[key] = Destination(
            key, "norr", key, "double", settings, bears, None, key
        )

    def send(self, key):
        """Put a case in the outbox; tells the id of its delivery."""
        new = make_new_case(delivery=make_delivery(destination=key, created_at=self.now))
        self.store.cases.add([new])
        return UUID(new.delivery.message_id)

    def state(self, delivery):
        """Tell where a delivery stands."""
        return self.deliveries.find(delivery)[0].state

    def falter(self, method, *errors):
        """Let a method of the outbox fail at first; tells when it has answered after all."""
        self.deliveries = Faltering(self.deliveries, method, *errors)
        return self.deliveries.answered

    def overtake(self, left):
        """Let the outbox tell of an attempt that somebody else has judged since."""
        self.deliveries = Overtaken(self.deliveries, left)

    def judge(self, message, attempted):
        """Judge a first attempt, as another worker would."""
        left = Abandoned(UUID(message.message_id), "norr/a", 1, NOW, NOW)
        return self.store.deliveries.record(left, attempted, NOW)

    def close_store(self):
        """Let the store be gone."""
        self.store.gone = True

    @contextmanager
    def working(self):
        """Run a worker; afterwards it has stopped and everything under way has ended."""
        worker = Worker(
            self.deliveries,
            self.store.destinations,
            self._table,
            self._build,
            self._kind_of,
            lambda: self.now,
            luck=lambda: 0.0,
            watching=self.metrics,
        )
        thread = threading.Thread(target=worker.run)
        thread.start()
        try:
            yield worker
        finally:
            worker.stop()
            thread.join(SOON)
            assert not thread.is_alive()

    @staticmethod
    def until(come):
        """Wait until something has come true."""
        ends = time.monotonic() + SOON
        while not come():
            assert time.monotonic() < ends
            time.sleep(0.01)

    def next(self):
        """Wait for the next line of the log."""
        return self.lines.get(timeout=SOON)

    def hear(self, event, **told):
        """Wait for a certain line of the log."""
        while True:
            line = self.next()
            if line["event"] == event and told.items() <= line.items():
                return line

    def _table(self):
        return RouteTable("v1", {}, dict(self.destinations), {})

    @contextmanager
    def _build(self, destination):
        if destination.key in self.faults:
            raise StartRefused(self.faults[destination.key])
        self.built.append(destination)
        yield self._kind(destination)(destination.settings)
        self.closed.append(destination)

    def _kind_of(self, destination):
        return None if destination.key in self.unusable else self._kind(destination)

    def _kind(self, destination):
        if destination.key in self.fetching:
            return Fetched
        return Double if self.recognises_repeats else Forgetful


@pytest.fixture
def line(monkeypatch):
    """Give a worker's surroundings; its log goes to a queue, and its pauses are short."""
    line = Line()

    def tell(_, level, event):
        line.lines.put({"level": level} | event)
        raise structlog.DropEvent

    log = structlog.wrap_logger(
        None, [tell], wrapper_class=structlog.make_filtering_bound_logger(0)
    )
    for told in (module, outlets, breakers):
        monkeypatch.setattr(told, "log", log)
    monkeypatch.setattr(breakers, "LOOK_S", 0.0)
    monkeypatch.setattr(module, "POLL_S", 0.01)
    monkeypatch.setattr(module, "_PAUSE_S", 0.01)
    monkeypatch.setattr(outlets, "_BUILD_PAUSE_S", 0.01)
    return line
