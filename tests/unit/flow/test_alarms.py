"""When an alarm about a queue stands, and how alerts are worded."""

from datetime import timedelta

import pytest

from gateway.flow.alarms import Alarm, AlarmKind, queue_alarms
from gateway.flow.watching import Queue
from gateway.testing.builders import NOW, make_alert

HOUR = timedelta(hours=1)


def test_a_queue_is_late_when_its_oldest_has_waited_for_too_long():
    """DOMAIN G2: accepted, and not delivered within the time that is set."""
    queues = {
        "norr/a": Queue(3, NOW - 2 * HOUR),
        "norr/b": Queue(9, NOW - HOUR),
        "norr/c": Queue(),
    }
    assert list(queue_alarms(queues, HOUR, NOW)) == [Alarm(AlarmKind.LATE, "norr/a")]


def test_each_cause_for_which_something_is_parked_is_one_alarm():
    """DOMAIN C4: the first of a group, and not each."""
    found = queue_alarms({"norr/a": Queue(parked={"x": 40, "y": 1})}, HOUR, NOW)
    assert set(found) == {Alarm(AlarmKind.PARKED, "norr/a", group) for group in ("x", "y")}


@pytest.mark.parametrize("kind", AlarmKind)
def test_each_turn_has_a_name_and_a_sentence_of_its_own(kind):
    """DOMAIN G2: a beginning and an end are told apart by machines and by humans."""
    alarm = Alarm(kind, "norr/a")
    turns = [make_alert(alarm, began=began, detail="why") for began in (True, False)]
    assert len({alert.event for alert in turns}) == 2
    assert all(alert.words.startswith("norr/a: ") for alert in turns)
    assert len({alert.words for alert in turns}) == 2
