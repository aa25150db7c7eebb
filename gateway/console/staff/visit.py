"""One visit of a member of staff to a page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.requests import Request

from gateway.console.language import words_for
from gateway.console.page_visit import Link, NotSignedIn, PageVisit
from gateway.console.site import STAFF
from gateway.console.staff.desk import Desk
from gateway.console.staff.sessions import Session
from gateway.flow.access import Verb, may
from gateway.flow.caller import Caller, Role

HOME = STAFF.home
INBOX = STAFF.first
CHOOSE = f"{HOME}/assignment"

BOARD = f"{HOME}/board"
REGISTER = f"{HOME}/register"
THEMES = f"{HOME}/themes"
FOLLOW_UP = f"{HOME}/follow-up"


def has_many_units(caller: Caller) -> bool:
    """Tell whether somebody lists the cases of more than one unit."""
    lists = may(caller.role, Verb.LIST_CASES)
    return lists and (caller.role is Role.COORDINATOR or len(caller.units) > 1)


def _may(verb: Verb) -> Callable[[Caller], bool]:
    return lambda caller: may(caller.role, verb)


# The menu: each page that it leads to is for those who may do something there.
_MENU: tuple[tuple[Callable[[Caller], bool], Link], ...] = (
    (_may(Verb.LIST_CASES), Link("site.inbox", INBOX)),
    (has_many_units, Link("site.board", BOARD)),
    (_may(Verb.REGISTER_CASE), Link("site.register", REGISTER)),
    (_may(Verb.WORK_ON_THEMES), Link("site.themes", THEMES)),
    (_may(Verb.SEE_STATISTICS), Link("site.follow_up", FOLLOW_UP)),
)


@dataclass(slots=True)
class Visit(PageVisit[Session]):
    """One request of staff."""

    desk: Desk

    @property
    def caller(self) -> Caller:
        """Who calls, under an assignment; raises NotSignedIn."""
        caller = self.session.caller if self.session else None
        if caller is None:
            raise NotSignedIn
        return caller

    @property
    def links(self) -> tuple[Link, ...]:
        """The menu of the role that the person works in."""
        caller = self.session.caller if self.session else None
        return tuple(link for leads, link in _MENU if caller and leads(caller))

    @property
    def first(self) -> str:
        """The page that comes first in the role that the person works in."""
        return self.links[0].address if self.links else INBOX

    @property
    def who(self) -> str:
        """The person, and the assignment."""
        if self.session is None:
            return ""
        assignment = self.session.assignment
        return ", ".join([self.session.person.name, *([assignment.name] if assignment else [])])

    @property
    def own_links(self) -> tuple[Link, ...]:
        """The way to another assignment, for who has several."""
        several = self.session is not None and len(self.session.person.assignments) > 1
        return (Link("site.change_assignment", CHOOSE),) if several else ()

    @property
    def way_in(self) -> str:
        """Where an assignment is chosen, or who has none of ours signs in."""
        # Nothing in the address of a page is personal, so it may stand in another.
        return CHOOSE if self.session else f"{HOME}/sign-in?{urlencode({'next': self.place})}"

    @property
    def way_in_beside(self) -> str:
        """Where an assignment is chosen, or who has none of ours signs in; then all is there."""
        return CHOOSE if self.session else f"{HOME}/sign-in"

    @property
    def told(self) -> Mapping[str, str | None]:
        """The person by their HSA-id, and their role."""
        caller = self.session.caller if self.session else None
        return {
            "caller": self.session.person.hsa_id.text if self.session else None,
            "role": caller.role.value if caller else None,
        }

    def _also(self) -> dict[str, object]:
        return {"inbox": INBOX, "first": self.first}


def open_visit(desk: Desk, request: Request) -> Visit:
    """Begin a visit, by what the browser's cookies say."""
    session = desk.sessions.read(request.cookies.get(desk.session_cookie))
    return Visit(desk, request, words_for(request), session)
