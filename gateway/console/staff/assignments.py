"""Let staff in, and let them choose the assignment that they work under (DOMAIN E1)."""

import structlog
from starlette.responses import Response

from gateway.console import signing_in
from gateway.console.claims import NotUnderstood
from gateway.console.page_visit import NotSignedIn
from gateway.console.provider import Json
from gateway.console.staff.people import Person, person_of
from gateway.console.staff.sessions import Session, TooManyAssignments
from gateway.console.staff.visit import CHOOSE, HOME, INBOX, Visit

_LOG = structlog.get_logger()


def start(visit: Visit) -> Response:
    """Show what this is, and the way in; who has come in goes on."""
    if visit.session is None:
        return visit.page("staff/start.html", next=INBOX)
    return visit.to(visit.first if visit.session.chosen is not None else CHOOSE)


def end(visit: Visit) -> Response:
    """Take a member of staff back from the identity provider."""

    def let_in(claims: Json, then: str) -> Response:
        settings = visit.desk.settings
        return _let_in(visit, person_of(claims, settings.claims, settings.roles), then)

    return signing_in.end(visit, let_in)


def choose(visit: Visit) -> Response:
    """Show the person's assignments."""
    session = _signed_in(visit)
    return visit.page(
        "staff/assignment.html",
        assignments=session.person.assignments,
        chosen=session.chosen,
        missing=False,
    )


def chosen(visit: Visit) -> Response:
    """Let the person work under the assignment that was chosen."""
    session, wanted = _signed_in(visit), visit.form.text("assignment")
    listed = session.person.assignments
    number = next((n for n in range(len(listed)) if str(n) == wanted), None)
    if number is None:
        return visit.page(
            "staff/assignment.html", 422, assignments=listed, chosen=session.chosen, missing=True
        )
    visit.session = visit.desk.sessions.chosen(session, number)
    return visit.to(visit.first)


def _signed_in(visit: Visit) -> Session:
    if visit.session is None:
        raise NotSignedIn
    return visit.session


def _let_in(visit: Visit, person: Person, then: str) -> Response:
    if not person.assignments:
        visit.problem = "no-assignment"
        return visit.page("staff/no_assignment.html", 403, place=f"{HOME}/")
    session = visit.desk.sessions.begun(person)
    try:
        visit.desk.sessions.written(session)
    except TooManyAssignments:
        raise NotUnderstood("more assignments than a cookie can hold") from None
    visit.session = session
    _LOG.info("console.signed_in", caller=person.hsa_id.text, assignments=len(person.assignments))
    # Not all have an inbox, which is where they came for who came for nothing else.
    there = visit.first if then == INBOX else then
    return visit.to(CHOOSE if session.chosen is None else there)
