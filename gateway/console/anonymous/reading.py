"""The case of a code: what its submitter was told, and what they add (DOMAIN A9, A10, D1)."""

from starlette.responses import Response

from gateway.console import downloads
from gateway.console.anonymous.failed import failed
from gateway.console.anonymous.visit import CASE, CODE, AnonymousVisit
from gateway.console.tried import Tried, form_key
from gateway.domain.case import Supplement
from gateway.domain.errors import Refusal, Unavailable
from gateway.domain.lifecycle import CitizenStep, case_after
from gateway.flow.numbers import new_message_id
from gateway.flow.ports import CitizenCase

_OPEN, _SUPPLEMENT = "anonymous_code", "anonymous_supplement"


def ask(visit: AnonymousVisit) -> Response:
    """Show where a code is typed."""
    return _asked(visit, None)


def enter(visit: AnonymousVisit) -> Response:
    """Open the case of a code, for this browser, until it is shut or the time is over."""
    desk, code = visit.desk, visit.form.text("code")
    codes = desk.anonymous.codes
    try:
        # Whoever makes codes up is told so at no cost, and stands in nobody's way.
        if codes and codes.submitter_of(code):
            desk.bound.let_in()
        desk.anonymous.messages(code, desk.caller, None, 1)
    except (Refusal, Unavailable) as error:
        return _asked(visit, failed(visit, _OPEN, error))
    visit.session = desk.sessions.begun(code)
    return visit.to(CASE)


def show(visit: AnonymousVisit) -> Response:
    """Show the case."""
    return _shown(visit, visit.desk.anonymous.case(visit.code, visit.desk.caller), None)


def supplement(visit: AnonymousVisit) -> Response:
    """Add a text; these open pages take no files."""
    desk, form, code = visit.desk, visit.form, visit.code
    try:
        form.check_lengths()
        desk.bound.let_in()
        added = Supplement(form.text("text"))
        desk.anonymous.supplement(code, form_key(visit), added, desk.caller)
    except (Refusal, Unavailable) as error:
        case = desk.anonymous.case(code, desk.caller)
        if CitizenStep.SUPPLEMENT not in _steps(visit, case):
            raise
        return _shown(visit, case, failed(visit, _SUPPLEMENT, error))
    return visit.to(f"{CASE}?done=supplement")


def withdraw(visit: AnonymousVisit) -> Response:
    """Take the case back."""
    desk, code = visit.desk, visit.code
    desk.bound.let_in()
    desk.anonymous.withdraw(code, form_key(visit), desk.caller)
    return visit.to(f"{CASE}?done=withdraw")


def fetch(visit: AnonymousVisit) -> Response:
    """Give a file that came with a message; browsers save it and never show it."""
    desk, message = visit.desk, visit.request.path_params["message"]
    number = downloads.file_number(visit.request)
    return downloads.sent(desk.anonymous.attachment(visit.code, desk.caller, message, number))


def _asked(visit: AnonymousVisit, tried: Tried | None) -> Response:
    return visit.page(
        "anonymous/code.html",
        tried.status if tried else 200,
        action=CODE,
        name=_OPEN,
        tried=tried,
    )


def _steps(visit: AnonymousVisit, case: CitizenCase) -> list[CitizenStep]:
    """Tell what can be done to a case; what came through another e-service, is changed there."""
    if not case.record.is_sent_by(visit.desk.caller.hsa_id):
        return []
    return [step for step in CitizenStep if case_after(case.record.state, step)]


def _shown(visit: AnonymousVisit, case: CitizenCase, tried: Tried | None) -> Response:
    done = visit.request.query_params.get("done")
    return visit.page(
        "anonymous/case.html",
        tried.status if tried else 200,
        record=case.record,
        messages=case.messages,
        is_ours=case.record.is_sent_by(visit.desk.caller.hsa_id),
        steps=_steps(visit, case),
        name=_SUPPLEMENT,
        tried=tried,
        filled=visit.form,
        done=done if done in ("supplement", "withdraw") else None,
        key=form_key(visit) if tried else new_message_id(),
        other_key=new_message_id(),
        address=CASE,
    )
