"""What adapters rely on, with a real database under it: steps that outlive a kill, and replies."""

import json
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar, cast

import pytest
from pydantic import BaseModel

from adapters.file_drop import FileDrop, FileDropSettings
from gateway.adapter import AdapterSettings, Can, Delivered, Tools
from gateway.domain.destination import Destination
from gateway.domain.law import Limits
from gateway.domain.notation import case_message_to_json
from gateway.domain.policy import Policy
from gateway.domain.routing import RouteTable
from gateway.flow import delivery
from gateway.flow.polls import Poll
from gateway.flow.replies import Replies
from gateway.flow.steps import SavedSteps
from gateway.poller import Poller
from gateway.store.engine import NotKept
from gateway.store.sql_store import open_store
from gateway.testing.builders import (
    CASE_SYSTEM,
    DESTINATION,
    NOW,
    TOLVAN,
    make_case_message,
    make_message,
)
from gateway.testing.foreign import FakeSteps, Killed
from gateway.testing.memory_contents import make_file_intake
from gateway.testing.store_contract.acts import accept, claim_one

pytest_plugins = ["gateway.testing.postgres"]


class Registry:
    """A system that gives a new number to each who asks, and keeps what is filed under one."""

    def __init__(self):
        self.reserved = 0
        self.filed = []
        self.dies = True

    def reserve(self):
        self.reserved += 1
        return {"number": f"D-{self.reserved}"}

    def file(self, number):
        if self.dies:
            raise Killed
        self.filed.append(number)


class TwoCalls:
    """An adapter with two calls for each message."""

    can: ClassVar = Can(recognises_repeats=False)
    Settings: ClassVar[type[BaseModel]] = AdapterSettings

    def __init__(self, settings: Any, tools: Any) -> None:
        self._registry, self._steps = settings, tools

    def deliver(self, message):
        number = self._steps.once(message, "reserve", self._registry.reserve)["number"]
        self._registry.file(number)
        return Delivered(number)


def test_a_worker_killed_between_two_calls_is_followed_by_one_that_goes_on(url):
    """DOMAIN C5: the number was on disk before the upload, and no second one is reserved."""
    registry, first = Registry(), open_store(url)
    accept(first)
    message = claim_one(first).message
    with pytest.raises(Killed):
        delivery.attempt(TwoCalls(registry, steps_of(first)), message, 1)
    first.close()
    registry.dies, second = False, open_store(url)
    assert delivery.attempt(TwoCalls(registry, steps_of(second)), message, 2) == Delivered("D-1")
    second.close()
    assert (registry.reserved, registry.filed) == (1, ["D-1"])


def steps_of(store):
    return SavedSteps(store.steps, DESTINATION, lambda: NOW)


def test_a_step_of_what_is_no_delivery_is_not_kept(store):
    """DOMAIN C5: steps belong to what is delivered."""
    with pytest.raises(NotKept, match="the database refuses it"):
        steps_of(store).once(make_message(), "reserve", lambda: {"number": "D-1"})


def test_of_several_nodes_one_asks_a_system_for_its_replies(url):
    """DOMAIN C2: it is asked as often as agreed, however many nodes there are."""
    nodes = [open_store(url) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        soon = NOW + timedelta(minutes=1)
        begun = list(pool.map(lambda node: node.polls.begin(DESTINATION, NOW, soon), nodes))
    for node in nodes:
        node.close()
    assert [poll for poll in begun if poll is not None] == [Poll(DESTINATION, 1)]


def test_a_reply_left_in_a_folder_is_read_by_the_citizen(store, tmp_path):
    """DOMAIN D1, D2, C5: from the file of a case system to the inbox, and taken only then."""
    number = accept(store).number
    leave_reply(tmp_path / "svar.json", case_number=number, text="Vi beklagar.")
    with polling(store, tmp_path):
        until(lambda: (tmp_path / "taken/svar.json").exists())
    (message,) = store.cases.inbox_messages(TOLVAN, None, 9)[1:]
    assert message.text == "Vi beklagar."


def leave_reply(path, **fields):
    path.write_text(json.dumps(case_message_to_json(make_case_message(**fields))))
    os.utime(path, (time.time() - 60,) * 2)


def until(happened):
    deadline = time.monotonic() + 10
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@contextmanager
def polling(store, folder):
    """Run a poller of one destination that drops files in this folder."""
    settings = FileDropSettings(folder=folder, replies_folder=folder)
    one = Destination("n/a", "n", "a", "file_drop", {}, Policy(), CASE_SYSTEM, "Arkivet")

    table = RouteTable("v1", {}, {one.key: one}, {})

    @contextmanager
    def lend(_):
        here = cast("Any", None)
        yield FileDrop(settings, Tools(here, store.unit_inboxes, Path(), FakeSteps(), "SE-VAXEL"))

    poller = Poller(
        rounds=store.polls,
        replies=Replies(lambda: table, store.cases, lambda: NOW, Limits(), make_file_intake()),
        table=lambda: table,
        types={"file_drop": FileDrop},
        build=lend,
        clock=lambda: NOW,
    )
    thread = threading.Thread(target=poller.run)
    thread.start()
    try:
        yield
    finally:
        poller.stop()
        thread.join()
