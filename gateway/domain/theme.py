"""General feedback seen together by theme, and measures that improve something (DOMAIN F3, F4)."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from gateway.domain.hsa import HsaId


class ThemeLevel(StrEnum):
    """Whose theme it is: one unit's own, or one that all units of its region share."""

    UNIT = "UNIT"
    REGION = "REGION"


class MeasureLevel(StrEnum):
    """Where a measure improves something."""

    UNIT = "UNIT"
    SERVICE = "SERVICE"
    SYSTEM = "SYSTEM"


@dataclass(frozen=True, slots=True)
class Theme:
    """
    What several citizens have written about.

    `owner` is the unit, committee or coordinator that keeps it. `closing_text` is the word that
    the citizens got in common when it was closed. `cases` is how many lie in it.
    """

    id: UUID
    title: str = field(repr=False)
    level: ThemeLevel
    owner: HsaId
    region: str
    made_at: datetime
    made_by: str
    closed_at: datetime | None = None
    closed_by: str | None = None
    closing_text: str | None = field(default=None, repr=False)
    cases: int = 0


@dataclass(frozen=True, slots=True)
class MeasureNote:
    """How a measure went, as somebody saw it then."""

    text: str = field(repr=False)
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Measure:
    """
    What is done to make something better, on a theme or else on a single case.

    `responsible` answers for it until `due`; it is followed up, and its effect evaluated.
    """

    id: UUID
    theme: UUID | None
    case_number: str | None
    what: str = field(repr=False)
    level: MeasureLevel
    responsible: str = field(repr=False)
    due: date | None
    recorded_at: datetime
    recorded_by: str
    followed_up: MeasureNote | None = None
    evaluated: MeasureNote | None = None


class MeasureStep(StrEnum):
    """What is noted of a measure, once each."""

    FOLLOW_UP = "FOLLOW_UP"
    EVALUATION = "EVALUATION"
