"""A case in new hands in the store in memory."""

from dataclasses import replace

from gateway.domain.lifecycle import DeliveryState
from gateway.flow.handover import WENT_ALONG, Handover
from gateway.testing.memory_rows import DONE, CaseRow


def hand_over(case: CaseRow, to: Handover) -> None:
    """Give a case to its new holder; nothing of it goes to the one before any more."""
    for row in case.deliveries:
        if row.state not in DONE:
            row.state, row.reason, row.cause = DeliveryState.MOVED, WENT_ALONG, None
    record = case.record
    case.record = replace(
        record,
        destination=to.destination,
        region=to.region,
        holder=to.holder,
        forwards=(*record.forwards, to.hop),
        external_case_id=record.external_case_id if to.holder == record.holder else None,
    )
