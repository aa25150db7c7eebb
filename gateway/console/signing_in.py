"""Sign in, choose an assignment, sign out: the pages before all others (DOMAIN E1)."""

from hmac import compare_digest

import structlog
from starlette.responses import RedirectResponse, Response

from gateway.console import language
from gateway.console.people import NotUnderstood, Person, person_of
from gateway.console.provider import Attempt, SignInRefused
from gateway.console.sessions import ATTEMPT_S, Session, TooManyAssignments
from gateway.console.visit import HOME, INBOX, NotSignedIn, Visit, own_path

CALLBACK = f"{HOME}/signed-in"
CHOOSE = f"{HOME}/assignment"
_YEAR_S = 365 * 24 * 3600
_LOG = structlog.get_logger()


def start(visit: Visit) -> Response:
    """Show what this is, and the way in; who has come in goes on."""
    if visit.session is None:
        return visit.page("start.html", next=INBOX)
    return visit.to(INBOX if visit.session.chosen is not None else CHOOSE)


def begin(visit: Visit) -> Response:
    """Send the browser to the identity provider."""
    desk = visit.desk
    attempt = Attempt(own_path(visit.request.query_params.get("next")))
    answer = RedirectResponse(desk.provider.address_to_sign_in(attempt), 303)
    answer.set_cookie(
        desk.attempt_cookie,
        desk.sessions.attempt_written(attempt),
        max_age=ATTEMPT_S,
        secure=desk.over_tls,
        httponly=True,
        samesite="lax",
    )
    return answer


def end(visit: Visit) -> Response:
    """Take the browser back from the identity provider."""
    desk, query = visit.desk, visit.request.query_params
    attempt = desk.sessions.attempt_read(visit.request.cookies.get(desk.attempt_cookie))
    answer = _ended(visit, attempt, query.get("state", ""), query.get("code", ""))
    # A code is changed once; what began this sign-in begins no other.
    answer.delete_cookie(desk.attempt_cookie, secure=desk.over_tls, httponly=True, samesite="lax")
    return answer


def choose(visit: Visit) -> Response:
    """Show the person's assignments."""
    session = _signed_in(visit)
    return visit.page("assignment.html", assignments=session.person.assignments, missing=False)


def chosen(visit: Visit) -> Response:
    """Let the person work under the assignment that was chosen."""
    session, wanted = _signed_in(visit), visit.form.text("assignment")
    listed = session.person.assignments
    number = next((n for n in range(len(listed)) if str(n) == wanted), None)
    if number is None:
        return visit.page("assignment.html", 422, assignments=listed, missing=True)
    visit.session = visit.desk.sessions.chosen(session, number)
    return visit.to(INBOX)


def sign_out(visit: Visit) -> Response:
    """Forget who has signed in."""
    visit.desk.sessions.end(_signed_in(visit))
    visit.session = None
    return visit.to(f"{HOME}/signed-out")


def signed_out(visit: Visit) -> Response:
    """Tell that nobody is signed in here any more."""
    return visit.page("signed_out.html")


def change_language(visit: Visit) -> Response:
    """Keep the language that was clicked, and go back."""
    wanted = visit.request.path_params["language"]
    answer = visit.to(own_path(visit.request.query_params.get("back")))
    if wanted in language.LANGUAGES:
        secure = visit.desk.over_tls
        answer.set_cookie(
            language.COOKIE, wanted, max_age=_YEAR_S, path=HOME, secure=secure, samesite="lax"
        )
    return answer


def _signed_in(visit: Visit) -> Session:
    if visit.session is None:
        raise NotSignedIn
    return visit.session


def _ended(visit: Visit, attempt: Attempt | None, state: str, code: str) -> Response:
    try:
        begun = _begun(attempt, state, code)
        settings = visit.desk.settings
        claims = visit.desk.provider.claims(code, begun)
        return _let_in(visit, person_of(claims, settings.claims, settings.roles), begun.then)
    except (SignInRefused, NotUnderstood) as error:
        _LOG.warning("console.sign_in_refused", fault=str(error))
        visit.problem = "sign-in-refused"
        return visit.page("sign_in_refused.html", 403, place=f"{HOME}/")


def _begun(attempt: Attempt | None, state: str, code: str) -> Attempt:
    if attempt is None or not compare_digest(attempt.state.encode(), state.encode()):
        raise SignInRefused("the state is not that of this browser's sign-in")
    if not code:
        raise SignInRefused("the provider signed nobody in")
    return attempt


def _let_in(visit: Visit, person: Person, then: str) -> Response:
    if not person.assignments:
        visit.problem = "no-assignment"
        return visit.page("no_assignment.html", 403, place=f"{HOME}/")
    session = visit.desk.sessions.begun(person)
    try:
        visit.desk.sessions.written(session)
    except TooManyAssignments:
        raise NotUnderstood("more assignments than a cookie can hold") from None
    visit.session = session
    _LOG.info("console.signed_in", caller=person.hsa_id.text, assignments=len(person.assignments))
    return visit.to(CHOOSE if session.chosen is None else then)
