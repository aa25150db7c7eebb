"""The pages of citizens, at `/citizen`."""

from functools import partial

from anyio import CapacityLimiter
from starlette.routing import BaseRoute

from gateway.console import signing_in
from gateway.console.citizen import choosing, coming_in, own_pages, writing
from gateway.console.citizen.desk import CitizenDesk
from gateway.console.citizen.visit import open_visit
from gateway.console.entrance import page
from gateway.console.mounting import ASKING_THREADS, THREADS, mounted


def citizen_routes(desk: CitizenDesk) -> list[BaseRoute]:
    """Give the pages at their addresses."""
    working, asking = CapacityLimiter(THREADS), CapacityLimiter(ASKING_THREADS)
    case = "/cases/{number}"
    routes = [
        page("/", coming_in.start, working),
        page("/sign-in", signing_in.begin, asking),
        page("/signed-in", coming_in.end, asking),
        page("/back-to-your-text", coming_in.back_to_text, working),
        page("/choose", choosing.show, working),
        page("/new", writing.show, working),
        page("/new", writing.send, working, "POST", again=writing.again),
        page("/cases", own_pages.listed, working),
        page(case, own_pages.show, working),
        page(f"{case}/sent", own_pages.sent, working),
        page(f"{case}/messages/{{message}}/files/{{file}}", own_pages.fetch, working),
        page(f"{case}/supplement", own_pages.supplement, working, "POST"),
        page(f"{case}/withdraw", own_pages.ask_to_withdraw, working),
        page(f"{case}/withdraw", own_pages.withdraw, working, "POST"),
    ]
    return mounted(desk.site, routes, partial(open_visit, desk))
