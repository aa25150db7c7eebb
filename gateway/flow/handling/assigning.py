"""Assign a case to a handler, or to nobody; whoever does that need not read it (DOMAIN E1, E2)."""

from dataclasses import dataclass, field, replace

from gateway.domain.hsa import HsaId
from gateway.flow.access import Verb
from gateway.flow.handling.act import Act
from gateway.flow.timeline import Step


@dataclass(frozen=True, slots=True)
class Handler:
    """The person who a case is assigned to."""

    hsa_id: HsaId
    name: str = field(repr=False)


def assigned(to: Handler | None) -> Act:
    """Give the act of assigning; None takes the case from whom it was assigned to."""
    hsa_id, name = (to.hsa_id, to.name) if to else (None, None)
    return Act(
        Verb.ASSIGN,
        Step.CASE_ASSIGNED if to else Step.CASE_UNASSIGNED,
        says={"to": hsa_id.text, "name": name} if hsa_id else {},
        told={"to": hsa_id.text} if hsa_id else {},
        handled=lambda handling: replace(handling, assigned_to=hsa_id, assigned_name=name),
    )
