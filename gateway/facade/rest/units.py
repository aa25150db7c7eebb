"""Units: which can be chosen now, and whether one takes a kind of case (DOMAIN A13, A14, B2)."""

from typing import Annotated, ClassVar

from anyio.to_thread import run_sync
from fastapi import Path, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from gateway.domain.capability import Capability
from gateway.domain.case import Kind, ReceiverType
from gateway.domain.errors import Rule
from gateway.domain.hsa import HsaId
from gateway.domain.notation import Json
from gateway.domain.routing import Routed
from gateway.facade.rest.answers import A_UNIT, told
from gateway.facade.rest.entrance import visit_of
from gateway.facade.rest.parameters import NEXT, Limit, page
from gateway.facade.rest.resource import Answer, Resource
from gateway.facade.rest.shape import Time, Told
from gateway.flow.chooser import Choice
from gateway.flow.intake import refusal_of
from gateway.shapes.shape import Text

_A_REGION, _A_REGION_NAME = "stockholm", "Region Stockholm"
_A_COMMITTEE = "SE2321000016-PN"

Address = Annotated[
    str, Path(alias="hsaId", description="A unit or a committee.", examples=[A_UNIT])
]


class UnitChoice(Told):
    """A unit or a committee that a case can be sent to now, whatever handles its cases."""

    hsa_id: str = Field(description="The receiver's HSA-id in a case.", examples=[A_UNIT])
    name: str = Field(examples=["Akutmottagningen Solna"])
    place: str | None = Field(None, description="A committee has none.", examples=["Solna"])
    region: str = Field(description="The key of its region.", examples=[_A_REGION])
    region_name: str = Field(examples=[_A_REGION_NAME])
    receiver: ReceiverType = Field(description="The receiver's type in a case.")

    EXAMPLE: ClassVar[Json] = {
        "hsaId": A_UNIT,
        "name": "Akutmottagningen Solna",
        "place": "Solna",
        "region": _A_REGION,
        "regionName": _A_REGION_NAME,
        "receiver": "CARE",
    }


class UnitPage(Told):
    """A page of units, the best first, and after them the way out."""

    items: tuple[UnitChoice, ...]
    next: str | None = Field(None, description=NEXT, examples=[A_UNIT])
    committees: tuple[UnitChoice, ...] = Field(
        description="Show them last, on every page: the patients' committees of the regions of "
        "these units and of the region asked for; when there is neither, of all active regions, "
        "if these are at most 25."
    )

    EXAMPLE: ClassVar[Json] = {
        "items": [UnitChoice.EXAMPLE],
        "committees": [
            {
                "hsaId": _A_COMMITTEE,
                "name": "Patientnämnden Region Stockholm",
                "region": _A_REGION,
                "regionName": _A_REGION_NAME,
                "receiver": "COMMITTEE",
            }
        ],
    }


class CapabilityAnswer(Told):
    """Whether a case would be taken now, and until when that is so."""

    hsa_id: str = Field(examples=[A_UNIT])
    kind: Kind
    receiver: ReceiverType = Field(description="What the address can be.")
    can_receive: bool
    anonymous: bool = Field(
        description="Whether it takes cases of people who do not say who they are now, at "
        "`/anonymous-cases`."
    )
    rule: str | None = Field(
        None,
        description="The problem that the case would get; left out when it would be taken.",
        examples=["no-route-now"],
    )
    reason: str | None = Field(None, description="The same in plain words.")
    from_time: Time | None = Field(
        None, description="When it will be taken, if that is known; left out when it is now."
    )
    until_time: Time | None = Field(
        None, description="When it will no longer be taken, if that is known."
    )

    EXAMPLE: ClassVar[Json] = {
        "hsaId": A_UNIT,
        "kind": "COMPLAINT",
        "receiver": "CARE",
        "canReceive": False,
        "anonymous": False,
        "rule": "no-route-now",
        "reason": f"{A_UNIT} has no route that is valid now",
        "fromTime": "2026-03-02T08:30:00Z",
    }


async def search_units(
    request: Request,
    text: Annotated[
        Text,
        Query(
            alias="q",
            max_length=100,
            description="What the citizen types: words of the name and the place in any order, "
            "beginnings of words, or an HSA-id. Å, ä and ö may be typed as a and o, and typing "
            "errors are forgiven: one in words from 4 letters, two from 8. The first 8 words "
            "count. Left out: every unit.",
            examples=["vårdcentral solna"],
        ),
    ] = "",
    region: Annotated[
        Text | None,
        Query(description="The key of a region; every region if left out.", examples=[_A_REGION]),
    ] = None,
    after: Annotated[
        Text | None,
        Query(description="The HSA-id of the last unit of the page before.", examples=[A_UNIT]),
    ] = None,
    limit: Limit = 20,
) -> Response:
    """Search for units.

    For any known caller: the units that a case can be sent to now. First the one with the HSA-id,
    then those with the name, then those with the words, with their beginnings, and with typing
    errors; in each, in alphabetical order.
    """
    chooser = visit_of(request).doors.chooser
    offer = await run_sync(chooser.search, text, region, after, limit)
    shown, following = page(offer.units, limit, lambda choice: choice.hsa_id.text)
    return told(
        UnitPage(
            items=tuple(map(_choice, shown)),
            next=following,
            committees=tuple(map(_choice, offer.committees)),
        )
    )


async def read_unit(request: Request, address: Address) -> Response:
    """Read one unit.

    For any known caller, behind a direct link to a unit or a committee: as in the search, or 404
    when it cannot be chosen now.
    """
    return told(_choice(visit_of(request).doors.chooser.one(HsaId(address))))


async def read_unit_capability(
    request: Request,
    address: Address,
    kind: Annotated[Kind, Query(description="What the case would be.")] = Kind.COMPLAINT,
) -> Response:
    """Ask whether a unit can receive.

    For any known caller, before sending: whether a case of this kind would be taken now, as it
    would be routed. What is known to change is told with its time. Nothing is sent anywhere.
    """
    unit, doors = HsaId(address), visit_of(request).doors
    found = doors.chooser.capability(unit, kind)
    anonymous = found.anonymous and doors.anonymous.is_open
    return told(_capability(found, unit, kind, anonymous=anonymous))


def _capability(
    found: Capability, address: HsaId, kind: Kind, *, anonymous: bool
) -> CapabilityAnswer:
    resolved = found.resolved
    refusal = None if isinstance(resolved, Routed) else refusal_of(resolved, address)
    return CapabilityAnswer(
        hsa_id=address.text,
        kind=kind,
        receiver=found.receiver,
        can_receive=found.can_receive,
        anonymous=anonymous,
        rule=refusal.outside.problem if refusal else None,
        reason=refusal.faults[0].message if refusal else None,
        from_time=None if found.can_receive else found.changes_at,
        until_time=found.changes_at if found.can_receive else None,
    )


def _choice(choice: Choice) -> UnitChoice:
    return UnitChoice(
        hsa_id=choice.hsa_id.text,
        name=choice.name,
        place=choice.place or None,
        region=choice.region,
        region_name=choice.region_name,
        receiver=choice.receiver,
    )


UNITS = (
    Resource(
        "GET",
        "/units",
        search_units,
        (Answer(200, "A page of units, and the way out.", UnitPage),),
        (Rule.SCHEMA,),
        needs_store=False,
    ),
    Resource(
        "GET",
        "/units/{hsaId}",
        read_unit,
        (Answer(200, "The unit or committee.", UnitChoice),),
        (Rule.UNIT_NOT_VISIBLE,),
        needs_store=False,
    ),
    Resource(
        "GET",
        "/units/{hsaId}/capability",
        read_unit_capability,
        (Answer(200, "Whether it can receive, and what is known to change.", CapabilityAnswer),),
        (Rule.SCHEMA,),
        needs_store=False,
    ),
)
