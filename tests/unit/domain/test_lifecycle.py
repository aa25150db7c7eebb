"""Every step of the lifecycle tables, legal or not, written out a second time as promises."""

import itertools

import pytest

from gateway.domain.lifecycle import (
    CASE_STEPS,
    DELIVERY_STEPS,
    CaseState,
    CitizenStep,
    DeliveryState,
    DeliveryStep,
    StaffStep,
    case_after,
)
from gateway.domain.message import MessageKind

_S, _D, _T = CaseState, DeliveryState, DeliveryStep
NAMES = {
    "SUB": _S.SUBMITTED,
    "REC": _S.RECEIVED,
    "PRO": _S.IN_PROGRESS,
    "AWA": _S.AWAITING_SUPPLEMENT,
    "ANS": _S.ANSWERED,
    "CLO": _S.CLOSED,
    "WIT": _S.WITHDRAWN,
    "DIS": _S.DISPOSED,
}
# From the state on top, by the step at the left; a dot is not legal.
TABLE = """
                    SUB REC PRO AWA ANS CLO WIT DIS
RECEIVED            REC REC PRO AWA ANS  .  WIT  .
IN_PROGRESS         PRO PRO PRO PRO PRO  .   .  .
PARTIAL_REPLY       PRO PRO PRO PRO PRO  .   .  .
FINAL_REPLY         ANS ANS ANS ANS ANS  .   .  .
COUNTER_QUESTION    AWA AWA AWA AWA AWA  .   .  .
SUPPLEMENT_REQUEST  AWA AWA AWA AWA AWA  .   .  .
FORWARD             SUB SUB SUB SUB SUB  .   .  .
CLOSED              CLO CLO CLO CLO CLO  .  CLO  .
SUPPLEMENT          SUB REC PRO PRO PRO  .   .  .
WITHDRAW            WIT WIT WIT WIT WIT  .   .  .
HANDLE              SUB REC PRO AWA ANS  .  WIT  .
REOPEN               .   .   .   .   .  PRO  .  .
"""
_HEAD, *_ROWS = (line.split() for line in TABLE.strip().splitlines())
AFTER = {
    (NAMES[state], step): NAMES.get(after)
    for step, *afters in _ROWS
    for state, after in zip(_HEAD, afters, strict=True)
}
CASE_PRODUCT = list(itertools.product(CaseState, [*MessageKind, *CitizenStep, *StaffStep]))
DELIVERY_PRODUCT = list(itertools.product(DeliveryState, DeliveryStep))
LEGAL_DELIVERY = {
    (_D.WAITING, _T.CLAIM): _D.SENDING,
    (_D.SENDING, _T.SUCCEED): _D.DELIVERED,
    (_D.SENDING, _T.POSTPONE): _D.WAITING,
    (_D.SENDING, _T.PARK): _D.PARKED,
    (_D.PARKED, _T.REPLAY): _D.WAITING,
    (_D.WAITING, _T.MOVE): _D.MOVED,
    (_D.SENDING, _T.MOVE): _D.MOVED,
    (_D.PARKED, _T.MOVE): _D.MOVED,
}


@pytest.mark.parametrize(("state", "step"), CASE_PRODUCT, ids=lambda part: part.value)
def test_each_step_of_a_case_leads_where_the_table_says_or_nowhere(state, step):
    """DOMAIN A10, D2; CONTRACT ProcessCaseMessage: what is not in the table is not legal."""
    assert case_after(state, step) == AFTER[state, step.value]


@pytest.mark.parametrize(("state", "step"), DELIVERY_PRODUCT, ids=lambda part: part.value)
def test_each_step_of_a_delivery_leads_where_the_table_says_or_nowhere(state, step):
    """DOMAIN C1, C2, C4, C6: what is not in the table is not legal."""
    assert DELIVERY_STEPS[state].get(step) == LEGAL_DELIVERY.get((state, step))


def test_every_state_of_a_case_and_of_a_delivery_has_its_row():
    """DOMAIN A10, D2, C1: no state is forgotten."""
    assert set(CASE_STEPS) == set(CaseState)
    assert set(DELIVERY_STEPS) == set(DeliveryState)


@pytest.mark.parametrize("state", [s for s in CaseState if s is not _S.SUBMITTED])
def test_a_late_received_never_moves_a_case(state):
    """INTEROP §5.3: messages may come out of order; a late RECEIVED tells nothing new."""
    assert case_after(state, MessageKind.RECEIVED) in {state, None}


@pytest.mark.parametrize("state", [s for s in CaseState if s not in {_S.CLOSED, _S.DISPOSED}])
def test_every_case_can_come_to_its_end(state):
    """DOMAIN E4: what never closes could never be disposed of."""
    assert case_after(state, MessageKind.CLOSED) is CaseState.CLOSED


def test_a_parked_delivery_can_be_delivered_after_all():
    """DOMAIN C4: parked is not the end."""
    replayed = DELIVERY_STEPS[_D.PARKED][_T.REPLAY]
    claimed = DELIVERY_STEPS[replayed][_T.CLAIM]
    assert DELIVERY_STEPS[claimed][_T.SUCCEED] is _D.DELIVERED


def test_a_delivered_delivery_stays_delivered():
    """DOMAIN C1: never delivered again once it is known to have arrived."""
    assert DELIVERY_STEPS[_D.DELIVERED] == {}


def test_what_went_along_with_a_forwarded_case_is_never_delivered():
    """DOMAIN D6: its new holder has it from what told it of the case."""
    assert DELIVERY_STEPS[_D.MOVED] == {}
