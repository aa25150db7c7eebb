"""Make a set of pages one app at its path, with what all sets have: style, language, sign-out."""

from collections.abc import Callable, Sequence
from pathlib import Path

from anyio import CapacityLimiter
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from gateway.console import signing_in
from gateway.console.entrance import AnyVisit, Entrance, page, refused, visit_of
from gateway.console.site import Site

# Pages that are made at the same time …
THREADS = 16
# … and sign-ins that wait for the provider, which keep nobody else waiting.
ASKING_THREADS = 4
_STATIC = Path(__file__).parent / "static"


def mounted(
    site: Site, routes: Sequence[BaseRoute], open_visit: Callable[[Request], AnyVisit]
) -> list[BaseRoute]:
    """Give a set of pages at its path."""

    async def start(_: Request) -> Response:
        return RedirectResponse(f"{site.home}/", 303)

    working = CapacityLimiter(THREADS)
    app = Starlette(
        routes=[
            *routes,
            page("/sign-out", signing_in.sign_out, working, "POST"),
            page("/signed-out", signing_in.signed_out, working),
            page("/language/{language}", signing_in.change_language, working),
            Mount("/static", _Kept(directory=_STATIC)),
        ],
        exception_handlers={HTTPException: _refused},
    )
    app.router.redirect_slashes = False
    return [Route(site.home, start), Mount(site.home, Entrance(app, open_visit))]


class _Kept(StaticFiles):
    """Style sheets, which browsers may keep for a while."""

    def file_response(self, *arguments: object, **options: object) -> Response:
        """Give a file that holds nothing personal."""
        answer = super().file_response(*arguments, **options)  # type: ignore[arg-type]
        answer.headers["cache-control"] = "public, max-age=3600"
        return answer


async def _refused(request: Request, error: Exception) -> Response:
    return refused(visit_of(request), error)
