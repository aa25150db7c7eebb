"""One visit to a page by somebody who has not said who they are."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request

from gateway.console.anonymous.desk import AnonymousDesk
from gateway.console.anonymous.sessions import CodeSession
from gateway.console.language import words_for
from gateway.console.page_visit import Link, NotSignedIn, PageVisit
from gateway.console.site import ANONYMOUS

HOME = ANONYMOUS.home
CHOOSE, NEW = f"{HOME}/choose", f"{HOME}/new"
CODE, CASE = f"{HOME}/code", f"{HOME}/case"

_MENU = (Link("anonymous.write", CHOOSE), Link("anonymous.read", CODE))


@dataclass(slots=True)
class AnonymousVisit(PageVisit[CodeSession]):
    """One request; there is a session from the first page on, which says nothing of anybody."""

    desk: AnonymousDesk

    @property
    def code(self) -> str:
        """The code that was typed; raises NotSignedIn."""
        code = self.session.code if self.session else None
        if code is None:
            raise NotSignedIn
        return code

    @property
    def links(self) -> tuple[Link, ...]:
        """The menu, the same for all."""
        return _MENU

    @property
    def who(self) -> str:
        """That a case is open here, so that it can be shut; and nothing of whom."""
        return self.words("anonymous.open") if self.session and self.session.code else ""

    @property
    def way_in(self) -> str:
        """Where a code is typed."""
        return CODE

    @property
    def way_in_beside(self) -> str:
        """Where a code is typed."""
        return CODE

    @property
    def told(self) -> Mapping[str, str | None]:
        """Nothing of who it is: only through whom they come."""
        caller = self.desk.caller
        return {"caller": caller.hsa_id.text, "role": caller.role.value}


def open_visit(desk: AnonymousDesk, request: Request) -> AnonymousVisit:
    """Begin a visit, by what the browser's cookies say; who has none gets one, for our forms."""
    session = desk.sessions.read(request.cookies.get(desk.session_cookie))
    return AnonymousVisit(desk, request, words_for(request), session or desk.sessions.begun())
