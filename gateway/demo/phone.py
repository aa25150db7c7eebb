"""Cases that began by phone: the system that took the call registers them (DOMAIN A12)."""

import time
from collections.abc import Callable
from datetime import date, timedelta

from gateway.demo.cases import CITIZENS, ROUNDS
from gateway.demo.desk import Came, Desk
from gateway.domain.case import AnswerWanted, Case, Kind, Receiver, ReceiverType, Submitter
from gateway.domain.hsa import HsaId
from gateway.domain.period import swedish_midnight
from gateway.domain.registration import Channel, Registration

Register = Callable[[Registration], str | None]
"""Gives the case number, or None when there is no receipt yet."""

# Whose calls end in a system, by the name of its destination.
CALLED_UNITS = {"avvikelse": "SE2321009101-HCBJ", "synergi": "SE2321009202-VCLJUNG"}

_AGAIN_AFTER_S = 0.3


def calls(unit: str, day: date) -> list[Registration]:
    """Give what was told a unit by phone; the same day, the very same."""
    return [_call(unit, day, number) for number in range(ROUNDS)]


def register_all(desk: Desk, registrations: list[Registration], register: Register) -> None:
    """Register each until there is a receipt; the desk answers them as other cases."""
    for registration in registrations:
        while (number := register(registration)) is None:
            time.sleep(_AGAIN_AFTER_S)
        case, unit = registration.case, str(registration.case.receiver.hsa_id)
        desk.take(
            Came(case.case_id, "REGISTERED", number, unit, case.kind.value, case.description)
        )


def _call(unit: str, day: date, number: int) -> Registration:
    case = Case(
        case_id=f"demo-phoned-{unit}-{number + 1}",
        kind=Kind.COMPLAINT,
        receiver=Receiver(ReceiverType.CARE, HsaId(unit)),
        event_date=day - timedelta(days=1),
        answer_wanted=AnswerWanted.INBOX,
        submitter=Submitter(CITIZENS[number % len(CITIZENS)], name="Tolvan Tolvansson"),
        description="Ringde och berättade att hörapparaten aldrig kom.",
    )
    return Registration(case, Channel.PHONE, swedish_midnight(day))
