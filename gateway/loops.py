"""Run what works beside the doors, each in a thread of its own, until the block ends."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Protocol


class Loop(Protocol):
    """Something that works until it is told to stop."""

    def run(self) -> None:
        """Work until `stop`; then let what is under way end."""
        ...

    def stop(self) -> None:
        """Take nothing more."""
        ...


@contextmanager
def running(*loops: Loop) -> Iterator[None]:
    """Run all of them; afterwards they have stopped, and everything under way has ended."""
    # All are told to stop before any is waited for.
    with ExitStack() as ends, ExitStack() as stops:
        for loop in loops:
            thread = threading.Thread(target=loop.run, name=type(loop).__name__.lower())
            thread.start()
            ends.callback(thread.join)
            stops.callback(loop.stop)
        yield
