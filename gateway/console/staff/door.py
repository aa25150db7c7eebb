"""The pages of staff, at `/console`."""

from functools import partial

from anyio import CapacityLimiter
from starlette.routing import BaseRoute

from gateway.console import signing_in
from gateway.console.entrance import page
from gateway.console.mounting import ASKING_THREADS, THREADS, mounted
from gateway.console.staff import (
    assignments,
    board,
    case_page,
    follow_up,
    inbox,
    register,
    theme_page,
    themes,
)
from gateway.console.staff.desk import Desk
from gateway.console.staff.visit import open_visit


def console_routes(desk: Desk) -> list[BaseRoute]:
    """Give the pages at their addresses."""
    working, asking = CapacityLimiter(THREADS), CapacityLimiter(ASKING_THREADS)
    routes = [
        page("/", assignments.start, working),
        page("/sign-in", signing_in.begin, asking),
        page("/signed-in", assignments.end, asking),
        page("/assignment", assignments.choose, working),
        page("/assignment", assignments.chosen, working, "POST"),
        page("/board", board.show, working),
        page("/cases", inbox.show, working),
        page("/cases/{number}", case_page.show, working),
        page("/cases/{number}/attachments/{file}", case_page.fetch, working),
        page("/cases/{number}/package", case_page.take_along, working),
        *(
            page(f"/cases/{{number}}/{name}", handle, working, "POST")
            for name, handle in case_page.HANDLES.items()
        ),
        page("/register", register.show, working),
        page("/register", register.register, working, "POST"),
        page("/themes", themes.show, working),
        page("/themes", themes.make, working, "POST"),
        page("/themes/{theme:uuid}", theme_page.show, working),
        *(
            page(f"/themes/{{theme:uuid}}/{name}", handle, working, "POST")
            for name, handle in theme_page.HANDLES.items()
        ),
        page("/follow-up", follow_up.show, working),
        page("/follow-up/csv", follow_up.as_csv, working),
        page("/follow-up/json", follow_up.as_json, working),
    ]
    return mounted(desk.site, routes, partial(open_visit, desk))
