"""What came of trying one way to a citizen, beside the outcomes of any call."""

from dataclasses import dataclass

import httpx

from gateway.domain.outcome import TryLater, Unclear


@dataclass(frozen=True, slots=True)
class NotReached:
    """This way does not lead to this citizen, so the next is tried."""

    reason: str


@dataclass(frozen=True, slots=True)
class NotNow:
    """This way does not take this notice now, which says nothing of the others."""

    reason: str


def broken_off(error: httpx.HTTPError) -> TryLater | Unclear:
    """Tell what a call that got no answer means: nothing was sent, or nobody knows."""
    # The words of the error may hold an address; its name does not.
    name = type(error).__name__
    if isinstance(error, (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)):
        return TryLater(f"nothing was sent: {name}")
    return Unclear(f"sent, and no answer came: {name}")
