"""Reminding beside the work: nothing that breaks a step ends the next."""

import threading
from queue import Queue

import pytest
import structlog

from gateway import reminders as module
from gateway.domain.errors import Unavailable
from gateway.loops import running
from gateway.reminders import Reminders

SOON = 30.0


@pytest.mark.parametrize(
    ("error", "told"), [(Unavailable("gone"), []), (KeyError("x"), ["reminders.failed"])]
)
def test_it_goes_on_after_a_step_that_failed(monkeypatch, error, told):
    """DOMAIN A11: of a store that is away the worker tells, of a fault of ours the log."""
    lines = structlog.testing.LogCapture()
    log = structlog.wrap_logger(structlog.testing.ReturnLogger(), processors=[lines])
    monkeypatch.setattr(module, "log", log)
    answers: Queue[Exception | bool] = Queue()
    for answer in (error, True, False):
        answers.put(answer)
    done = threading.Event()

    def step():
        if answers.empty():
            done.set()
            return False
        answer = answers.get()
        if isinstance(answer, Exception):
            raise answer
        return answer

    with running(Reminders(step, pause_s=0.01)):
        assert done.wait(SOON)
    assert [line["event"] for line in lines.entries] == told
