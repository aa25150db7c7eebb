"""How open complaints stand to their due dates, counted by unit (DOMAIN A11)."""

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
from gateway.facade.rest.shape import Time, Told
from gateway.flow.clock import UnitClock


class UnitDueDates(Told):
    """The open complaints of one unit."""

    unit_hsa_id: str = Field(description="The unit that was selected.", examples=[A_UNIT])
    unit_name: str = Field(examples=["Akutmottagningen Solna"])
    region: str = Field(examples=["stockholm"])
    open: int = Field(description="How many wait for an answer.", examples=[12])
    soon_due: int = Field(description="How many of them are soon due.", examples=[3])
    overdue: int = Field(description="How many are past their due time.", examples=[1])
    first_due_time: Time = Field(description="The earliest due time of them all.")

    EXAMPLE: ClassVar[Json] = {
        "unitHsaId": A_UNIT,
        "unitName": "Akutmottagningen Solna",
        "region": "stockholm",
        "open": 12,
        "soonDue": 3,
        "overdue": 1,
        "firstDueTime": "2026-03-30T08:30:00Z",
    }


class DueDatesAnswer(Told):
    """Every unit that has an open complaint."""

    units: tuple[UnitDueDates, ...]

    EXAMPLE: ClassVar[Json] = {"units": [UnitDueDates.EXAMPLE]}


async def read_due_dates(request: Request) -> Response:
    """Count open complaints by unit.

    For staff, of the inboxes that they work in; for those who follow up a region, of all its
    units, whatever system handles their cases; for national operators, of all regions. Counts
    only, no cases.
    """
    clocks = visit_of(request).doors.clocks
    found = await run_sync(clocks.counts, known_caller(request))
    return told(DueDatesAnswer(units=tuple(map(_unit, found))))


def _unit(clock: UnitClock) -> UnitDueDates:
    return UnitDueDates(
        unit_hsa_id=clock.unit.text,
        unit_name=clock.unit_name,
        region=clock.region,
        open=clock.open,
        soon_due=clock.soon,
        overdue=clock.overdue,
        first_due_time=clock.first_due_at,
    )


DUE_DATES = (
    Resource(
        "GET",
        "/due-dates",
        read_due_dates,
        (Answer(200, "The counts.", DueDatesAnswer),),
        (Rule.NOT_PERMITTED,),
    ),
)
