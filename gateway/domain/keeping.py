"""What is recorded about the keeping of a case: its diary number, and a legal hold (E3, E4)."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Hold:
    """
    A legal hold: while it stands, the case is not disposed of.

    One that an operator has set, an operator lifts.
    """

    reason: str
    by: str
    since: datetime
    by_operator: bool = False


@dataclass(frozen=True, slots=True)
class Keeping:
    """
    `diary_number` is the case's in the official diary, which is kept elsewhere.

    `lift_reason` is why the hold that stood last was lifted.
    """

    diary_number: str | None = None
    hold: Hold | None = None
    lift_reason: str | None = None


NOTHING_RECORDED = Keeping()
