"""One visit to a page: who comes, in which language, and what is answered."""

from dataclasses import dataclass, field
from time import perf_counter
from typing import cast

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from gateway.console import language
from gateway.console.desk import Desk
from gateway.console.forms import EMPTY, Form
from gateway.console.language import Words
from gateway.console.rendering import rendered
from gateway.console.sessions import Session
from gateway.flow.caller import Caller

HOME = "/console"
INBOX = f"{HOME}/cases"
_VISIT = "vaxel.visit"


class NotSignedIn(Exception):
    """Whoever comes has to sign in first, or to choose an assignment."""


@dataclass(slots=True)
class Visit:
    """One request from its coming to its answer, and what its log line will tell."""

    desk: Desk
    request: Request
    words: Words
    session: Session | None = None
    form: Form = EMPTY
    problem: str | None = None
    status: int | None = None
    began: float = field(default_factory=perf_counter)

    @property
    def caller(self) -> Caller:
        """Who calls, under an assignment; raises NotSignedIn."""
        caller = self.session.caller if self.session else None
        if caller is None:
            raise NotSignedIn
        return caller

    @property
    def place(self) -> str:
        """The page itself, as links lead back to it."""
        query = self.request.url.query
        return f"{self.request.url.path}{'?' if query else ''}{query}"

    def page(self, template: str, status: int = 200, **values: object) -> Response:
        """Answer with a page."""
        return Response(
            rendered(template, self.words, self._always() | values),
            status,
            media_type="text/html",
            headers={"Content-Language": self.words.language},
        )

    def to(self, path: str) -> Response:
        """Send the browser on to another of our pages, which it then reads with GET."""
        return RedirectResponse(path, 303)

    def _always(self) -> dict[str, object]:
        """What every page may show."""
        session = self.session
        return {
            "home": HOME,
            "inbox": INBOX,
            "session": session,
            "form_token": self.desk.sessions.form_token(session) if session else "",
            "place": self.place if self.request.method == "GET" else INBOX,
            "languages": language.LANGUAGES,
            "stand_in": self.desk.settings.stand_in,
        }


def open_visit(desk: Desk, request: Request) -> Visit:
    """Begin a visit, by what the browser's cookies say."""
    cookies = request.cookies
    wanted = language.chosen(
        cookies.get(language.COOKIE), request.headers.get("accept-language", "")
    )
    session = desk.sessions.read(cookies.get(desk.session_cookie))
    visit = Visit(desk, request, language.words(wanted), session)
    request.scope[_VISIT] = visit
    return visit


def visit_of(request: Request) -> Visit:
    """Give the visit that a request belongs to."""
    return cast("Visit", request.scope[_VISIT])


def own_path(text: str | None) -> str:
    """Give a path of ours to go to; the inbox for anything else, so that nobody is led away."""
    is_ours = text is not None and (text == HOME or text.startswith((f"{HOME}/", f"{HOME}?")))
    if text is None or not is_ours or not text.isprintable() or "\\" in text or "//" in text:
        return INBOX
    return text
