"""The form of a case that names nobody, and the receipt with its code, shown once (A9)."""

from uuid import uuid4

from anyio import from_thread
from starlette.responses import Response

from gateway.console.anonymous.choosing import taken_kinds
from gateway.console.anonymous.failed import failed
from gateway.console.anonymous.visit import CHOOSE, CODE, NEW, AnonymousVisit
from gateway.console.citizen.draft import Draft, draft_of
from gateway.console.site import CITIZENS
from gateway.console.tried import Tried, Wrong, form_key
from gateway.domain.anonymous import ANSWERS, NOBODY
from gateway.domain.case import AnswerWanted, Receiver, ReceiverType
from gateway.domain.errors import Fault, Refusal, Rule, Unavailable
from gateway.domain.hsa import HsaId
from gateway.domain.period import SWEDEN
from gateway.flow.chooser import Choice

_FORM = "anonymous_form"


def show(visit: AnonymousVisit) -> Response:
    """Show the form for a receiver, or that its region takes no such cases."""
    return _shown(visit, _choice(visit, visit.request.query_params.get("unit", "")), None)


def send(visit: AnonymousVisit) -> Response:
    """
    Take the form, and answer with the receipt and its code; or show it again as it was filled in.

    The answer is the page itself: who loads it again sends the same form, and gets the same code.
    """
    choice, desk = _choice(visit, visit.form.text("unit")), visit.desk
    try:
        visit.form.check_lengths()
        draft = draft_of(visit.form, desk.clock().astimezone(SWEDEN).date())
        wrong = _where(visit, choice) + (() if isinstance(draft, Draft) else draft)
        if wrong or not isinstance(draft, Draft):
            return _shown(visit, choice, Tried(_FORM, wrong, 422))
        desk.bound.let_in()
        case = draft.case(form_key(visit), _receiver(visit, choice), NOBODY)
        kept, code = from_thread.run(desk.anonymous.submit, case, desk.caller)
    except (Refusal, Unavailable) as error:
        return _shown(visit, choice, failed(visit, _FORM, error))
    number = kept.receipt.case_number
    return visit.page("anonymous/receipt.html", number=number, code=code, read=CODE, choice=choice)


def again(visit: AnonymousVisit) -> Response:
    """Show the form as it was filled in to whose page had been open for too long."""
    visit.problem = "session-ended"
    return _shown(visit, _choice(visit, visit.form.text("unit")), Tried(_FORM, (), 403))


def _choice(visit: AnonymousVisit, address: str) -> Choice:
    return visit.desk.chooser.one(HsaId(address))


def _where(visit: AnonymousVisit, to: Choice) -> tuple[Wrong, ...]:
    """Tell what a committee needs to know: where it happened (A3)."""
    is_told = to.receiver is ReceiverType.CARE or visit.form.text("place")
    return () if is_told else (Wrong("citizen_wrong.place", "place"),)


def _receiver(visit: AnonymousVisit, to: Choice) -> Receiver:
    is_committee = to.receiver is ReceiverType.COMMITTEE
    return Receiver(to.receiver, to.hsa_id, visit.form.text("place") if is_committee else None)


def _shown(visit: AnonymousVisit, choice: Choice, tried: Tried | None) -> Response:
    kinds = taken_kinds(visit, choice)
    if not kinds and tried:
        words = "its region takes no cases any more of people whom nobody knows"
        raise Refusal(Fault(Rule.ANONYMOUS_NOT_TAKEN, "unit", words))
    if not kinds:
        visit.problem = Rule.ANONYMOUS_NOT_TAKEN.value.problem
        return visit.page(
            "anonymous/not_taken.html",
            choice=choice,
            choose=CHOOSE,
            citizens=CITIZENS.home,
        )
    return visit.page(
        "anonymous/form.html",
        tried.status if tried else 200,
        action=NEW,
        choose=CHOOSE,
        name=_FORM,
        choice=choice,
        is_committee=choice.receiver is ReceiverType.COMMITTEE,
        kinds=kinds,
        answers=[answer for answer in AnswerWanted if answer in ANSWERS],
        tried=tried,
        again=tried is not None and not tried.wrong,
        filled=visit.form,
        # Random to the last letter: the code is made of it.
        key=form_key(visit) if tried else str(uuid4()),
    )
