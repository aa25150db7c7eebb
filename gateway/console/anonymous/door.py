"""The pages of people who do not say who they are, at `/citizen/anonymous`."""

from functools import partial

from anyio import CapacityLimiter
from starlette.routing import BaseRoute

from gateway.console.anonymous import choosing, reading, writing
from gateway.console.anonymous.desk import AnonymousDesk
from gateway.console.anonymous.visit import open_visit
from gateway.console.entrance import page
from gateway.console.mounting import mounted

# Few, and none of those that anybody works in who has signed in.
_THREADS = 4


def anonymous_routes(desk: AnonymousDesk) -> list[BaseRoute]:
    """Give the pages at their addresses."""
    threads = CapacityLimiter(_THREADS)
    routes = [
        page("/", choosing.start, threads),
        page("/choose", choosing.choose, threads),
        page("/new", writing.show, threads),
        page("/new", writing.send, threads, "POST", again=writing.again),
        page("/code", reading.ask, threads),
        page("/code", reading.enter, threads, "POST"),
        page("/case", reading.show, threads),
        page("/case/supplement", reading.supplement, threads, "POST"),
        page("/case/withdraw", reading.withdraw, threads, "POST"),
        page("/case/messages/{message}/files/{file}", reading.fetch, threads),
    ]
    return mounted(desk.site, routes, partial(open_visit, desk))
