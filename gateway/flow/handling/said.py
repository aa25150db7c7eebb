"""What a holder's message makes of a case's handling, besides what the citizen reads (D2, E2)."""

from dataclasses import dataclass, replace
from datetime import datetime

from gateway.domain.errors import Fault, Refusal, Rule
from gateway.domain.handling import Handling
from gateway.domain.message import CaseMessage, MessageKind


@dataclass(frozen=True, slots=True)
class Said:
    """
    A message on its way to a case.

    `must_be_classified` tells whether a case that it closes must have at least one problem and a
    field of operation: external systems keep their own books, and are not forced.
    """

    message: CaseMessage
    at: datetime
    must_be_classified: bool

    def handled(self, handling: Handling) -> Handling:
        """Give what becomes of the handling; raises Refusal when something lacks."""
        after = self._noted(self._contacted(handling))
        if self.message.kind is not MessageKind.CLOSED:
            return after
        if self.must_be_classified and not after.classification.is_enough:
            raise Refusal(Fault(Rule.NOT_CLASSIFIED, "classification", _NOT_CLASSIFIED))
        return after.closed(self.at)

    def _contacted(self, handling: Handling) -> Handling:
        message = self.message
        has_words = message.text is not None or message.standard_text is not None
        # That something was received is told by machines.
        is_contact = has_words and message.kind is not MessageKind.RECEIVED
        return handling.contacted(self.at) if is_contact else handling

    def _noted(self, handling: Handling) -> Handling:
        message = self.message
        allowed = message.attachments_allowed
        return replace(
            handling,
            attachments_allowed=handling.attachments_allowed if allowed is None else allowed,
            classification=message.classification or handling.classification,
            corrected_unit=message.care_unit or handling.corrected_unit,
        )


_NOT_CLASSIFIED = (
    "classify the case first: at least one problem, and the field of operation; then close it"
)
