"""Statistics of closed cases: how one is counted, and what is told of them all (DOMAIN F1, F2)."""

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from gateway.domain.case import Case, ReceiverType
from gateway.domain.handling import Handling
from gateway.domain.hsa import HsaId
from gateway.domain.statistics import (
    UNKNOWN,
    Area,
    Counted,
    Counter,
    Fact,
    Month,
    age_group,
    main_problem,
    month_of,
    sex,
)
from gateway.flow.records import CaseRecord

# Tells the region, the provider and the unit of an address; None when it is no unit's.
Placing = Callable[[HsaId], Area | None]


class Statistics(Protocol):
    """
    The summaries of closed cases; raises Unavailable when they cannot be read.

    They are written with the change that leaves a case CLOSED, in the same transaction: anew when
    it is closed again, classified otherwise or found to belong to another unit.
    """

    def counted(self, counter: Counter, above: Sequence[Area | None], year: int) -> list[Counted]:
        """Read what was closed in a year, for all areas right below these; None has the nation."""
        ...

    def seen(self, key: str) -> list[Area]:
        """Tell the areas with that key in which anything was counted, the latest first."""
        ...


def fact_of(
    record: CaseRecord, case: Case, handling: Handling, placing: Placing, closed: Month
) -> Fact:
    """
    Give what is counted of a case that was closed in that month.

    The unit is where it happened, as far as anybody has found out (A3). The person is the patient.
    """
    classified = handling.classification
    person = (case.patient or case.submitter).person_id
    return Fact(
        area=_area(record, case, handling, placing),
        kind=record.kind,
        receiver=case.receiver.type,
        closed=closed,
        received=month_of(record.received_at),
        event=month_of(case.event_date),
        age=age_group(person, case.event_date),
        sex=sex(person),
        problem=next(iter(classified.problems), UNKNOWN),
        perceived=main_problem(classified.perceived_problem or UNKNOWN),
        field=classified.field_of_operation or UNKNOWN,
    )


def summaries(fact: Fact) -> Iterator[tuple[Area, Counter, str]]:
    """Tell the summaries that a fact is counted in."""
    for counter, code in fact.values().items():
        yield from ((area, counter, code) for area in fact.areas())


def placed_nowhere(_: HsaId) -> Area | None:
    """Place no unit, where there is no route table."""
    return None


def _area(record: CaseRecord, case: Case, handling: Handling, placing: Placing) -> Area:
    """Tell where it happened: as it was corrected, as it was told, or where it was sent."""
    told = (handling.corrected_unit, case.receiver.care_unit)
    is_to_care = case.receiver.type is ReceiverType.CARE
    sent = (record.at.hsa_id, record.unit) if is_to_care else ()
    found = next(filter(None, map(placing, filter(None, (*told, *sent)))), None)
    # Where it was sent was a unit then; what somebody only told need never have been one.
    return found or (record.region, UNKNOWN, sent[0].key if sent else UNKNOWN)
