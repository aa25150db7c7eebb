"""All pages as one app, at `/console`."""

from pathlib import Path

from anyio import CapacityLimiter
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from gateway.console import case_page, inbox, signing_in
from gateway.console.desk import Desk
from gateway.console.entrance import Entrance, page, refused
from gateway.console.visit import HOME, visit_of

# Pages that are made at the same time …
_THREADS = 16
# … and sign-ins that wait for the provider, which keep nobody else waiting.
_ASKING_THREADS = 4
_STATIC = Path(__file__).parent / "static"


def console_routes(desk: Desk) -> list[BaseRoute]:
    """Give the pages at their addresses."""

    async def start(_: Request) -> Response:
        return RedirectResponse(f"{HOME}/", 303)

    return [Route(HOME, start), Mount(HOME, make_console(desk))]


def make_console(desk: Desk) -> ASGIApp:
    """Make the pages, to be mounted."""
    working, asking = CapacityLimiter(_THREADS), CapacityLimiter(_ASKING_THREADS)
    app = Starlette(
        routes=[
            page("/", signing_in.start, working),
            page("/sign-in", signing_in.begin, asking),
            page("/signed-in", signing_in.end, asking),
            page("/assignment", signing_in.choose, working),
            page("/assignment", signing_in.chosen, working, "POST"),
            page("/sign-out", signing_in.sign_out, working, "POST"),
            page("/signed-out", signing_in.signed_out, working),
            page("/language/{language}", signing_in.change_language, working),
            page("/cases", inbox.show, working),
            page("/cases/{number}", case_page.show, working),
            page("/cases/{number}/attachments/{file:int}", case_page.fetch, working),
            *(
                page(f"/cases/{{number}}/{name}", handle, working, "POST")
                for name, handle in case_page.HANDLES.items()
            ),
            Mount("/static", _Kept(directory=_STATIC)),
        ],
        exception_handlers={HTTPException: _refused},
    )
    app.router.redirect_slashes = False
    return Entrance(app, desk)


class _Kept(StaticFiles):
    """Style sheets, which browsers may keep for a while."""

    def file_response(self, *arguments: object, **options: object) -> Response:
        """Give a file that holds nothing personal."""
        answer = super().file_response(*arguments, **options)  # type: ignore[arg-type]
        answer.headers["cache-control"] = "public, max-age=3600"
        return answer


async def _refused(request: Request, error: Exception) -> Response:
    return refused(visit_of(request), error)
