"""Set the care unit where it happened, without moving the case (DOMAIN A3)."""

from dataclasses import replace
from functools import partial

from gateway.domain.case import ReceiverType
from gateway.domain.errors import Fault, Refusal, Rule
from gateway.domain.hsa import HsaId
from gateway.domain.routing import RouteTable
from gateway.flow.access import Verb
from gateway.flow.handling.act import Act
from gateway.flow.records import CaseRecord
from gateway.flow.timeline import Step


def corrected(unit: HsaId, table: RouteTable) -> Act:
    """Give the act of correcting: for follow-up and statistics only."""
    told = {"careUnitHsaId": unit.text}
    return Act(
        Verb.CORRECT_UNIT,
        Step.UNIT_CORRECTED,
        says=told,
        told=told,
        handled=lambda handling: replace(handling, corrected_unit=unit),
        check=partial(require_at_committee, table),
    )


def require_at_committee(table: RouteTable, case: CaseRecord) -> None:
    """Let a unit be corrected on no case but one that stands with a committee (A3)."""
    if table.receiver_of(case.at.hsa_id) is not ReceiverType.COMMITTEE:
        words = "only the patients' committee corrects the unit, on a case that it has"
        raise Refusal(Fault(Rule.NOT_PERMITTED, "careUnitHsaId", words))
