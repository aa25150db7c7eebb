"""Two handlers at once: the second is told what the first did, and nothing is changed (E2)."""

from collections.abc import Iterable
from datetime import UTC

from gateway.domain.errors import Fault, Refusal, Rule
from gateway.flow.records import CaseRecord, Change, Decide
from gateway.flow.timeline import Entry, Link, Step

# What changes nothing for those who handle a case.
_PASSING = frozenset(
    {
        Step.CASE_READ,
        Step.CASE_EXPORTED,
        Step.CASE_REMINDED,
        Step.CASE_THEMED,
        Step.CASE_UNTHEMED,
        Step.MEASURE_RECORDED,
        Step.DIARY_NUMBER_RECORDED,
        Step.HOLD_SET,
        Step.HOLD_LIFTED,
        Step.DELIVERY_DELIVERED,
        Step.DELIVERY_PARKED,
        Step.DELIVERY_REPLAYED,
        Step.DELIVERY_REDIRECTED,
        Step.DELIVERY_HURRIED,
    }
)


def decided(decide: Decide, case: CaseRecord, since: Iterable[Link]) -> Change:
    """
    Decide about a case, unless it has changed since whoever asks looked: `since` are its steps.

    Who may not know of the case, or not do this to it, learns nothing of what others did.
    """
    try:
        change = decide(case)
    except Refusal as refusal:
        if any(fault.rule is Rule.STEP_NOT_LEGAL for fault in refusal.faults):
            _check(since)
        raise
    _check(since)
    return change


def _check(since: Iterable[Link]) -> None:
    changes = [link for link in since if link.entry.step not in _PASSING]
    if changes:
        told = "; ".join(_told(link.entry) for link in changes)
        words = f"the case has changed since you looked: {told}; read it again and decide anew"
        raise Refusal(Fault(Rule.CASE_OVERTAKEN, "version", words))


def _told(entry: Entry) -> str:
    at = entry.at.astimezone(UTC).isoformat(timespec="seconds")
    kind = entry.details.get("messageKind")
    what = f"{entry.step.value} ({kind})" if kind else entry.step.value
    return f"{what} by {entry.actor} at {at}"
