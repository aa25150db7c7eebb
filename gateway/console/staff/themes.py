"""General feedback seen together: the themes that somebody sees, and a new one (DOMAIN F4)."""

from uuid import UUID

from starlette.responses import Response

from gateway.console.forms import one_line
from gateway.console.staff.places import named
from gateway.console.staff.visit import THEMES, Visit
from gateway.console.tried import Tried, form_key, tried
from gateway.domain.errors import Fault, Refusal, Rule
from gateway.domain.hsa import HsaId
from gateway.domain.theme import Theme, ThemeLevel
from gateway.flow.access import Verb, require_verb
from gateway.flow.numbers import new_message_id

PAGE = 25
NEW = "make-theme"


def show(visit: Visit) -> Response:
    """Show a page of themes: the open ones, or those that are closed."""
    return _shown(visit, None)


def make(visit: Visit) -> Response:
    """Make a theme, and go to it."""
    require_verb(visit.caller, Verb.WORK_ON_THEMES)
    try:
        visit.form.check_lengths()
        theme = _made(visit)
    except Refusal as refusal:
        return _shown(visit, tried(visit, NEW, refusal))
    return visit.to(f"{THEMES}/{theme.id}?done={NEW}")


def _made(visit: Visit) -> Theme:
    form = visit.form
    title = one_line(form, "title")
    level = ThemeLevel.REGION if form.text("level") == ThemeLevel.REGION else ThemeLevel.UNIT
    owner = form.text("owner")
    if not owner:
        raise Refusal(Fault(Rule.CODE_UNKNOWN, "owner", "name one of your units"))
    return visit.desk.themes.make(form_key(visit), title, level, HsaId(owner), visit.caller)


def _shown(visit: Visit, failed: Tried | None) -> Response:
    query, caller = visit.request.query_params, visit.caller
    closed = query.get("closed") == "yes"
    after = _bookmark(query.get("after", ""))
    found = visit.desk.themes.listed(caller, after, PAGE + 1, closed=closed)
    shown = found[:PAGE]
    return visit.page(
        "staff/themes.html",
        failed.status if failed else 200,
        here=THEMES,
        themes=shown,
        closed=closed,
        next_after=shown[-1].id if len(found) > PAGE else None,
        tried=failed,
        filled=visit.form,
        owners=named(visit.desk.themes.table(), caller.units),
        names=dict(named(visit.desk.themes.table(), frozenset(one.owner for one in shown))),
        levels=[*ThemeLevel],
        key=new_message_id(),
    )


def _bookmark(text: str) -> UUID | None:
    """Read where a page ended; what no page has given is passed over."""
    try:
        return UUID(text)
    except ValueError:
        return None
