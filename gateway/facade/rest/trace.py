"""The W3C trace context: one trace goes on through this gateway, each answer its own span."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

_TRACEPARENT = re.compile(
    r"(?!ff)(?P<version>[0-9a-f]{2})"
    r"-(?!0{32})(?P<trace_id>[0-9a-f]{32})"
    r"-(?!0{16})[0-9a-f]{16}"
    r"-(?P<flags>[0-9a-f]{2})"
    r"(?P<more>-.*)?"
)
_SAMPLED = 0x01


@dataclass(frozen=True, slots=True)
class Trace:
    """A place in a trace; `sampled` goes along as the caller set it."""

    trace_id: str
    span_id: str
    sampled: bool = False

    @property
    def traceparent(self) -> str:
        """The header, in version 00."""
        return f"00-{self.trace_id}-{self.span_id}-{self.sampled:02x}"


def continued(traceparents: Sequence[str]) -> Trace:
    """Go on with the caller's trace; begin a new one when there is none, or it cannot be read."""
    found = _TRACEPARENT.fullmatch(traceparents[0]) if len(traceparents) == 1 else None
    # Version 00 is exactly four parts; a later one may have more, and is read as far as it is 00.
    if found is None or (found["version"] == "00" and found["more"]):
        return Trace(secrets.token_hex(16), secrets.token_hex(8))
    sampled = bool(int(found["flags"], 16) & _SAMPLED)
    return Trace(found["trace_id"], secrets.token_hex(8), sampled)
