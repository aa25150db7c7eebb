"""One thing that can happen to a town."""

from collections.abc import Callable
from dataclasses import dataclass


def _nothing() -> None:
    """Do nothing."""


@dataclass(frozen=True, slots=True)
class Fault:
    """
    Something that strikes, and is over when `strike` returns; the town must mend by itself.

    What is waited through first takes longer than anybody waits for it: the time until all is well
    counts from its end. `end` clears away what is left when all is well.
    """

    name: str
    strike: Callable[[], None] = _nothing
    prepare: Callable[[], None] = _nothing
    wait_through: Callable[[], None] = _nothing
    end: Callable[[], None] = _nothing
    is_kill: bool = False
    is_long: bool = False
