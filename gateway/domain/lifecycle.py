"""
The law of what may happen next, as tables: to a case, and to one delivery of it.

All legal steps are here and nowhere else. A step that is not in the table is not legal, and
leaves everything as it was.
"""

from enum import StrEnum

from gateway.domain.message import MessageKind


class CaseState(StrEnum):
    """Where a case stands, as the citizen and the holder see it."""

    SUBMITTED = "SUBMITTED"
    RECEIVED = "RECEIVED"
    IN_PROGRESS = "IN_PROGRESS"
    AWAITING_SUPPLEMENT = "AWAITING_SUPPLEMENT"
    ANSWERED = "ANSWERED"
    CLOSED = "CLOSED"
    WITHDRAWN = "WITHDRAWN"
    # Its content and its citizen are gone; what stands is the proof (DOMAIN E4).
    DISPOSED = "DISPOSED"


# Somebody waits for an answer.
OPEN_STATES = frozenset(
    {
        CaseState.SUBMITTED,
        CaseState.RECEIVED,
        CaseState.IN_PROGRESS,
        CaseState.AWAITING_SUPPLEMENT,
    }
)


# From the day it came to this, an ended case is kept for a set time (DOMAIN E4).
ENDED_STATES = frozenset({CaseState.CLOSED, CaseState.WITHDRAWN})


class CitizenStep(StrEnum):
    """What the citizen can do to a case after submitting it."""

    SUPPLEMENT = "SUPPLEMENT"
    WITHDRAW = "WITHDRAW"


class StaffStep(StrEnum):
    """What a handler does besides saying something: HANDLE is what the citizen is not told of."""

    HANDLE = "HANDLE"
    REOPEN = "REOPEN"


CaseStep = MessageKind | CitizenStep | StaffStep

_S, _M, _C, _H = CaseState, MessageKind, CitizenStep, StaffStep

# While a case is open its holder may say these, and the case then stands there.
_OPEN_STEPS: dict[CaseStep, CaseState] = {
    _M.IN_PROGRESS: _S.IN_PROGRESS,
    _M.PARTIAL_REPLY: _S.IN_PROGRESS,
    _M.FINAL_REPLY: _S.ANSWERED,
    _M.COUNTER_QUESTION: _S.AWAITING_SUPPLEMENT,
    _M.SUPPLEMENT_REQUEST: _S.AWAITING_SUPPLEMENT,
    _M.FORWARD: _S.SUBMITTED,
    _M.CLOSED: _S.CLOSED,
    _C.WITHDRAW: _S.WITHDRAWN,
}


def _stands(state: CaseState) -> dict[CaseStep, CaseState]:
    """Give the steps that leave a case where it stands."""
    return {_M.RECEIVED: state, _H.HANDLE: state}


CASE_STEPS: dict[CaseState, dict[CaseStep, CaseState]] = {
    _S.SUBMITTED: _OPEN_STEPS
    | _stands(_S.SUBMITTED)
    | {_M.RECEIVED: _S.RECEIVED, _C.SUPPLEMENT: _S.SUBMITTED},
    # A late RECEIVED tells nothing new: messages may come out of order (INTEROP §5.3).
    _S.RECEIVED: _OPEN_STEPS | _stands(_S.RECEIVED) | {_C.SUPPLEMENT: _S.RECEIVED},
    _S.IN_PROGRESS: _OPEN_STEPS | _stands(_S.IN_PROGRESS) | {_C.SUPPLEMENT: _S.IN_PROGRESS},
    _S.AWAITING_SUPPLEMENT: _OPEN_STEPS
    | _stands(_S.AWAITING_SUPPLEMENT)
    | {_C.SUPPLEMENT: _S.IN_PROGRESS},
    _S.ANSWERED: _OPEN_STEPS | _stands(_S.ANSWERED) | {_C.SUPPLEMENT: _S.IN_PROGRESS},
    # Closed is not quite the end: what was closed too early goes on within a set time (E2).
    _S.CLOSED: {_H.REOPEN: _S.IN_PROGRESS},
    _S.WITHDRAWN: {**_stands(_S.WITHDRAWN), _M.CLOSED: _S.CLOSED},
    _S.DISPOSED: {},
}


class DeliveryState(StrEnum):
    """Where one delivery stands."""

    WAITING = "WAITING"
    SENDING = "SENDING"
    DELIVERED = "DELIVERED"
    PARKED = "PARKED"
    MOVED = "MOVED"


class DeliveryStep(StrEnum):
    """What can happen to one delivery."""

    CLAIM = "CLAIM"
    SUCCEED = "SUCCEED"
    POSTPONE = "POSTPONE"
    PARK = "PARK"
    REPLAY = "REPLAY"
    MOVE = "MOVE"


_D, _T = DeliveryState, DeliveryStep

DELIVERY_STEPS: dict[DeliveryState, dict[DeliveryStep, DeliveryState]] = {
    _D.WAITING: {_T.CLAIM: _D.SENDING, _T.MOVE: _D.MOVED},
    _D.SENDING: {
        _T.SUCCEED: _D.DELIVERED,
        _T.POSTPONE: _D.WAITING,
        _T.PARK: _D.PARKED,
        _T.MOVE: _D.MOVED,
    },
    _D.DELIVERED: {},
    # Parked is not the end: an operator replays it (DOMAIN C4).
    _D.PARKED: {_T.REPLAY: _D.WAITING, _T.MOVE: _D.MOVED},
    # The case was forwarded before it was delivered, and what it says went along (DOMAIN D6).
    _D.MOVED: {},
}


def case_after(state: CaseState, step: CaseStep) -> CaseState | None:
    """Tell where a case stands after `step`, or None when the step is not legal now."""
    return CASE_STEPS[state].get(step)
