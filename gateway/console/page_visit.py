"""One visit to a page, whoever comes: in which language, and what is answered."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from time import perf_counter
from typing import Generic, NamedTuple

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from gateway.console import language
from gateway.console.cookie_sessions import S
from gateway.console.forms import EMPTY, Form
from gateway.console.language import Words
from gateway.console.reception import Reception
from gateway.console.rendering import rendered

# What each site says in words of its own on its pages.
_SITE_WORDS = ("name", "about", "back", "signed_out")
# In letters.
_LONGEST_SEARCH = 100


class NotSignedIn(Exception):
    """Whoever comes has to sign in first, or to choose an assignment."""


class Link(NamedTuple):
    """A link that stands on every page: the key of its words, and where it leads."""

    key: str
    address: str


@dataclass(slots=True)
class PageVisit(ABC, Generic[S]):
    """One request from its coming to its answer, and what its log line will tell."""

    desk: Reception[S]
    request: Request
    words: Words
    session: S | None = None
    form: Form = EMPTY
    problem: str | None = None
    status: int | None = None
    began: float = field(default_factory=perf_counter)

    @property
    @abstractmethod
    def links(self) -> tuple[Link, ...]:
        """The menu."""

    @property
    @abstractmethod
    def who(self) -> str:
        """Who has signed in, as it stands on every page; empty when nobody has."""

    @property
    def own_links(self) -> tuple[Link, ...]:
        """What stands beside who has signed in."""
        return ()

    @property
    @abstractmethod
    def way_in(self) -> str:
        """Where who has to sign in first is sent."""

    @property
    @abstractmethod
    def way_in_beside(self) -> str:
        """Where they do so in another window, and come back to the form that they filled in."""

    @property
    @abstractmethod
    def told(self) -> Mapping[str, str | None]:
        """Who comes, as the log may know."""

    @property
    def place(self) -> str:
        """The page itself, as links lead back to it."""
        query = self.request.url.query
        return f"{self.request.url.path}{'?' if query else ''}{query}"

    def searched(self, name: str) -> str:
        """Give what the address of the page says is searched for; no more of it than over REST."""
        return self.request.query_params.get(name, "").strip()[:_LONGEST_SEARCH]

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
        site, session = self.desk.site, self.session
        return {
            "home": site.home,
            "first": site.first,
            "site": {name: self.words(f"{site.words}.{name}") for name in _SITE_WORDS},
            "links": self.links,
            "own_links": self.own_links,
            "who": self.who,
            "form_token": self.desk.sessions.form_token(session) if session else "",
            "path": self.request.url.path,
            "place": self.place if self.request.method == "GET" else site.first,
            "languages": language.LANGUAGES,
            "stand_in": self.desk.settings.stand_in,
        } | self._also()

    def _also(self) -> dict[str, object]:
        """What every page of this set may show besides."""
        return {}
