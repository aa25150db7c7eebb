"""What the verbs of handling need of a store."""

from typing import Protocol

from gateway.domain.handling import Handling


class Handlings(Protocol):
    """
    How cases are handled; raises Unavailable when it cannot be read.

    What becomes of it is written with a `Change`, under the lock of the case.
    """

    def find(self, number: str) -> Handling:
        """Read how a case is handled; UNHANDLED when nobody has touched it, or it is unknown."""
        ...
