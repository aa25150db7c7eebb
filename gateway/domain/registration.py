"""A case that began by phone, at a visit or with a letter, as its holder registers it (A12)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from gateway.domain.case import Case
from gateway.domain.errors import Fault, Rule
from gateway.domain.law import FIRST_DAY, Limits, case_faults
from gateway.domain.notation import Json, case_from_json, case_to_json

# The clocks of two systems may differ by so much.
CLOCKS_DIFFER = timedelta(minutes=5)
# It is told in UTC, by contracts that have no year before.
FIRST_TIME = datetime.combine(FIRST_DAY, time(), UTC)


class Channel(StrEnum):
    """How a case came in that no e-service has sent."""

    PHONE = "PHONE"
    VISIT = "VISIT"
    LETTER = "LETTER"


@dataclass(frozen=True, slots=True)
class Registration:
    """
    A case with how and when it came in.

    `external_case_id` is what the one who registers calls it, if it has a name there.
    """

    case: Case
    channel: Channel
    received_at: datetime
    external_case_id: str | None = None


def registration_faults(
    registration: Registration, now: datetime, today: date, limits: Limits
) -> list[Fault]:
    """Tell every rule that is broken: those of any case, and that it has come in already."""
    return [
        *case_faults(registration.case, today, limits),
        *_time_faults(registration.received_at, now),
    ]


def registration_from_json(json: Json) -> Registration:
    """Read a registration whose shape a door has checked."""
    return Registration(
        case=case_from_json(json["case"]),
        channel=Channel(json["channel"]),
        received_at=datetime.fromisoformat(json["receivedTime"]),
        external_case_id=json.get("externalCaseId"),
    )


def registration_to_json(registration: Registration) -> Json:
    """Write a registration, without the bytes of the attachments."""
    named = registration.external_case_id
    return {
        "channel": registration.channel.value,
        "receivedTime": registration.received_at.astimezone(UTC).isoformat(),
        **({"externalCaseId": named} if named is not None else {}),
        "case": case_to_json(registration.case, with_content=False),
    }


def _time_faults(received_at: datetime, now: datetime) -> Iterator[Fault]:
    if received_at > now + CLOCKS_DIFFER:
        words = "a case cannot come in later than now; say when it did"
        yield Fault(Rule.RECEIVED_IN_FUTURE, "receivedTime", words)
    if received_at < FIRST_TIME:
        yield Fault(Rule.SCHEMA, "receivedTime", f"a time cannot be before {FIRST_DAY}")
