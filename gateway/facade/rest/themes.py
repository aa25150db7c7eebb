"""Themes of general feedback: made, filled, read together and closed with one word (F4)."""

from typing import Annotated
from uuid import UUID

from anyio.to_thread import run_sync
from fastapi import Path, Query
from starlette.requests import Request
from starlette.responses import Response

from gateway.domain.errors import Rule
from gateway.domain.hsa import HsaId
from gateway.domain.theme import ThemeLevel
from gateway.facade.rest.answers import CaseStanding, standing, told
from gateway.facade.rest.entrance import CASE_NUMBER_FORM, known_caller, visit_of
from gateway.facade.rest.parameters import CaseNumber, IdempotencyKey, Limit, page
from gateway.facade.rest.reading import read_json
from gateway.facade.rest.resource import BODY_RULES, Answer, Resource
from gateway.facade.rest.theme_bodies import (
    A_THEME,
    CaseLeft,
    ThemeAnswer,
    ThemeBody,
    ThemeCaseBody,
    ThemeCasePage,
    ThemeClosingAnswer,
    ThemeClosingBody,
    ThemePage,
    theme_answer,
)

ThemeId = Annotated[UUID, Path(alias="themeId", examples=[A_THEME])]


async def list_themes(
    request: Request,
    *,
    closed: Annotated[
        bool, Query(description="Those that are closed, instead of the open.")
    ] = False,
    limit: Limit = 20,
    after: Annotated[
        UUID | None, Query(description="The last theme of the page before.", examples=[A_THEME])
    ] = None,
) -> Response:
    """List themes.

    Those that the caller's units keep, and those that their regions share; newest first.
    """
    themes, caller = visit_of(request).doors.themes, known_caller(request)
    found = await run_sync(lambda: themes.listed(caller, after, limit + 1, closed=closed))
    shown, following = page(found, limit, lambda theme: str(theme.id))
    return told(ThemePage(items=tuple(map(theme_answer, shown)), next=following))


async def make_theme(request: Request, key: IdempotencyKey) -> Response:
    """Make a theme.

    The same key again makes no other.
    """
    themes, caller = visit_of(request).doors.themes, known_caller(request)
    body = await read_json(request, ThemeBody)
    level, owner = ThemeLevel(body["level"]), HsaId(body["ownerHsaId"])
    return told(
        theme_answer(await run_sync(themes.make, key, body["title"], level, owner, caller)), 201
    )


async def read_theme(request: Request, theme: ThemeId) -> Response:
    """Read a theme."""
    themes = visit_of(request).doors.themes
    return told(theme_answer(await run_sync(themes.read, theme, known_caller(request))))


async def list_theme_cases(
    request: Request,
    theme: ThemeId,
    limit: Limit = 20,
    after: Annotated[
        str | None,
        Query(pattern=CASE_NUMBER_FORM, description="The last case of the page before."),
    ] = None,
) -> Response:
    """List the cases in a theme.

    Those that the caller's units hold, without content; the theme itself tells how many there are.
    """
    themes = visit_of(request).doors.themes
    found = await run_sync(themes.cases_of, theme, known_caller(request), after, limit + 1)
    shown, following = page(found, limit, lambda case: case.number)
    items = tuple(CaseStanding(**standing(case)) for case in shown)
    return told(ThemeCasePage(items=items, next=following))


async def put_in_theme(request: Request, theme: ThemeId) -> Response:
    """Put a case in a theme.

    One that the caller's units hold. A case that is there already stays.
    """
    themes, body = visit_of(request).doors.themes, await read_json(request, ThemeCaseBody)
    number, caller = body["caseNumber"], known_caller(request)
    return told(theme_answer(await run_sync(themes.put, theme, number, caller)), 201)


async def take_out_of_theme(request: Request, theme: ThemeId, number: CaseNumber) -> Response:
    """Take a case out of a theme.

    One that the caller's units hold.
    """
    themes, caller = visit_of(request).doors.themes, known_caller(request)
    return told(theme_answer(await run_sync(themes.take_out, theme, number, caller)))


async def close_theme(request: Request, theme: ThemeId) -> Response:
    """Close a theme.

    With a text, every open piece of general feedback in it that the caller's units hold is closed,
    and its citizen gets that text. Complaints are left: each gets a reply of its own. With the
    same text again it goes on with what was left.
    """
    themes, body = visit_of(request).doors.themes, await read_json(request, ThemeClosingBody)
    closing = await run_sync(themes.close, theme, body.get("text"), known_caller(request))
    left = tuple(CaseLeft(case_number=number, reason=why) for number, why in closing.left)
    return told(
        ThemeClosingAnswer(theme=theme_answer(closing.theme), told=closing.told, left=left)
    )


_SEEN = (Rule.SCHEMA, Rule.NOT_PERMITTED, Rule.THEME_UNKNOWN)
_ON_A_CASE = (*BODY_RULES, *_SEEN[1:], Rule.CASE_UNKNOWN, Rule.STEP_NOT_LEGAL)

THEMES = (
    Resource(
        "GET",
        "/themes",
        list_themes,
        (Answer(200, "A page of themes.", ThemePage),),
        (Rule.SCHEMA, Rule.NOT_PERMITTED),
    ),
    Resource(
        "POST",
        "/themes",
        make_theme,
        (Answer(201, "The theme.", ThemeAnswer),),
        (*BODY_RULES, Rule.NOT_PERMITTED, Rule.UNKNOWN_UNIT, Rule.IDEMPOTENCY_CONFLICT),
        body=ThemeBody,
    ),
    Resource(
        "GET", "/themes/{themeId}", read_theme, (Answer(200, "The theme.", ThemeAnswer),), _SEEN
    ),
    Resource(
        "GET",
        "/themes/{themeId}/cases",
        list_theme_cases,
        (Answer(200, "A page of cases.", ThemeCasePage),),
        _SEEN,
    ),
    Resource(
        "POST",
        "/themes/{themeId}/cases",
        put_in_theme,
        (Answer(201, "It is in the theme.", ThemeAnswer),),
        _ON_A_CASE,
        body=ThemeCaseBody,
    ),
    Resource(
        "DELETE",
        "/themes/{themeId}/cases/{caseNumber}",
        take_out_of_theme,
        (Answer(200, "It is in the theme no more.", ThemeAnswer),),
        (*_SEEN, Rule.CASE_UNKNOWN, Rule.STEP_NOT_LEGAL),
    ),
    Resource(
        "POST",
        "/themes/{themeId}/closing",
        close_theme,
        (Answer(200, "The theme is closed.", ThemeClosingAnswer),),
        (*BODY_RULES, *_SEEN[1:], Rule.STEP_NOT_LEGAL),
        body=ThemeClosingBody,
    ),
)
