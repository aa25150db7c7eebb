"""The open cases of many units, counted by unit for whoever coordinates them (A11, B3)."""

from typing import ClassVar

from anyio.to_thread import run_sync
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from gateway.domain.errors import Rule
from gateway.domain.notation import Json
from gateway.facade.rest.answers import A_UNIT, told
from gateway.facade.rest.entrance import known_caller, visit_of
from gateway.facade.rest.resource import Answer, Resource
from gateway.facade.rest.shape import Told
from gateway.flow.board import UnitCounts


class UnitCountsAnswer(Told):
    """The open cases of one unit."""

    unit_hsa_id: str = Field(description="The unit that was selected.", examples=[A_UNIT])
    unit_name: str = Field(examples=["Akutmottagningen Solna"])
    region: str = Field(examples=["stockholm"])
    open: int = Field(description="How many wait for an answer.", examples=[12])
    unassigned: int = Field(description="How many are nobody's yet.", examples=[4])
    uncontacted: int = Field(
        description="Of how many the citizen has been told nothing by a human.", examples=[2]
    )
    soon_due: int = Field(description="How many complaints are soon due.", examples=[3])
    overdue: int = Field(description="How many complaints are past their due time.", examples=[1])

    EXAMPLE: ClassVar[Json] = {
        "unitHsaId": A_UNIT,
        "unitName": "Akutmottagningen Solna",
        "region": "stockholm",
        "open": 12,
        "unassigned": 4,
        "uncontacted": 2,
        "soonDue": 3,
        "overdue": 1,
    }


class UnitBoardAnswer(Told):
    """Every unit of the caller's inboxes that has an open case."""

    units: tuple[UnitCountsAnswer, ...]
    whole: bool = Field(
        description="Whether all are counted; else the oldest, and there may be more."
    )

    EXAMPLE: ClassVar[Json] = {"units": [UnitCountsAnswer.EXAMPLE], "whole": True}


async def read_unit_board(request: Request) -> Response:
    """Count open cases by unit.

    Of the inboxes that the member of staff works in, complaints and feedback, by the unit that
    was selected.
    """
    inbox = visit_of(request).doors.staff_inbox
    board = await run_sync(inbox.board, known_caller(request))
    return told(UnitBoardAnswer(units=tuple(map(_counts, board.units)), whole=board.whole))


def _counts(unit: UnitCounts) -> UnitCountsAnswer:
    return UnitCountsAnswer(
        unit_hsa_id=unit.unit.text,
        unit_name=unit.unit_name,
        region=unit.region,
        open=unit.open,
        unassigned=unit.unassigned,
        uncontacted=unit.uncontacted,
        soon_due=unit.soon,
        overdue=unit.overdue,
    )


UNIT_BOARDS = (
    Resource(
        "GET",
        "/unit-board",
        read_unit_board,
        (Answer(200, "The counts.", UnitBoardAnswer),),
        (Rule.NOT_PERMITTED,),
    ),
)
