"""One thing that can happen to a town."""

from collections.abc import Callable
from dataclasses import dataclass


def _nothing() -> None:
    """Do nothing."""


@dataclass(frozen=True, slots=True)
class Fault:
    """
    Something that strikes, and is over when `strike` returns; the town must mend by itself.

    `end` clears away what is left of it when new cases get through again.
    """

    name: str
    strike: Callable[[], None]
    prepare: Callable[[], None] = _nothing
    end: Callable[[], None] = _nothing
    is_kill: bool = False
    is_long: bool = False
