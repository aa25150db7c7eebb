"""Who has a case from now on (DOMAIN D6)."""

from dataclasses import dataclass

from gateway.domain.forwarding import Hop
from gateway.domain.hsa import HsaId

# The reason that is shown of a delivery that went along with its case.
WENT_ALONG = "its case was forwarded before it was delivered; FORWARDED has it all"


@dataclass(frozen=True, slots=True)
class Handover:
    """
    A case in new hands: it stands at `hop.to`, and `holder` alone may answer it.

    `destination` and `region` are those that it goes to now. What the holder before called it says
    nothing to another. What was not yet delivered goes along with the event that tells the new
    holder, and is delivered to nobody else: it is MOVED.
    """

    destination: str
    region: str
    holder: HsaId
    hop: Hop
