"""Sign in and out, and choose a language: the same on all pages, whoever comes."""

from collections.abc import Callable
from hmac import compare_digest

import structlog
from starlette.responses import RedirectResponse, Response

from gateway.console import language
from gateway.console.claims import NotUnderstood
from gateway.console.cookie_sessions import ATTEMPT_S, S
from gateway.console.page_visit import NotSignedIn, PageVisit
from gateway.console.provider import Attempt, Json, SignInRefused

_YEAR_S = 365 * 24 * 3600
_LOG = structlog.get_logger()


def begin(visit: PageVisit[S]) -> Response:
    """Send the browser to the identity provider."""
    desk = visit.desk
    attempt = Attempt(desk.site.own_path(visit.request.query_params.get("next")))
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


def end(visit: PageVisit[S], let_in: Callable[[Json, str], Response]) -> Response:
    """
    Take the browser back from the identity provider.

    `let_in` is given what the provider says of the person, and the page that they came for; it
    raises NotUnderstood.
    """
    desk, query = visit.desk, visit.request.query_params
    attempt = desk.sessions.attempt_read(visit.request.cookies.get(desk.attempt_cookie))
    try:
        begun = _begun(attempt, query.get("state", ""), query.get("code", ""))
        answer = let_in(desk.provider.claims(query["code"], begun), begun.then)
    except (SignInRefused, NotUnderstood) as error:
        _LOG.warning("console.sign_in_refused", fault=str(error))
        visit.problem = "sign-in-refused"
        answer = visit.page("sign_in_refused.html", 403, place=f"{desk.site.home}/")
    # A code is changed once; what began this sign-in begins no other.
    answer.delete_cookie(desk.attempt_cookie, secure=desk.over_tls, httponly=True, samesite="lax")
    return answer


def sign_out(visit: PageVisit[S]) -> Response:
    """Forget who has signed in."""
    if visit.session is None:
        raise NotSignedIn
    visit.desk.sessions.end(visit.session)
    visit.session = None
    return visit.to(f"{visit.desk.site.home}/signed-out")


def signed_out(visit: PageVisit[S]) -> Response:
    """Tell that nobody is signed in here any more."""
    return visit.page("signed_out.html")


def change_language(visit: PageVisit[S]) -> Response:
    """Keep the language that was clicked, and go back."""
    wanted, site = visit.request.path_params["language"], visit.desk.site
    answer = visit.to(site.own_path(visit.request.query_params.get("back")))
    if wanted in language.LANGUAGES:
        secure = visit.desk.over_tls
        answer.set_cookie(
            language.COOKIE, wanted, max_age=_YEAR_S, path=site.home, secure=secure, samesite="lax"
        )
    return answer


def _begun(attempt: Attempt | None, state: str, code: str) -> Attempt:
    if attempt is None or not compare_digest(attempt.state.encode(), state.encode()):
        raise SignInRefused("the state is not that of this browser's sign-in")
    if not code:
        raise SignInRefused("the provider signed nobody in")
    return attempt
