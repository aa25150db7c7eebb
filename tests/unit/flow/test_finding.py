"""An attempt after the first asks what they have, before anything is sent twice (DOMAIN C6)."""

from typing import Any, ClassVar

import pytest
from pydantic import BaseModel

from gateway.adapter import (
    AdapterSettings,
    Can,
    Delivered,
    Message,
    Outcome,
    TryLater,
    Unavailable,
    Unclear,
)
from gateway.flow.delivery import attempt, is_safe_to_repeat
from gateway.testing.builders import TOLVAN, make_message


class Archive:
    """A system that takes a repeat for something new, and can be asked what it has."""

    can: ClassVar = Can(recognises_repeats=False)
    Settings: ClassVar[type[BaseModel]] = AdapterSettings

    def __init__(self, found: Any = None, tools: Any = None) -> None:
        self.found = found
        self.sent = 0

    def deliver(self, message: Message) -> Outcome:
        self.sent += 1
        return Unclear("no answer")

    def find(self, message):
        if isinstance(self.found, Exception):
            raise self.found
        return self.found


class Silent:
    """One that cannot be asked."""

    can: ClassVar = Can(recognises_repeats=False)
    Settings: ClassVar[type[BaseModel]] = AdapterSettings

    def __init__(self, settings: Any = None, tools: Any = None) -> None:
        """It has nothing."""

    def deliver(self, message: Message) -> Outcome:
        return Unclear("no answer")


def test_a_first_attempt_asks_nothing():
    """DOMAIN C2: there is nothing to be found."""
    archive = Archive(Delivered("D-1"))
    assert attempt(archive, make_message(), 1) == Unclear("no answer")
    assert archive.sent == 1


def test_what_is_found_is_delivered_and_not_sent_again():
    """DOMAIN C6: after a lost answer, or a worker that died."""
    archive = Archive(Delivered("D-1"))
    assert attempt(archive, make_message(), 2) == Delivered("D-1")
    assert archive.sent == 0


def test_what_is_not_found_is_sent():
    """DOMAIN C2: they have looked, and have it not."""
    archive = Archive(None)
    assert attempt(archive, make_message(), 2) == Unclear("no answer")
    assert archive.sent == 1


@pytest.mark.parametrize("trouble", [Unavailable("away"), ValueError(TOLVAN.number), True, "D-1"])
def test_while_they_cannot_tell_nothing_is_sent(trouble):
    """DOMAIN C6: not to know is no reason to send twice."""
    archive = Archive(trouble)
    outcome = attempt(archive, make_message(), 2)
    assert isinstance(outcome, TryLater)
    assert archive.sent == 0
    assert TOLVAN.number not in outcome.reason


def test_who_can_be_asked_is_repeated_and_who_cannot_is_not():
    """DOMAIN C6: repeated only where nothing can become double."""
    assert is_safe_to_repeat(Archive)
    assert not is_safe_to_repeat(Silent)
