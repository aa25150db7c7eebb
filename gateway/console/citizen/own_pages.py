"""What a citizen has sent: the list, each case, and what can be added or taken back (A7, A10)."""

from uuid import UUID

from starlette.responses import Response

from gateway.console import downloads
from gateway.console.citizen.visit import CASES, CHOOSE, CitizenVisit
from gateway.console.tried import Tried, form_key, tried
from gateway.domain.case import Supplement
from gateway.domain.errors import Refusal
from gateway.flow.numbers import new_message_id
from gateway.flow.own_cases import OwnCase

PAGE = 20
_FORM = "supplement"


def listed(visit: CitizenVisit) -> Response:
    """Show a page of the citizen's cases, the newest first."""
    desk, before = visit.desk, _id_of(visit.request.query_params.get("before", ""))
    found = desk.own_cases.listed(visit.citizen.person_id, desk.caller, before, PAGE + 1)
    more = f"{CASES}?before={found[PAGE - 1].id}" if len(found) > PAGE else None
    return visit.page(
        "citizen/cases.html",
        cases=found[:PAGE],
        address=CASES,
        choose=CHOOSE,
        first_page=before is None,
        next_page=more,
    )


def sent(visit: CitizenVisit) -> Response:
    """Show the confirmation of a case, and what happens now (A7)."""
    case = _own(visit)
    return visit.page("citizen/sent.html", record=case.record, case=case.case, address=CASES)


def show(visit: CitizenVisit) -> Response:
    """Show a case with its messages."""
    done = visit.request.query_params.get("done")
    return _shown(visit, _own(visit), done=done if done in ("supplement", "withdraw") else None)


def fetch(visit: CitizenVisit) -> Response:
    """Give a file that came with a message; browsers save it and never show it."""
    path, desk = visit.request.path_params, visit.desk
    file = desk.own_cases.attachment(
        visit.citizen.person_id, desk.caller, path["message"], downloads.file_number(visit.request)
    )
    return downloads.sent(file)


def supplement(visit: CitizenVisit) -> Response:
    """Add to a case; what cannot be done leaves the text where it was written (A10)."""
    number, desk, form = _number(visit), visit.desk, visit.form
    person, key = visit.citizen.person_id, form_key(visit)
    try:
        form.check_lengths()
        added = Supplement(form.text("text"), form.files)
        desk.own_cases.supplement(person, desk.caller, number, key, added)
    except Refusal as refusal:
        case = _own(visit)
        if not case.is_supplemented_here:
            raise
        return _shown(visit, case, tried(visit, _FORM, refusal))
    return visit.to(f"{CASES}/{number}?done=supplement")


def ask_to_withdraw(visit: CitizenVisit) -> Response:
    """Ask once more before a case is taken back."""
    case, key = _own(visit), new_message_id()
    if not case.is_withdrawn_here:
        return visit.to(f"{CASES}/{case.record.number}")
    return visit.page("citizen/withdraw.html", record=case.record, address=CASES, key=key)


def withdraw(visit: CitizenVisit) -> Response:
    """Take a case back."""
    number, desk = _number(visit), visit.desk
    desk.own_cases.withdraw(visit.citizen.person_id, desk.caller, number, form_key(visit))
    return visit.to(f"{CASES}/{number}?done=withdraw")


def _number(visit: CitizenVisit) -> str:
    number: str = visit.request.path_params["number"]
    return number


def _own(visit: CitizenVisit) -> OwnCase:
    desk = visit.desk
    return desk.own_cases.read(visit.citizen.person_id, desk.caller, _number(visit))


def _shown(
    visit: CitizenVisit, case: OwnCase, failed: Tried | None = None, done: str | None = None
) -> Response:
    limits = visit.desk.limits
    return visit.page(
        "citizen/case.html",
        failed.status if failed else 200,
        own=case,
        record=case.record,
        tried=failed,
        filled=visit.form,
        done=done,
        key=form_key(visit) if failed else new_message_id(),
        address=CASES,
        most_files=limits.attachments,
        largest_file=limits.attachment_bytes,
    )


def _id_of(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
