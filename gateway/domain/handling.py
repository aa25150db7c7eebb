"""How a case is being handled: by whom, what is allowed, and what it was found to be about."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from gateway.domain.hsa import HsaId

# A case that was closed too early, or whose citizen comes back, goes on where it was (DOMAIN E2).
REOPEN_WITHIN = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Classification:
    """
    What a case is about, by the codes of `classification.CATEGORIES` and `FIELDS_OF_OPERATION`.

    `problems` are main problems or their sub-problems, the weightiest first; `perceived_problem`
    is the problem as the patient perceives it. A case that is not closed may lack anything.
    """

    problems: tuple[str, ...] = ()
    field_of_operation: str | None = None
    perceived_problem: str | None = None

    @property
    def is_enough(self) -> bool:
        """Tell whether a case classified so may be closed by staff (DOMAIN E2)."""
        return bool(self.problems) and self.field_of_operation is not None


@dataclass(frozen=True, slots=True)
class Handling:
    """
    What has become of a case besides its state; a case that nobody touched has `UNHANDLED`.

    `relation_verified_by` is who answers for it (A6). `attachments_allowed` tells whether the
    citizen may attach files to supplements (A10, D4). `corrected_unit` is where it happened, as
    the committee found out; the case stays where it is (A3). `first_contact_at` is when the
    citizen was first told something by a human, and `closed_at` when nothing more was to be done:
    it is None again while a reopened case is open.
    """

    assigned_to: HsaId | None = None
    assigned_name: str | None = field(default=None, repr=False)
    relation_verified_by: str | None = None
    relation_verified_at: datetime | None = None
    attachments_allowed: bool = False
    corrected_unit: HsaId | None = None
    classification: Classification = Classification()
    first_contact_at: datetime | None = None
    closed_at: datetime | None = None
    reopened_at: datetime | None = None

    def contacted(self, at: datetime) -> "Handling":
        """Give what it is after the citizen was told something; the first time stays."""
        return replace(self, first_contact_at=self.first_contact_at or at)

    def closed(self, at: datetime) -> "Handling":
        """Give what it is after the case was closed, or taken back; the first time stays."""
        return replace(self, closed_at=self.closed_at or at)

    def handed_over(self) -> "Handling":
        """Give what it is when somebody else holds the case: assigned to nobody there yet."""
        return replace(self, assigned_to=None, assigned_name=None)

    def may_be_reopened(self, at: datetime) -> bool:
        """Tell whether a closed case may still be reopened."""
        return self.closed_at is None or at <= self.closed_at + REOPEN_WITHIN


UNHANDLED = Handling()


def classification_to_json(classification: Classification) -> dict[str, Any]:  # JSON
    """Write a classification, what it lacks left out."""
    written = {
        "problems": list(classification.problems),
        "fieldOfOperation": classification.field_of_operation,
        "perceivedProblem": classification.perceived_problem,
    }
    return {name: value for name, value in written.items() if value is not None}


def classification_from_json(json: dict[str, Any]) -> Classification:  # JSON
    """Read a classification whose shape was checked."""
    return Classification(
        tuple(json.get("problems", ())), json.get("fieldOfOperation"), json.get("perceivedProblem")
    )
