"""The page of one case, its files, and its forms (DOMAIN E1, E2)."""

import re
from collections.abc import Callable, Mapping, Sequence

from starlette.responses import Response

from gateway.console.downloads import NO_SUCH_FILE, as_file, file_number, sent
from gateway.console.kept_text import is_written
from gateway.console.staff.case_file import CaseFile, case_file
from gateway.console.staff.case_form import CaseForm
from gateway.console.staff.improving import IMPROVING_FORMS, to_note
from gateway.console.staff.keeping_steps import KEEPING_FORMS
from gateway.console.staff.steps import FORMS, HANDLING_FORMS
from gateway.console.staff.visit import INBOX, Visit
from gateway.console.tried import Tried, form_key, tried
from gateway.domain.classification import CATEGORIES
from gateway.domain.errors import Refusal, Rule
from gateway.domain.fields_of_operation import FIELDS_OF_OPERATION
from gateway.domain.standard_texts import STANDARD_REPLIES
from gateway.domain.theme import MeasureLevel
from gateway.flow.access import Verb, may, require_verb
from gateway.flow.chooser import Choice
from gateway.flow.handling.act import Asked
from gateway.flow.numbers import new_message_id

# What shows that the case itself is not there, or not for this caller.
_WHOLE_PAGE = frozenset({Rule.CASE_UNKNOWN, Rule.NOT_PERMITTED, Rule.NOT_THE_HOLDER})
# What brought somebody here who has just registered the case.
REGISTERED = "register"
_MOST_FOUND = 10
# What our own forms hold, hidden.
_VERSION = re.compile(r"[0-9]{1,9}")


def show(visit: Visit) -> Response:
    """Show a case."""
    return _shown(visit, _file(visit), None)


def fetch(visit: Visit) -> Response:
    """Give a file that the citizen sent; browsers save it and never show it."""
    number, wanted = visit.request.path_params["number"], file_number(visit.request)
    content = case_file(visit.desk, number, visit.caller).content
    files = content.files if content else ()
    if wanted > len(files):
        raise Refusal(NO_SUCH_FILE)
    return sent(files[wanted - 1])


def take_along(visit: Visit) -> Response:
    """Give the case as a package for the diary and the archive (DOMAIN E3)."""
    number = visit.request.path_params["number"]
    packed = visit.desk.archiving.package(number, visit.caller)
    return Response(packed, headers=as_file(f"{number}.zip", "application/zip"))


def _handle(form: CaseForm) -> Callable[[Visit], Response]:
    """Make what takes a form: done, or shown again with what is wrong and what was filled in."""

    def handle(visit: Visit) -> Response:
        number = visit.request.path_params["number"]
        _refuse_who_may_not(visit, form.verb, number)
        try:
            visit.form.check_lengths()
            form.do(visit, _asked(visit, number))
        except Refusal as refusal:
            if refusal.faults[0].rule in _WHOLE_PAGE:
                raise
            file = _file(visit)
            if is_written(visit.form) and not form.is_open(file, visit):
                raise  # nor would the page of the case show what was written
            return _shown(visit, file, tried(visit, form.name, refusal))
        # Whoever sends a case on cannot see it any more.
        there = INBOX if form.name == "forward" else f"{INBOX}/{number}"
        return visit.to(f"{there}?done={form.name}")

    return handle


def _refuse_who_may_not(visit: Visit, verb: Verb, number: str) -> None:
    """Tell whoever may know of the case that they may not, whatever they filled in."""
    if not may(visit.caller.role, verb):
        visit.desk.handling.read(number, visit.caller)
        require_verb(visit.caller, verb)


HANDLES = {form.name: _handle(form) for form in FORMS.values()}


def _asked(visit: Visit, number: str) -> Asked:
    seen = visit.form.text("version")
    version = int(seen) if _VERSION.fullmatch(seen) else None
    return Asked(number, form_key(visit), visit.caller, version)


def _file(visit: Visit) -> CaseFile:
    return case_file(visit.desk, visit.request.path_params["number"], visit.caller)


def _shown(visit: Visit, file: CaseFile, failed: Tried | None) -> Response:
    done, found = visit.request.query_params.get("done"), visit.searched("find")
    return visit.page(
        "staff/case.html",
        failed.status if failed else 200,
        file=file,
        record=file.record,
        here=f"{INBOX}/{file.record.number}",
        version=file.version,
        measures=file.improving.measures,
        themes=file.improving.themes,
        to_note=to_note(file.improving.measures),
        levels=[*MeasureLevel],
        content=file.content,
        forms=_open(HANDLING_FORMS, file, visit),
        improving_forms=_open(IMPROVING_FORMS, file, visit),
        keeping_forms=_open(KEEPING_FORMS, file, visit),
        may_improve=may(visit.caller.role, Verb.WORK_ON_THEMES),
        may_export=may(visit.caller.role, Verb.EXPORT_CASE),
        tried=failed,
        filled=visit.form,
        done=done if done in FORMS or done == REGISTERED else None,
        key=new_message_id(),
        find=found,
        receivers=_receivers(visit, found) if found else (),
        standard_texts=STANDARD_REPLIES,
        categories=CATEGORIES,
        fields=FIELDS_OF_OPERATION,
        overdue=file.record.due_at is not None and file.record.due_at <= visit.desk.clock(),
    )


def _open(forms: Mapping[str, CaseForm], file: CaseFile, visit: Visit) -> list[str]:
    return [form.name for form in forms.values() if form.is_open(file, visit)]


def _receivers(visit: Visit, text: str) -> Sequence[Choice]:
    """Find whom a case can be sent on to: units by their words, and the committees of those."""
    offer = visit.desk.chooser.search(text, None, None, _MOST_FOUND)
    return (*offer.units[:_MOST_FOUND], *offer.committees)
