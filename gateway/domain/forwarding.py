"""The law of forwarding: how often a case may go on, and never round in a circle (DOMAIN D6)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from gateway.domain.case import Attachment
from gateway.domain.errors import Fault, Rule
from gateway.domain.hsa import HsaId

# A case that nobody has taken on after so many steps needs a human who sees all of its way.
MOST_FORWARDS = 5


@dataclass(frozen=True, slots=True)
class Place:
    """A unit, a committee or a coordinator, by its address and its name."""

    hsa_id: HsaId
    name: str


@dataclass(frozen=True, slots=True)
class Hop:
    """
    One step of a case from one place to another.

    `declined` tells that the holder at `origin` sent it on; an operator who moves a case does not
    speak for those who had it.
    """

    at: datetime
    origin: Place
    to: Place
    declined: bool


class PastKind(StrEnum):
    """What was said about a case before it came to its holder."""

    RECEIVED = "RECEIVED"
    IN_PROGRESS = "IN_PROGRESS"
    PARTIAL_REPLY = "PARTIAL_REPLY"
    FINAL_REPLY = "FINAL_REPLY"
    SUPPLEMENT_REQUEST = "SUPPLEMENT_REQUEST"
    SUPPLEMENTED = "SUPPLEMENTED"
    FORWARDED = "FORWARDED"
    CLOSED = "CLOSED"


@dataclass(frozen=True, slots=True)
class Past:
    """One thing that was said before, as the citizen reads it; without `sender` by the citizen."""

    kind: PastKind
    at: datetime
    text: str = field(repr=False)
    sender: Place | None = None
    attachments: tuple[Attachment, ...] = ()


def hop_faults(to: HsaId, hops: Sequence[Hop]) -> list[Fault]:
    """
    Tell why a holder may not send a case there; an operator may all the same.

    What has been declined once would only go round in a circle.
    """
    if len(hops) >= MOST_FORWARDS:
        words = f"the case was forwarded {len(hops)} times already; {_ASK}"
        return [Fault(Rule.FORWARDED_TOO_OFTEN, "forwardTo", words)]
    if any(hop.declined and hop.origin.hsa_id == to for hop in hops):
        words = f"{to} had the case before and sent it on; {_ASK}"
        return [Fault(Rule.FORWARD_LOOP, "forwardTo", words)]
    return []


_ASK = "handle it, or ask an operator of the gateway to forward it"
