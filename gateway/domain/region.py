"""What a region says about its routes: its units, its committee and its rules (DOMAIN B)."""

from dataclasses import dataclass
from enum import StrEnum

from gateway.domain.case import Kind
from gateway.domain.destination import Destination
from gateway.domain.hsa import HsaId
from gateway.domain.period import ALWAYS, Period
from gateway.domain.retention import KEPT_FOR_EVER, Retention


class Way(StrEnum):
    """How a unit without a destination of its own gets one (DOMAIN B13)."""

    PARENT = "@parent"
    RULES = "@rules"


@dataclass(frozen=True, slots=True)
class Unit:
    """A care unit, or another unit that people can write to (DOMAIN B8)."""

    hsa_id: HsaId
    name: str
    place: str
    region: str
    provider: HsaId | None = None
    parent: HsaId | None = None


@dataclass(frozen=True, slots=True)
class Committee:
    """A region's patients' committee and its route (DOMAIN B5, B6)."""

    hsa_id: HsaId
    name: str
    destination: Destination
    period: Period = ALWAYS


@dataclass(frozen=True, slots=True)
class RouteRule:
    """One of a region's ordered rules; what is None matches everything."""

    name: str
    destination: Destination
    kind: Kind | None = None
    provider: HsaId | None = None
    under: HsaId | None = None
    period: Period = ALWAYS


# DOMAIN A11: as a rule within four weeks.
FOUR_WEEKS = 28


@dataclass(frozen=True, slots=True)
class Region:
    """
    A region: its county code, its committee, and the rules for its `@rules` units.

    A complaint shall be answered within `answer_within_days` after it came (A11). Cases of
    people who do not say who they are (A9) are taken only where `anonymous`.
    """

    key: str
    name: str
    code: str
    committee: Committee
    rules: tuple[RouteRule, ...] = ()
    retention: Retention = KEPT_FOR_EVER
    answer_within_days: int = FOUR_WEEKS
    anonymous: bool = False
