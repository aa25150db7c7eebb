"""Steps of a delivery: each is done once, and a retry goes on after it."""

from uuid import UUID

import pytest

from gateway.domain.errors import Unavailable
from gateway.flow.steps import LARGEST_RESULT, SavedSteps
from gateway.testing.builders import DESTINATION, NOW, make_message
from gateway.testing.memory import MemoryStore


@pytest.fixture
def steps():
    return SavedSteps(MemoryStore().steps, DESTINATION, lambda: NOW)


def never():
    raise AssertionError("a step that is done was done again")


def test_a_step_is_done_once_for_each_message(steps):
    """DOMAIN C5: the next attempt has what the first one came to."""
    message, other = make_message(), make_message()
    assert steps.once(message, "reserve", lambda: {"number": "D-1"}) == {"number": "D-1"}
    assert steps.once(message, "reserve", never) == {"number": "D-1"}
    assert steps.once(other, "reserve", lambda: {"number": "D-2"}) == {"number": "D-2"}


def test_each_step_is_on_disk_before_the_next(steps):
    """DOMAIN C5: a worker that is killed between them loses none."""
    message = make_message()
    steps.once(message, "reserve", lambda: {"number": "D-1"})
    kept = steps.steps.find(UUID(message.message_id), DESTINATION, "reserve")
    assert kept == {"number": "D-1"}


def test_a_step_that_fails_is_not_done(steps):
    """DOMAIN C5: the error is the adapter's own, and the next attempt tries again."""
    message = make_message()
    with pytest.raises(ConnectionError):
        steps.once(message, "reserve", lambda: (_ for _ in ()).throw(ConnectionError()))
    assert steps.once(message, "reserve", lambda: {"number": "D-1"}) == {"number": "D-1"}


@pytest.mark.parametrize("result", [None, ["D-1"], {"at": object()}, {"x": "x" * LARGEST_RESULT}])
def test_a_result_is_a_small_json_object(steps, result):
    """DOMAIN C5: it is no place for a case."""
    with pytest.raises(ValueError, match="the step 'reserve' came to"):
        steps.once(make_message(), "reserve", lambda: result)


def test_a_step_that_cannot_be_kept_is_told(steps):
    """DOMAIN C6: then the attempt is unclear, as after any other lost answer."""
    store = MemoryStore()
    steps = SavedSteps(store.steps, DESTINATION, lambda: NOW)

    def do():
        store.gone = True
        return {"number": "D-1"}

    with pytest.raises(Unavailable):
        steps.once(make_message(), "reserve", do)
