"""The form of a new case, and sending it: what was filled in is never lost (DOMAIN A1–A7)."""

from anyio import from_thread
from starlette.responses import Response

from gateway.console.citizen.draft import Draft, draft_of
from gateway.console.citizen.visit import CASES, CHOOSE, NEW, CitizenVisit
from gateway.console.entrance import not_now
from gateway.console.page_visit import NotSignedIn
from gateway.console.tried import Tried, Wrong, form_key, not_taken, tried
from gateway.domain.case import AnswerWanted, Kind, Receiver, ReceiverType, Relation, Submitter
from gateway.domain.errors import Refusal, Unavailable
from gateway.domain.hsa import HsaId
from gateway.domain.period import SWEDEN
from gateway.flow.chooser import Choice
from gateway.flow.numbers import new_message_id

_FORM = "new"


def show(visit: CitizenVisit) -> Response:
    """Show an empty form to the receiver that the address names: a direct link works (A14)."""
    query = visit.request.query_params
    if not query.get("unit"):
        return visit.to(CHOOSE)
    if visit.session is None:
        raise NotSignedIn
    return _page(visit, query["unit"], query.get("about", ""), new_message_id())


def send(visit: CitizenVisit) -> Response:
    """Send a case; sent twice it is one case, with the same confirmation (A1)."""
    try:
        visit.form.check_lengths()
        to, about = _receivers(visit, visit.form.text("unit"), visit.form.text("about"))
        draft = draft_of(visit.form, visit.desk.clock().astimezone(SWEDEN).date())
        wrong = _where(visit, to, about) + (() if isinstance(draft, Draft) else draft)
        if wrong or not isinstance(draft, Draft):
            return _again(visit, Tried(_FORM, wrong, 422))
        case = draft.case(form_key(visit), _receiver(visit, to, about), _submitter(visit))
        kept = from_thread.run(visit.desk.intake.submit, case, visit.desk.caller)
    except Refusal as refusal:
        return _again(visit, tried(visit, _FORM, refusal))
    except Unavailable as error:
        visit.problem = not_now(error)
        return _again(visit, Tried(_FORM, (Wrong(f"problem.{visit.problem}", None),), 503))
    return visit.to(f"{CASES}/{kept.receipt.case_number}/sent")


def again(visit: CitizenVisit) -> Response:
    """Show what was filled in to who was signed out meanwhile, or has chosen too large files."""
    return _again(visit, not_taken(visit, _FORM))


def _again(visit: CitizenVisit, failed: Tried) -> Response:
    """Show the form as it was filled in; files have to be chosen once more."""
    form = visit.form
    return _page(visit, form.text("unit"), form.text("about"), form_key(visit), failed)


def _page(
    visit: CitizenVisit, unit: str, about: str, key: str, failed: Tried | None = None
) -> Response:
    to, about_unit = _receivers(visit, unit, about)
    limits = visit.desk.limits
    return visit.page(
        "citizen/new.html",
        failed.status if failed else 200,
        to=to,
        about=about_unit,
        is_committee=to.receiver is ReceiverType.COMMITTEE,
        tried=failed,
        filled=visit.form,
        key=key,
        today=visit.desk.clock().astimezone(SWEDEN).date(),
        kinds=tuple(Kind),
        answers=tuple(AnswerWanted),
        relations=tuple(Relation),
        most_files=limits.attachments,
        largest_file=limits.attachment_bytes,
        send=NEW,
        choose=CHOOSE,
        sign_in=visit.way_in_beside,
    )


def _receivers(visit: CitizenVisit, unit: str, about: str) -> tuple[Choice, Choice | None]:
    """Find whom it is written to, and perhaps about; raises Refusal for who cannot be chosen."""
    desk = visit.desk
    to = desk.chooser.one(HsaId(unit))
    desk.own_cases.require_way(desk.caller, to.hsa_id)
    is_about = about and to.receiver is ReceiverType.COMMITTEE
    return to, desk.chooser.one(HsaId(about)) if is_about else None


def _where(visit: CitizenVisit, to: Choice, about: Choice | None) -> tuple[Wrong, ...]:
    """Tell what a committee needs to know: where it happened, in words or by the unit (A3)."""
    is_told = to.receiver is ReceiverType.CARE or about or visit.form.text("place")
    return () if is_told else (Wrong("citizen_wrong.place", "place"),)


def _receiver(visit: CitizenVisit, to: Choice, about: Choice | None) -> Receiver:
    if to.receiver is ReceiverType.CARE:
        return Receiver(to.receiver, to.hsa_id)
    place = visit.form.text("place") or None
    return Receiver(to.receiver, to.hsa_id, place, about.hsa_id if about else None)


def _submitter(visit: CitizenVisit) -> Submitter:
    citizen, form = visit.citizen, visit.form
    return Submitter(
        citizen.person_id,
        citizen.name or None,
        form.text("phone") or None,
        form.text("email") or None,
    )
