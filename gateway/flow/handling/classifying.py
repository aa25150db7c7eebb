"""Note what a case is about, in the codes that statistics count (DOMAIN E2, F1)."""

from dataclasses import replace

from gateway.domain.handling import Classification, classification_to_json
from gateway.flow.access import Verb
from gateway.flow.handling.act import Act
from gateway.flow.timeline import Step


def classified(as_: Classification) -> Act:
    """Give the act of classifying; what was noted before is replaced whole."""
    return Act(
        Verb.CLASSIFY,
        Step.CASE_CLASSIFIED,
        says=classification_to_json(as_),
        # Which codes is part of what the case says, and so not for the timeline.
        told={"problems": len(as_.problems)},
        handled=lambda handling: replace(handling, classification=as_),
    )
