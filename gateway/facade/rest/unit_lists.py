"""Lists of the cases in the built-in inbox: filtered, sorted, in keyset pages (DOMAIN A11, E1)."""

from typing import Annotated, ClassVar

from anyio.to_thread import run_sync
from fastapi import Depends, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from gateway.domain.case import Kind
from gateway.domain.errors import Fault, Refusal, Rule
from gateway.domain.hsa import HsaId
from gateway.domain.notation import Json
from gateway.facade.rest.answers import A_UNIT, CaseStanding, standing, told
from gateway.facade.rest.entrance import known_caller, visit_of
from gateway.facade.rest.parameters import NEXT, Limit, page
from gateway.facade.rest.resource import Answer, Resource
from gateway.facade.rest.shape import Time, Told
from gateway.flow.ports import UnitInboxItem
from gateway.flow.unit_list import Assigned, Bookmark, Due, Filters, Order, Shelf, bookmark_of
from gateway.shapes.shape import HsaIdText

_A_BOOKMARK = "2026-03-02T08:30:02.000000Z_0198f0a47c1e7d3a9b523f6f0c0a1b2c"


class UnitInboxEntry(CaseStanding):
    """A case in the inbox, without its content."""

    arrived_time: Time
    assigned_hsa_id: str | None = Field(
        None, description="Who handles it.", examples=["SE2321000016-NURSE"]
    )
    assigned_name: str | None = Field(None, examples=["Karin Andersson"])
    first_contact_time: Time | None = Field(
        None, description="When the citizen was first told something by those who handle it."
    )
    reminded: Due | None = Field(
        None, description="The last reminder of the due time, if one was given."
    )

    EXAMPLE: ClassVar[Json] = {**CaseStanding.EXAMPLE, "arrivedTime": "2026-03-02T08:30:02Z"}


class UnitInboxPage(Told):
    """A page of the cases of the caller's units."""

    items: tuple[UnitInboxEntry, ...]
    next: str | None = Field(None, description=NEXT, examples=[_A_BOOKMARK])

    EXAMPLE: ClassVar[Json] = {"items": [UnitInboxEntry.EXAMPLE]}


async def _filters(
    state: Annotated[
        Shelf | None, Query(description="CLOSED has what the citizen took back, too.")
    ] = None,
    kind: Annotated[Kind | None, Query()] = None,
    assigned: Annotated[
        Assigned | None, Query(description="The caller's own cases, or those of nobody yet.")
    ] = None,
    due: Annotated[
        Due | None, Query(description="Open complaints only, the earliest first.")
    ] = None,
    order: Annotated[
        Order | None,
        Query(description="Left out: DUE with `due`, else OLDEST. DUE has open complaints only."),
    ] = None,
    unit: Annotated[
        HsaIdText | None,
        Query(description="Only of this unit that was selected.", examples=[A_UNIT]),
    ] = None,
) -> Filters:
    return Filters(state, kind, assigned, due, order, HsaId(unit) if unit else None)


async def list_unit_inbox(
    request: Request,
    filters: Annotated[Filters, Depends(_filters)],
    limit: Limit = 20,
    after: Annotated[
        str | None,
        Query(
            pattern=r"^[0-9TZ:.-]{20,32}_[0-9a-f]{32}$",
            description="The `next` of the page before; the filters stay the same.",
            examples=[_A_BOOKMARK],
        ),
    ] = None,
) -> Response:
    """List the cases in the inbox.

    Those of the units that the member of staff works in, without content: all, or those that fit
    every filter.
    """
    inbox = visit_of(request).doors.staff_inbox
    mark = None if after is None else _bookmark(after)
    found = await run_sync(inbox.items, known_caller(request), mark, limit + 1, filters)
    shown, following = page(found, limit, lambda item: item.bookmark(filters.sorted_by).text)
    return told(UnitInboxPage(items=tuple(map(_entry, shown)), next=following))


def _bookmark(text: str) -> Bookmark:
    mark = bookmark_of(text)
    if mark is None:
        words = "this is no `next` of a page; begin anew without it"
        raise Refusal(Fault(Rule.SCHEMA, "after", words))
    return mark


def _entry(item: UnitInboxItem) -> UnitInboxEntry:
    handling = item.handling
    return UnitInboxEntry(
        **standing(item.record),
        arrived_time=item.arrived_at,
        assigned_hsa_id=handling.assigned_to.text if handling.assigned_to else None,
        assigned_name=handling.assigned_name,
        first_contact_time=handling.first_contact_at,
        reminded=item.reminded,
    )


UNIT_LISTS = (
    Resource(
        "GET",
        "/unit-inbox",
        list_unit_inbox,
        (Answer(200, "A page of cases.", UnitInboxPage),),
        (Rule.SCHEMA, Rule.NOT_PERMITTED),
    ),
)
