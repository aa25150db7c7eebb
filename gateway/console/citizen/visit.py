"""One visit of a citizen to a page."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request

from gateway.console.citizen.citizen import Citizen
from gateway.console.citizen.desk import CitizenDesk
from gateway.console.citizen.sessions import CitizenSession
from gateway.console.language import words_for
from gateway.console.page_visit import Link, NotSignedIn, PageVisit
from gateway.console.site import CITIZENS

HOME = CITIZENS.home
CASES = CITIZENS.first
CHOOSE = f"{HOME}/choose"
NEW = f"{HOME}/new"

_MENU = (Link("citizen.menu_new", CHOOSE), Link("citizen.cases", CASES))


@dataclass(slots=True)
class CitizenVisit(PageVisit[CitizenSession]):
    """One request of a citizen, signed in or not."""

    desk: CitizenDesk

    @property
    def citizen(self) -> Citizen:
        """Who has signed in; raises NotSignedIn."""
        if self.session is None:
            raise NotSignedIn
        return self.session.citizen

    @property
    def links(self) -> tuple[Link, ...]:
        """The menu, the same for all."""
        return _MENU

    @property
    def who(self) -> str:
        """The name, and never the number."""
        if self.session is None:
            return ""
        return self.session.citizen.name or self.words("citizen.signed_in")

    @property
    def way_in(self) -> str:
        """Where somebody signs in, and comes back from."""
        return f"{HOME}/sign-in?{urlencode({'next': self.place})}"

    @property
    def way_in_beside(self) -> str:
        """Where somebody signs in, and is told to go back to the other window."""
        return f"{HOME}/sign-in?next={HOME}/back-to-your-text"

    @property
    def told(self) -> Mapping[str, str | None]:
        """Nothing of the citizen: only through whom they come."""
        caller = self.desk.caller
        return {"caller": caller.hsa_id.text, "role": caller.role.value}


def open_visit(desk: CitizenDesk, request: Request) -> CitizenVisit:
    """Begin a visit, by what the browser's cookies say."""
    session = desk.sessions.read(request.cookies.get(desk.session_cookie))
    return CitizenVisit(desk, request, words_for(request), session)
