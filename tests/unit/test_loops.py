"""Working beside the doors until told to stop, and stopping in time."""

import threading

from gateway.loops import running

SOON = 5.0


class Slow:
    """Does one thing when it is told to stop, and sees whether another is told meanwhile."""

    def __init__(self):
        self.told = threading.Event()
        self.other = self
        self.saw_it = False

    def run(self):
        """Wait to be told; then let what is under way end."""
        self.told.wait(SOON)
        self.saw_it = self.other.told.wait(SOON)

    def stop(self):
        """Take nothing more."""
        self.told.set()


def test_all_are_told_to_stop_before_any_is_waited_for():
    """DOMAIN C1: a stop takes as long as the slowest, and not as long as all of them together."""
    one, other = Slow(), Slow()
    one.other, other.other = other, one
    with running(one, other):
        pass
    assert one.saw_it
    assert other.saw_it
