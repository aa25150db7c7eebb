"""The way of a forwarded case, as it is kept with the case (DOMAIN D6)."""

from collections.abc import Iterable
from datetime import datetime

from gateway.domain.forwarding import Hop, Place
from gateway.domain.hsa import HsaId
from gateway.domain.notation import Json


def hop_to_json(hop: Hop) -> Json:
    """Write one step."""
    return {
        "at": hop.at.isoformat(),
        "from": hop.origin.hsa_id.text,
        "fromName": hop.origin.name,
        "to": hop.to.hsa_id.text,
        "toName": hop.to.name,
        "declined": hop.declined,
    }


def hops_of(kept: Iterable[Json] | None) -> tuple[Hop, ...]:
    """Read a case's steps back; one that was never forwarded has none."""
    return tuple(
        Hop(
            datetime.fromisoformat(one["at"]),
            Place(HsaId(one["from"]), one["fromName"]),
            Place(HsaId(one["to"]), one["toName"]),
            one["declined"],
        )
        for one in kept or ()
    )
