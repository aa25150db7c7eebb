"""Going on step by step beside the deliveries: nothing that breaks a step ends the next."""

import threading
from queue import Queue

import pytest
import structlog

from gateway import stepper as module
from gateway.domain.errors import Unavailable
from gateway.loops import running
from gateway.stepper import Stepper

SOON = 30.0


@pytest.fixture
def logged(monkeypatch):
    """The lines of the log."""
    lines = structlog.testing.LogCapture()
    log = structlog.wrap_logger(structlog.testing.ReturnLogger(), processors=[lines])
    monkeypatch.setattr(module, "log", log)
    return lines.entries


@pytest.mark.parametrize(
    ("error", "told"), [(Unavailable("gone"), []), (KeyError("x"), ["replay.step_failed"])]
)
def test_it_goes_on_after_a_step_that_failed(logged, error, told):
    """DOMAIN A11, C4: of a store that is away the worker tells, of a fault of ours the log."""
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

    with running(Stepper(step, "replay.step_failed", 0.01)):
        assert done.wait(SOON)
    assert [line["event"] for line in logged] == told
