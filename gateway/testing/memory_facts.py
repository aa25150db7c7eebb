"""What is counted of one case, in memory."""

from contextlib import suppress
from datetime import datetime

from gateway.domain.lifecycle import CaseState
from gateway.domain.statistics import month_of
from gateway.flow.statistics import Placing, fact_of
from gateway.testing.memory_rows import CaseRow


def count(case: CaseRow, before: CaseState, at: datetime, placing: Placing) -> None:
    """Count a case that was changed and is CLOSED now; it stays counted whatever comes."""
    if case.record.state is not CaseState.CLOSED:
        return
    stays = case.fact is not None and before is CaseState.CLOSED
    closed = case.fact.closed if case.fact and stays else month_of(at)
    # What cannot be counted is closed all the same.
    with suppress(Exception):
        case.fact = fact_of(case.record, case.new.case, case.handling, placing, closed)
