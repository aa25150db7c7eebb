"""The first page of citizens, and their way back from the identity provider."""

import structlog
from starlette.responses import Response

from gateway.console import signing_in
from gateway.console.citizen.citizen import citizen_of
from gateway.console.citizen.visit import CASES, CHOOSE, HOME, CitizenVisit
from gateway.console.claims import NotUnderstood
from gateway.console.page_visit import NotSignedIn
from gateway.console.provider import Json
from gateway.console.site import ANONYMOUS

_LOG = structlog.get_logger()


def start(visit: CitizenVisit) -> Response:
    """Show what one can do here, also before signing in."""
    anonymous = f"{ANONYMOUS.home}/" if visit.desk.anonymous else None
    return visit.page("citizen/start.html", cases=CASES, choose=CHOOSE, anonymous=anonymous)


def end(visit: CitizenVisit) -> Response:
    """Take a citizen back from the identity provider."""

    def let_in(claims: Json, then: str) -> Response:
        try:
            citizen = citizen_of(claims, visit.desk.settings.claims)
        except NotUnderstood as error:
            _LOG.warning("console.sign_in_refused", fault=str(error))
            visit.problem = "no-number"
            return visit.page("citizen/no_number.html", 403, place=f"{HOME}/")
        visit.session = visit.desk.sessions.begun(citizen)
        _LOG.info("console.citizen_signed_in")
        return visit.to(then)

    return signing_in.end(visit, let_in)


def back_to_text(visit: CitizenVisit) -> Response:
    """Tell who signed in beside a form that was filled in that it can be sent now."""
    if visit.session is None:
        raise NotSignedIn
    return visit.page("citizen/back_to_text.html")
