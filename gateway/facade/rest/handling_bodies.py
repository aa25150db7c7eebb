"""What comes in about how a case is handled, and how that is told (DOMAIN E2)."""

from typing import Annotated, ClassVar

from pydantic import Field

from gateway.domain.notation import Json
from gateway.facade.rest.answers import A_UNIT, CaseStanding, standing
from gateway.facade.rest.shape import Time, Told
from gateway.flow.handling.case_handling import Handled
from gateway.shapes.case_message import ClassificationFields
from gateway.shapes.shape import HsaIdText, Name, Shape, Words

A_HANDLER = "SE2321000016-NURSE"
_A_NAME = "Sköterskan Solna"

Version = Annotated[
    int | None,
    Field(
        None,
        ge=1,
        description="The `version` of the case as the caller saw it. When somebody has changed "
        "the case since, nothing is done and the problem tells what they did.",
        examples=[4],
    ),
]


class SeenBody(Shape):
    """Nothing but what the caller saw of the case."""

    version: Version

    EXAMPLE: ClassVar[Json] = {"version": 4}


class AssignmentBody(SeenBody):
    """Who the case is assigned to; nobody when both are left out."""

    handler_hsa_id: HsaIdText | None = Field(None, examples=[A_HANDLER])
    handler_name: Name | None = Field(None, examples=[_A_NAME])

    EXAMPLE: ClassVar[Json] = {"handlerHsaId": A_HANDLER, "handlerName": _A_NAME, "version": 4}


class UnitCorrectionBody(SeenBody):
    """The care unit where it happened."""

    care_unit_hsa_id: HsaIdText = Field(examples=[A_UNIT])

    EXAMPLE: ClassVar[Json] = {"careUnitHsaId": A_UNIT, "version": 4}


class ClassificationBody(ClassificationFields, SeenBody):
    """What a case is about; what was noted before is replaced."""

    EXAMPLE: ClassVar[Json] = {**ClassificationFields.EXAMPLE, "version": 4}


class ReopeningBody(SeenBody):
    """Why a closed case goes on, if the citizen shall be told."""

    text: Words | None = Field(
        None, description="What the citizen reads besides.", examples=["Vi har fått veta mer."]
    )

    EXAMPLE: ClassVar[Json] = {"text": "Vi har fått veta mer.", "version": 4}


class ClassificationAnswer(ClassificationFields, Told):
    """What a case was found to be about."""


class HandlingAnswer(CaseStanding):
    """How a case is handled, without anything of what was written."""

    version: int = Field(
        description="The number of the last entry on the timeline; what a verb is told was seen.",
        examples=[4],
    )
    at_hsa_id: str = Field(description="The unit that has it now.", examples=[A_UNIT])
    at_name: str = Field(examples=["Akutmottagningen Solna"])
    assigned_hsa_id: str | None = Field(None, examples=[A_HANDLER])
    assigned_name: str | None = Field(None, examples=[_A_NAME])
    relation_verified_by: str | None = Field(None, examples=[A_HANDLER])
    relation_verified_time: Time | None = None
    attachments_allowed: bool = Field(
        description="Whether the citizen may attach files to supplements.", examples=[False]
    )
    corrected_unit_hsa_id: str | None = Field(
        None, description="Where it happened, as the committee found out.", examples=[A_UNIT]
    )
    classification: ClassificationAnswer | None = Field(
        None, description="For those who may read the case."
    )
    first_contact_time: Time | None = None
    closed_time: Time | None = None
    reopened_time: Time | None = None

    EXAMPLE: ClassVar[Json] = {
        **CaseStanding.EXAMPLE,
        "version": 4,
        "atHsaId": A_UNIT,
        "atName": "Akutmottagningen Solna",
        "assignedHsaId": A_HANDLER,
        "assignedName": _A_NAME,
        "attachmentsAllowed": False,
        "classification": ClassificationFields.EXAMPLE,
    }


def handling_answer(handled: Handled) -> HandlingAnswer:
    """Tell how a case is handled."""
    handling, at = handled.handling, handled.record.at
    assigned, corrected = handling.assigned_to, handling.corrected_unit
    as_ = handling.classification
    classification = ClassificationAnswer(
        problems=list(as_.problems),
        field_of_operation=as_.field_of_operation,
        perceived_problem=as_.perceived_problem,
    )
    return HandlingAnswer(
        **standing(handled.record),
        version=handled.version,
        at_hsa_id=at.hsa_id.text,
        at_name=at.name,
        assigned_hsa_id=assigned.text if assigned else None,
        assigned_name=handling.assigned_name,
        relation_verified_by=handling.relation_verified_by,
        relation_verified_time=handling.relation_verified_at,
        attachments_allowed=handling.attachments_allowed,
        corrected_unit_hsa_id=corrected.text if corrected else None,
        classification=classification if as_.problems or as_.field_of_operation else None,
        first_contact_time=handling.first_contact_at,
        closed_time=handling.closed_at,
        reopened_time=handling.reopened_at,
    )
