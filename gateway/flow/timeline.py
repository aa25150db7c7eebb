"""A case's timeline: append-only, each entry linked to the one before by its hash (DOMAIN G3)."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

import orjson

GENESIS = "0" * 64

# The actor of what Växel does by itself.
GATEWAY = "vaxel"


class Step(StrEnum):
    """Everything that can stand on a timeline."""

    CASE_ACCEPTED = "case.accepted"
    CASE_REGISTERED = "case.registered"
    CASE_SUPPLEMENTED = "case.supplemented"
    CASE_WITHDRAWN = "case.withdrawn"
    CASE_FORWARDED = "case.forwarded"
    CASE_READ = "case.read"
    CASE_ASSIGNED = "case.assigned"
    CASE_UNASSIGNED = "case.unassigned"
    CASE_REMINDED = "case.reminded"
    CASE_THEMED = "case.put-in-theme"
    CASE_UNTHEMED = "case.taken-out-of-theme"
    MEASURE_RECORDED = "case.measure-recorded"
    CASE_CLASSIFIED = "case.classified"
    CASE_REOPENED = "case.reopened"
    RELATION_VERIFIED = "relation.verified"
    UNIT_CORRECTED = "unit.corrected"
    CASE_EXPORTED = "case.exported"
    DIARY_NUMBER_RECORDED = "case.diary-number-recorded"
    HOLD_SET = "case.hold-set"
    HOLD_LIFTED = "case.hold-lifted"
    CASE_DISPOSED = "case.disposed"
    DELIVERY_DELIVERED = "delivery.delivered"
    DELIVERY_PARKED = "delivery.parked"
    DELIVERY_REPLAYED = "delivery.replayed"
    DELIVERY_REDIRECTED = "delivery.redirected"
    DELIVERY_HURRIED = "delivery.hurried"
    MESSAGE_ACCEPTED = "message.accepted"


# What a citizen's e-service is told of; the rest is the inner work of those who have the case.
CITIZEN_STEPS = frozenset(
    {
        Step.CASE_ACCEPTED,
        Step.CASE_REGISTERED,
        Step.CASE_SUPPLEMENTED,
        Step.CASE_WITHDRAWN,
        Step.CASE_FORWARDED,
        Step.CASE_REOPENED,
        Step.CASE_DISPOSED,
        Step.DELIVERY_DELIVERED,
        Step.MESSAGE_ACCEPTED,
    }
)


@dataclass(frozen=True, slots=True)
class Entry:
    """What happened, when, by whom; `details` carries no personal data."""

    step: Step
    at: datetime
    actor: str
    details: Mapping[str, str | int | None]


@dataclass(frozen=True, slots=True)
class Link:
    """An entry in its place: its number from 1, and the hash over itself and the one before."""

    number: int
    entry: Entry
    hash: str


def link(entry: Entry, number: int, previous_hash: str) -> Link:
    """
    Put an entry after the one whose hash is given (`GENESIS` before the first).

    The hash is over the instant and not its time zone, so it outlives every database.
    """
    at = entry.at.astimezone(UTC).isoformat()
    content = [number, entry.step.value, at, entry.actor, dict(entry.details)]
    text = orjson.dumps(content, option=orjson.OPT_SORT_KEYS)
    return Link(number, entry, hashlib.sha256(previous_hash.encode() + text).hexdigest())


def first_break(links: list[Link]) -> int | None:
    """
    Tell the number of the first entry that was changed, removed or put in; None if whole.

    Entries cut off at the end leave no break: only who has kept a later hash can tell.
    """
    previous = GENESIS
    for number, found in enumerate(links, 1):
        if found != link(found.entry, number, previous):
            return number
        previous = found.hash
    return None
